"""Addresses of the matrix, below /w/<slug>/c/<code>/raci/."""

from django.urls import include, path

from raci.views import columns, imports, matrix, rows

app_name = "raci"

of_campaign = [
    path("", matrix.matrix, name="matrix"),
    path("adding/", matrix.adding, name="adding"),
    path("feed/", matrix.feed, name="feed"),
    path("findings/", matrix.findings, name="findings"),
    path("letters/", matrix.save, name="save"),
    path("export/", matrix.export, name="export"),
    path("rows/", rows.rows, name="rows"),
    path("rows/new/", rows.add, name="row-add"),
    path("rows/from-plan/", rows.from_plan, name="rows-from-plan"),
    path("rows/order/", rows.order, name="rows-order"),
    path("rows/<uuid:pk>/", rows.row, name="row"),
    path("rows/<uuid:pk>/change/", rows.change, name="row-change"),
    path("rows/<uuid:pk>/letters/", rows.letters, name="row-letters"),
    path("rows/<uuid:pk>/remove/", rows.remove, name="row-remove"),
    path("columns/new/", columns.add, name="holder-add"),
    path("columns/team/", columns.add_team, name="holders-add"),
    path("columns/order/", columns.order, name="holders-order"),
    path("columns/<uuid:pk>/remove/", columns.remove, name="holder-remove"),
    path("import/", imports.load, name="import"),
    path("undo/<uuid:pk>/", matrix.undo, name="undo"),
]
urlpatterns = [path("c/<slug:code>/raci/", include(of_campaign))]
