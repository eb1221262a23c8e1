"""Addresses of assets, below /w/<slug>/."""

from django.urls import include, path

from assets.views import drop, guests, links, lists, one, proof, queue, reviews, rights, routes, standards, versions

app_name = "assets"

pipeline = [
    path("", lists.listing, name="list"),
    path("board/", lists.board, name="board"),
    path("schedule/", lists.schedule, name="schedule"),
    path("bulk/", lists.bulk, name="bulk"),
    path("new/", one.create, name="create"),
    path("upload/", drop.upload, name="upload"),
    path("upload/place/", drop.place, name="upload-place"),
    path("upload/<uuid:pk>/forget/", drop.forget, name="upload-forget"),
    path("<uuid:pk>/", one.detail, name="detail"),
    path("<uuid:pk>/edit/", one.edit, name="edit"),
    path("<uuid:pk>/move/", one.move, name="move"),
    path("<uuid:pk>/archive/", one.archive, name="archive"),
    path("<uuid:pk>/restore/", one.restore, name="restore"),
    path("<uuid:pk>/versions/", versions.add, name="version-add"),
    path("<uuid:pk>/submit/", reviews.submit, name="submit"),
    path("reviews/<uuid:pk>/withdraw/", reviews.withdraw, name="review-withdraw"),
    path("reviews/<uuid:pk>/nudge/", reviews.nudge, name="review-nudge"),
    path("<uuid:pk>/rights/", rights.add, name="right-add"),
    path("versions/<uuid:pk>/file/", versions.file, name="version-file"),
    path("versions/<uuid:pk>/video/", versions.video, name="version-video"),
    path("pictures/<uuid:pk>/", versions.picture, name="picture"),
    path("<uuid:pk>/proof/", proof.proof, name="proof"),
    path("<uuid:pk>/compare/", proof.compare, name="compare"),
    path("<uuid:pk>/guests/", links.listing, name="guests"),
    path("versions/<uuid:pk>/pins/", proof.add, name="pin-add"),
    path("pins/<uuid:pk>/", proof.edit, name="pin"),
    path("pins/<uuid:pk>/resolve/", proof.act("resolve"), name="pin-resolve"),
    path("pins/<uuid:pk>/reopen/", proof.act("reopen"), name="pin-reopen"),
    path("pins/<uuid:pk>/remove/", proof.act("remove"), name="pin-remove"),
    path("pins/<uuid:pk>/answer/", proof.act("answer"), name="pin-answer"),
    path("guests/<uuid:pk>/revoke/", links.revoke, name="guest-revoke"),
    path("rights/<uuid:pk>/", rights.edit, name="right"),
    path("rights/<uuid:pk>/remove/", rights.remove, name="right-remove"),
    path("rights/<uuid:pk>/file/", rights.file, name="right-file"),
]

urlpatterns = [
    path("c/<slug:code>/assets/", include(pipeline)),
    path("c/<slug:code>/review-routes/", routes.listing, name="campaign-routes"),
    path("c/<slug:code>/review-routes/new/", routes.create, name="campaign-route-create"),
    path("c/<slug:code>/review-routes/<uuid:pk>/copy/", routes.copy, name="route-copy"),
    path("review-routes/", routes.listing, name="routes"),
    path("review-routes/new/", routes.create, name="route-create"),
    path("review-routes/<uuid:pk>/", routes.edit, name="route"),
    path("review-routes/<uuid:pk>/archive/", routes.archive, name="route-archive"),
    path("review-routes/<uuid:pk>/restore/", routes.restore, name="route-restore"),
    path("reviews/", queue.listing, name="reviews"),
    path("reviews/<uuid:pk>/", queue.decide, name="decide"),
    path("reviews/<uuid:pk>/delegate/", reviews.delegate, name="step-delegate"),
    path("reviews/<uuid:pk>/add/", reviews.add, name="step-add"),
    path("standards/", standards.listing, name="standards"),
    path("standards/new/<slug:kind>/", standards.create, name="standard-create"),
    path("standards/<uuid:pk>/", standards.edit, name="standard"),
    path("standards/<uuid:pk>/archive/", standards.archive, name="standard-archive"),
    path("standards/<uuid:pk>/restore/", standards.restore, name="standard-restore"),
]

guest_patterns = [
    path("<str:token>/", guests.look, name="look"),
    path("<str:token>/enter/", guests.enter, name="enter"),
    path("<str:token>/remarks/<uuid:pk>/", guests.remark, name="remark"),
    path("<str:token>/opinion/<uuid:pk>/", guests.opinion, name="opinion"),
    path("<str:token>/answers/<uuid:pk>/", guests.answer, name="answer"),
    path("<str:token>/pictures/<uuid:pk>/", guests.picture, name="picture"),
    path("<str:token>/video/<uuid:pk>/", guests.video, name="video"),
    path("<str:token>/file/<uuid:pk>/", guests.file, name="file"),
]  # below /g/
