"""Addresses of campaigns, below /w/<slug>/."""

from django.urls import path

from campaigns.views import (
    access,
    briefs,
    campaigns,
    comments,
    goals,
    kpis,
    notes,
    phases,
    programmes,
    rates,
    readiness,
    team,
    vocabulary,
)

app_name = "campaigns"

lists = [
    path("campaigns/", campaigns.campaigns, name="list"),
    path("campaigns/new/", campaigns.create, name="create"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/new/", programmes.create, name="programme-create"),
    path("programmes/<uuid:pk>/", programmes.programme, name="programme"),
    path("programmes/<uuid:pk>/edit/", programmes.edit, name="programme-edit"),
    path("programmes/<uuid:pk>/archive/", programmes.archive, name="programme-archive"),
    path("programmes/<uuid:pk>/restore/", programmes.restore, name="programme-restore"),
]
campaign = [
    path("c/<slug:code>/settings/", campaigns.settings, name="settings"),
    path("c/<slug:code>/settings/step/", campaigns.transition, name="transition"),
    path("c/<slug:code>/settings/archive/", campaigns.archive, name="archive"),
    path("c/<slug:code>/settings/restore/", campaigns.restore, name="restore"),
    path("c/<slug:code>/phases/", phases.phases, name="phases"),
    path("c/<slug:code>/phases/<uuid:pk>/", phases.phase, name="phase"),
    path("c/<slug:code>/phases/<uuid:pk>/delete/", phases.delete, name="phase-delete"),
]
people = [
    path("c/<slug:code>/team/", team.team, name="team"),
    path("c/<slug:code>/team/people/", team.member_add, name="member-add"),
    path("c/<slug:code>/team/people/<uuid:pk>/remove/", team.member_remove, name="member-remove"),
    path("c/<slug:code>/team/functions/", team.function_add, name="function-add"),
    path("c/<slug:code>/team/functions/<slug:function>/", team.function, name="function"),
    path("c/<slug:code>/team/functions/<slug:function>/remove/", team.function_remove, name="function-remove"),
    path("c/<slug:code>/team/delegates/", team.delegation_add, name="delegation-add"),
    path("c/<slug:code>/team/delegates/<uuid:pk>/", team.delegation, name="delegation"),
    path("c/<slug:code>/team/delegates/<uuid:pk>/remove/", team.delegation_remove, name="delegation-remove"),
    path("c/<slug:code>/team/contacts/", team.contact_add, name="contact-add"),
    path("c/<slug:code>/team/contacts/<uuid:pk>/", team.contact, name="contact"),
    path("c/<slug:code>/team/contacts/<uuid:pk>/remove/", team.contact_remove, name="contact-remove"),
]
brief = [
    path("c/<slug:code>/brief/", briefs.brief, name="brief"),
    path("c/<slug:code>/brief/edit/", briefs.edit, name="brief-edit"),
    path("c/<slug:code>/brief/split/", briefs.split, name="brief-split"),
    path("c/<slug:code>/brief/versions/", briefs.versions, name="brief-versions"),
    path("c/<slug:code>/brief/versions/<int:number>/", briefs.version, name="brief-version"),
    path("c/<slug:code>/brief/compare/", briefs.compare, name="brief-compare"),
    path("c/<slug:code>/brief/share/", briefs.share, name="brief-share"),
    path("c/<slug:code>/brief/share/<uuid:pk>/end/", briefs.unshare, name="brief-unshare"),
]
goal = [
    path("c/<slug:code>/goals/", goals.goals, name="goals"),
    path("c/<slug:code>/goals/new/", goals.goal_create, name="goal-create"),
    path("c/<slug:code>/goals/<uuid:pk>/", goals.goal_edit, name="goal-edit"),
    path("c/<slug:code>/goals/<uuid:pk>/kpis/", goals.goal_kpis, name="goal-kpis"),
    path("c/<slug:code>/goals/<uuid:pk>/move/", goals.goal_move, name="goal-move"),
    path("c/<slug:code>/goals/<uuid:pk>/archive/", goals.goal_archive, name="goal-archive"),
    path("c/<slug:code>/goals/<uuid:pk>/restore/", goals.goal_restore, name="goal-restore"),
    path("c/<slug:code>/kpis/new/", goals.kpi_create, name="kpi-create"),
    path("c/<slug:code>/kpis/<uuid:pk>/", kpis.kpi, name="kpi"),
    path("c/<slug:code>/kpis/<uuid:pk>/edit/", goals.kpi_edit, name="kpi-edit"),
    path("c/<slug:code>/kpis/<uuid:pk>/targets/", kpis.set_targets, name="kpi-targets"),
    path("c/<slug:code>/kpis/<uuid:pk>/archive/", goals.kpi_archive, name="kpi-archive"),
    path("c/<slug:code>/kpis/<uuid:pk>/restore/", goals.kpi_restore, name="kpi-restore"),
]
note = [
    path("c/<slug:code>/notes/", notes.notes, name="notes"),
    path("c/<slug:code>/notes/form/", notes.note_form, name="note-form"),
    path("c/<slug:code>/notes/<uuid:pk>/", notes.note, name="note"),
    path("c/<slug:code>/notes/<uuid:pk>/delete/", notes.delete, name="note-delete"),
    path("c/<slug:code>/people.json", comments.people_json, name="people-json"),
    path("c/<slug:code>/comments/<uuid:pk>/", comments.comment, name="comment"),
    path("c/<slug:code>/comments/<uuid:pk>/delete/", comments.delete, name="comment-delete"),
    path("c/<slug:code>/comments/<str:kind>/<uuid:pk>/", comments.comments, name="comments"),
]
ready = [
    path("c/<slug:code>/readiness/launch/", readiness.launch, name="launch"),
    path("c/<slug:code>/readiness/keep/", readiness.keep, name="readiness-keep"),
    path("c/<slug:code>/readiness/lines/new/", readiness.add, name="readiness-add"),
    path("c/<slug:code>/readiness/lines/<uuid:pk>/", readiness.line, name="readiness-line"),
    path("c/<slug:code>/readiness/lines/<uuid:pk>/edit/", readiness.edit, name="readiness-edit"),
    path("c/<slug:code>/readiness/lines/<uuid:pk>/withdraw/", readiness.withdraw, name="readiness-withdraw"),
    path("c/<slug:code>/readiness/lines/<uuid:pk>/archive/", readiness.archive, name="readiness-archive"),
    path("c/<slug:code>/readiness/lines/<uuid:pk>/restore/", readiness.restore, name="readiness-restore"),
    path("c/<slug:code>/readiness/lines/<uuid:pk>/evidence/", readiness.evidence, name="readiness-file"),
    path("c/<slug:code>/access/", access.access, name="access"),
    path("c/<slug:code>/access/export/", access.export, name="access-export"),
    path("c/<slug:code>/access/new/", access.add, name="access-add"),
    path("c/<slug:code>/access/<uuid:pk>/", access.item, name="access-item"),
    path("c/<slug:code>/access/<uuid:pk>/edit/", access.edit, name="access-edit"),
    path("c/<slug:code>/access/<uuid:pk>/mark/", access.mark, name="access-mark"),
    path("c/<slug:code>/access/<uuid:pk>/archive/", access.archive, name="access-archive"),
    path("c/<slug:code>/access/<uuid:pk>/restore/", access.restore, name="access-restore"),
    path("c/<slug:code>/access/proofs/<uuid:pk>/withdraw/", access.withdraw, name="access-proof-withdraw"),
    path("c/<slug:code>/access/proofs/<uuid:pk>/evidence/", access.evidence, name="access-proof-file"),
]
settings = [
    path("settings/vocabulary/", vocabulary.vocabulary, name="vocabulary"),
    path("settings/vocabulary/formula/", vocabulary.formula, name="formula"),
    path("settings/vocabulary/<slug:kind>/", vocabulary.vocabulary, name="vocabulary"),
    path("settings/vocabulary/<slug:kind>/new/", vocabulary.create, name="word-create"),
    path("settings/vocabulary/<slug:kind>/<uuid:pk>/", vocabulary.edit, name="word-edit"),
    path("settings/vocabulary/<slug:kind>/<uuid:pk>/archive/", vocabulary.archive, name="word-archive"),
    path("settings/vocabulary/<slug:kind>/<uuid:pk>/restore/", vocabulary.restore, name="word-restore"),
    path("settings/exchange-rates/", rates.rates, name="exchange-rates"),
    path("settings/exchange-rates/paste/", rates.paste, name="exchange-rates-paste"),
    path("settings/exchange-rates/<uuid:pk>/delete/", rates.delete, name="exchange-rate-delete"),
]
urlpatterns = [*lists, *campaign, *people, *brief, *goal, *note, *ready, *settings]
