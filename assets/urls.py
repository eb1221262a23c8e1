"""Addresses of assets, below /w/<slug>/."""

from django.urls import include, path

from assets.views import drop, lists, one, rights, standards, versions

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
    path("<uuid:pk>/rights/", rights.add, name="right-add"),
    path("versions/<uuid:pk>/file/", versions.file, name="version-file"),
    path("versions/<uuid:pk>/video/", versions.video, name="version-video"),
    path("pictures/<uuid:pk>/", versions.picture, name="picture"),
    path("rights/<uuid:pk>/", rights.edit, name="right"),
    path("rights/<uuid:pk>/remove/", rights.remove, name="right-remove"),
    path("rights/<uuid:pk>/file/", rights.file, name="right-file"),
]

urlpatterns = [
    path("c/<slug:code>/assets/", include(pipeline)),
    path("standards/", standards.listing, name="standards"),
    path("standards/new/<slug:kind>/", standards.create, name="standard-create"),
    path("standards/<uuid:pk>/", standards.edit, name="standard"),
    path("standards/<uuid:pk>/archive/", standards.archive, name="standard-archive"),
    path("standards/<uuid:pk>/restore/", standards.restore, name="standard-restore"),
]
