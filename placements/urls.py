"""Addresses of placements, below /w/<slug>/."""

from django.urls import include, path

from placements.views import accounts, grid, lists, material, one, slots

app_name = "placements"

schedule = [
    path("", lists.listing, name="list"),
    path("board/", lists.board, name="board"),
    path("timeline/", lists.timeline, name="timeline"),
    path("grid/", grid.grid, name="grid"),
    path("grid/save/", grid.grid_save, name="grid-save"),
    path("grid/findings/", grid.grid_findings, name="grid-findings"),
    path("grid/export/", grid.grid_export, name="grid-export"),
    path("bulk/", lists.bulk, name="bulk"),
    path("order/", lists.reorder, name="reorder"),
    path("new/", one.create, name="create"),
    path("<uuid:pk>/", one.detail, name="detail"),
    path("<uuid:pk>/edit/", one.edit, name="edit"),
    path("<uuid:pk>/move/", one.move, name="move"),
    path("<uuid:pk>/archive/", one.archive, name="archive"),
    path("<uuid:pk>/restore/", one.restore, name="restore"),
    path("<uuid:pk>/dossier/", one.dossier, name="dossier"),
    path("<uuid:pk>/duplicate/", one.duplicate, name="duplicate"),
    path("<uuid:pk>/spread/", one.spread, name="spread"),
    path("<uuid:pk>/slots/", slots.add, name="slot-add"),
    path("slots/<uuid:pk>/", slots.change, name="slot"),
    path("slots/<uuid:pk>/remove/", slots.remove, name="slot-remove"),
    path("slots/<uuid:pk>/release/", slots.release, name="slot-release"),
    path("slots/<uuid:pk>/take-out/", slots.take_out, name="slot-take-out"),
    path("slots/of/<uuid:pk>/", slots.of_asset, name="asset-slots"),
]

urlpatterns = [
    path("material/", material.material, name="material"),
    path("material/replace/", material.replace, name="material-replace"),
    path("c/<slug:code>/placements/", include(schedule)),
    path("data/ad-accounts/", accounts.accounts, name="accounts"),
    path("data/ad-accounts/new/", accounts.account_create, name="account-create"),
    path("data/ad-accounts/<uuid:pk>/", accounts.account_edit, name="account-edit"),
    path("data/ad-accounts/<uuid:pk>/archive/", accounts.account_archive, name="account-archive"),
    path("data/ad-accounts/<uuid:pk>/restore/", accounts.account_restore, name="account-restore"),
]
