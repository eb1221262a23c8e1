"""Addresses of risks, below /w/<slug>/."""

from django.urls import include, path

from risks.views import acts, imports, incidents, playbooks, register, script

app_name = "risks"

risks = [
    path("", register.listing, name="list"),
    path("new/", register.create, name="create"),
    path("import/", imports.load, name="import"),
    path("<uuid:pk>/", register.detail, name="detail"),
    path("<uuid:pk>/edit/", register.edit, name="edit"),
    path("<uuid:pk>/move/", register.move, name="move"),
    path("<uuid:pk>/reviewed/", register.reviewed, name="reviewed"),
    path("<uuid:pk>/archive/", register.archive, name="archive"),
    path("<uuid:pk>/restore/", register.restore, name="restore"),
]
of_incident = [
    path("", incidents.incident, name="incident"),
    path("note/", acts.note, name="note"),
    path("level/", acts.level, name="level"),
    path("pause/", acts.pause, name="pause"),
    path("resume/", acts.resume, name="resume"),
    path("move/", acts.move, name="incident-move"),
    path("post-mortem/", acts.post_mortem, name="post-mortem"),
]
of_campaign = [
    path("", incidents.campaign_incidents, name="campaign-incidents"),
    path("start/", incidents.start, name="start"),
    path("banner/", incidents.banner, name="banner"),
    path("<uuid:pk>/", include(of_incident)),
    path("steps/<uuid:pk>/done/", acts.step_done, name="step-done"),
    path("steps/<uuid:pk>/reopen/", acts.step_reopen, name="step-reopen"),
    path("steps/<uuid:pk>/skip/", acts.step_skip, name="step-skip"),
    path("steps/<uuid:pk>/hand-over/", acts.step_hand_over, name="step-hand-over"),
]
library = [
    path("", playbooks.library, name="playbooks"),
    path("new/", playbooks.create, name="playbook-create"),
    path("defaults/", playbooks.load, name="playbooks-load"),
    path("<uuid:pk>/", playbooks.playbook, name="playbook"),
    path("<uuid:pk>/edit/", playbooks.edit, name="playbook-edit"),
    path("<uuid:pk>/adopt/", playbooks.adopt, name="playbook-adopt"),
    path("<uuid:pk>/archive/", playbooks.archive, name="playbook-archive"),
    path("<uuid:pk>/restore/", playbooks.restore, name="playbook-restore"),
    path("<uuid:pk>/steps/new/", script.add, name="step-add"),
    path("steps/<uuid:pk>/", script.edit, name="step-edit"),
    path("steps/<uuid:pk>/move/", script.move, name="step-move"),
    path("steps/<uuid:pk>/remove/", script.remove, name="step-remove"),
]
urlpatterns = [
    path("c/<slug:code>/risks/", include(risks)),
    path("c/<slug:code>/playbooks/", playbooks.campaign_playbooks, name="campaign-playbooks"),
    path("c/<slug:code>/playbooks/new/", playbooks.campaign_create, name="campaign-playbook-create"),
    path("c/<slug:code>/incidents/", include(of_campaign)),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/banner/", incidents.banners, name="banners"),
    path("playbooks/", include(library)),
]
