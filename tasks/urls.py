"""Addresses of the work, below /w/<slug>/."""

from django.urls import include, path

from tasks.views import gantt, lists, one, parts, problems

app_name = "tasks"

part = [
    path("<uuid:pk>/checklist/", parts.item_add, name="item-add"),
    path("checklist/<uuid:pk>/", parts.item, name="item"),
    path("checklist/<uuid:pk>/remove/", parts.item_remove, name="item-remove"),
    path("<uuid:pk>/deliverables/", parts.deliverable_add, name="deliverable-add"),
    path("deliverables/<uuid:pk>/", parts.deliverable, name="deliverable"),
    path("deliverables/<uuid:pk>/deliver/", parts.deliver, name="deliverable-deliver"),
    path("deliverables/<uuid:pk>/take-back/", parts.take_back, name="deliverable-take-back"),
    path("deliverables/<uuid:pk>/remove/", parts.deliverable_remove, name="deliverable-remove"),
    path("deliverables/<uuid:pk>/file/", parts.deliverable_file, name="deliverable-file"),
    path("<uuid:pk>/files/", parts.file_add, name="file-add"),
    path("files/<uuid:pk>/", parts.file, name="file"),
    path("files/<uuid:pk>/remove/", parts.file_remove, name="file-remove"),
]
problem = [
    path("", problems.problems, name="problems"),
    path("on/<str:kind>/<uuid:pk>/", problems.raise_on, name="problem-raise"),
    path("<uuid:pk>/", problems.problem, name="problem"),
    path("<uuid:pk>/solve/", problems.solve, name="problem-solve"),
    path("<uuid:pk>/reopen/", problems.reopen, name="problem-reopen"),
]

work = [
    path("", lists.listing, name="list"),
    path("<uuid:pk>/", one.detail, name="detail"),
]
chart = [
    path("gantt/", gantt.gantt, name="gantt"),
    path("table/", gantt.table, name="table"),
    path("gantt/export.xlsx", gantt.gantt_xlsx, name="gantt-xlsx"),
    path("gantt/export.pdf", gantt.gantt_pdf, name="gantt-pdf"),
]

urlpatterns = [
    path("c/<slug:code>/tasks/", include(work)),
    path("c/<slug:code>/tasks/", include(part)),
    path("c/<slug:code>/tasks/", include(chart)),
    path("c/<slug:code>/problems/", include(problem)),
]
