"""Addresses of the work, below /w/<slug>/."""

from django.urls import include, path

from tasks.views import (
    acts,
    baselines,
    board,
    calendar,
    gantt,
    links,
    lists,
    moves,
    one,
    partner,
    parts,
    problems,
    recurrences,
    settings,
    workload,
)

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
    path("board/", board.board, name="board"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("workload/", workload.overview, name="workload"),
    path("settings/", settings.settings, name="settings"),
    path("tags/new/", settings.tag_add, name="tag-add"),
    path("tags/<uuid:pk>/", settings.tag, name="tag"),
    path("tags/<uuid:pk>/remove/", settings.tag_remove, name="tag-remove"),
    path("new/", one.create, name="create"),
    path("quick/", acts.quick, name="quick"),
    path("bulk/", acts.bulk, name="bulk"),
    path("undo/", moves.undo_last, name="undo-last"),
    path("undo/<uuid:pk>/", acts.undo, name="undo"),
    path("redo/", moves.redo, name="redo"),
    path("days/", moves.reschedule, name="reschedule"),
    path("order/", moves.order, name="order"),
    path("links/<uuid:pk>/", links.link, name="link"),
    path("links/<uuid:pk>/remove/", links.link_remove, name="link-remove"),
    path("<uuid:pk>/links/", links.link_add, name="link-add"),
    path("<uuid:pk>/", one.detail, name="detail"),
    path("<uuid:pk>/edit/", one.edit, name="edit"),
    path("<uuid:pk>/cell/", acts.cell, name="cell"),
    path("<uuid:pk>/move/", acts.move, name="move"),
    path("<uuid:pk>/step/", acts.step, name="step"),
    path("<uuid:pk>/duplicate/", acts.duplicate, name="duplicate"),
    path("<uuid:pk>/archive/", acts.archive, name="archive"),
    path("<uuid:pk>/restore/", acts.restore, name="restore"),
]
recurring = [
    path("", recurrences.recurrences, name="recurrences"),
    path("new/", recurrences.create, name="recurrence-create"),
    path("<uuid:pk>/", recurrences.edit, name="recurrence"),
    path("<uuid:pk>/archive/", recurrences.archive, name="recurrence-archive"),
    path("<uuid:pk>/restore/", recurrences.restore, name="recurrence-restore"),
]
baseline = [
    path("", baselines.baselines, name="baselines"),
    path("take/", baselines.take, name="baseline-take"),
    path("<uuid:pk>/", baselines.baseline, name="baseline"),
    path("<uuid:pk>/rename/", baselines.rename, name="baseline-rename"),
    path("<uuid:pk>/delete/", baselines.delete, name="baseline-delete"),
]
chart = [
    path("gantt/", gantt.gantt, name="gantt"),
    path("table/", gantt.table, name="table"),
    path("gantt/export.xlsx", gantt.gantt_xlsx, name="gantt-xlsx"),
    path("gantt/export.pdf", gantt.gantt_pdf, name="gantt-pdf"),
]

partner_patterns = [
    path("", partner.listing, name="partner-tasks"),
    path("<uuid:pk>/", partner.detail, name="partner-task"),
    path("<uuid:pk>/move/", partner.move, name="partner-move"),
    path("<uuid:pk>/progress/", partner.progress, name="partner-progress"),
    path("<uuid:pk>/files/", partner.file_add, name="partner-file-add"),
    path("<uuid:pk>/problem/", partner.problem, name="partner-problem"),
    path("items/<uuid:pk>/tick/", partner.tick, name="partner-tick"),
    path("files/<uuid:pk>/", partner.file, name="partner-file"),
    path("problems/<uuid:pk>/solve/", partner.solve, name="partner-solve"),
]

urlpatterns = [
    path("partner/tasks/", include(partner_patterns)),
    path("c/<slug:code>/tasks/recurring/", include(recurring)),
    path("c/<slug:code>/tasks/", include(work)),
    path("c/<slug:code>/tasks/", include(part)),
    path("c/<slug:code>/tasks/", include(chart)),
    path("c/<slug:code>/problems/", include(problem)),
    path("c/<slug:code>/baselines/", include(baseline)),
]
