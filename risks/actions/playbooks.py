"""Acts on playbooks: the library, a campaign's own copies, the defaults that come with a workspace."""

import json
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions.writing import archive, restore
from campaigns.models import Channel
from core.audit import record
from core.errors import RuleBroken, require
from core.swap import swap
from risks.models import Playbook, PlaybookStep
from risks.permissions import can_keep_library, can_keep_playbook, can_keep_risk
from risks.rules import playbooks as rules

DEFAULTS = Path(__file__).resolve().parent.parent / "data" / "playbooks.json"
LANGUAGES = ("en", "zh-hans")
SPOKEN = ("name", "strategy", "fallback", "messages")
CLEANERS = {
    "name": rules.check_name,
    "levels": rules.clean_levels,
    "messages": rules.clean_messages,
    "pause_platforms": rules.clean_platforms,
}
FIELDS = frozenset((*CLEANERS, "risk_class", "strategy", "fallback", "pause_all", "pause_channels"))
COPIED = (*FIELDS, "labels")
STEP_COPIED = ("title", "detail", "function", "deadline_minutes", "min_level", "position", "labels")


def checked(actor, changes):
    """The changes ready to be written: cleaned, or refused."""
    unknown = set(changes) - FIELDS
    if unknown:
        raise TypeError(f"A playbook has no {', '.join(sorted(unknown))}.")
    values = {name: CLEANERS[name](value) if name in CLEANERS else value for name, value in changes.items()}
    if values.get("pause_channels"):
        known = set(Channel.objects.visible_to(actor).values_list("code", flat=True))
        values["pause_channels"] = rules.check_channels(values["pause_channels"], known)
    return values


def retold(row, changes, spoken):
    """The changes of a row that speaks several languages: a text left as it was shown is no change, a new one counts
    in every language."""
    values = {name: value for name, value in changes.items() if name not in spoken or value != row.said(name)}
    typed = [name for name in spoken if name in values]
    if typed and row.labels:
        values["labels"] = {
            language: kept
            for language, texts in row.labels.items()
            if (kept := {name: text for name, text in texts.items() if name not in typed})
        }
    return values


@transaction.atomic
def create_playbook(actor, *, name, campaign=None, **values):
    """Write a playbook: for the library, or a campaign's own."""
    require(can_keep_risk(actor, campaign) if campaign else can_keep_library(actor))
    place = Playbook.objects.filter(workspace_id=actor.workspace_id, campaign=campaign).count()
    values = checked(actor, {**values, "name": name})
    playbook = Playbook.objects.create(workspace=actor.workspace, campaign=campaign, position=place, **values)
    record(actor, "risks.playbook_created", playbook)
    return playbook


@transaction.atomic
def update_playbook(actor, *, playbook, seen=None, **changes):
    """Rewrite a playbook; incidents that run go by what it said when they began."""
    require(can_keep_playbook(actor, playbook))
    check_open(playbook)
    diff = swap(playbook, seen=seen, **retold(playbook, checked(actor, changes), SPOKEN))
    diff.pop("labels", None)
    if diff:
        record(actor, "risks.playbook_changed", playbook, changes=diff)
    return playbook


def check_open(playbook):
    if playbook.archived_at is not None:
        raise RuleBroken(_("This playbook is archived. Restore it first."), code="archived")


@transaction.atomic
def adopt_playbook(actor, *, playbook, campaign):
    """Copy a playbook with its steps into a campaign, to be fitted to it."""
    require(can_keep_risk(actor, campaign))
    check_open(playbook)
    place = Playbook.objects.filter(campaign=campaign).count()
    values = {name: getattr(playbook, name) for name in COPIED}
    copy = Playbook.objects.create(workspace=campaign.workspace, campaign=campaign, position=place, **values)
    PlaybookStep.objects.bulk_create(
        PlaybookStep(
            workspace_id=copy.workspace_id, playbook=copy, **{name: getattr(step, name) for name in STEP_COPIED}
        )
        for step in playbook.steps.all()
    )
    record(actor, "risks.playbook_adopted", copy)
    return copy


@transaction.atomic
def archive_playbook(actor, *, playbook, seen=None):
    """Take a playbook off the shelf; twice is once."""
    require(can_keep_playbook(actor, playbook))
    return archive(actor, playbook, "playbook_archived", seen=seen)


@transaction.atomic
def restore_playbook(actor, *, playbook, seen=None):
    """Put an archived playbook back; twice is once."""
    require(can_keep_playbook(actor, playbook))
    return restore(actor, playbook, "playbook_restored", seen=seen)


# --- the defaults -----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_defaults(actor):
    """Put the default playbooks that the workspace never had into its library."""
    require(can_keep_library(actor))
    made = load_playbooks(workspace=actor.workspace)
    for playbook in made:
        record(actor, "risks.playbook_created", playbook)
    return made


def load_playbooks(*, workspace):
    """Give a workspace the default playbooks it never had; those it has, changed or archived, stay."""
    had = set(Playbook.objects.filter(workspace=workspace, campaign=None).values_list("builtin_code", flat=True))
    made = []
    for place, entry in enumerate(json.loads(DEFAULTS.read_text(encoding="utf-8"))):
        if entry["code"] not in had:
            made.append(_default(workspace, place, entry))
    return made


def _default(workspace, place, entry):
    levels = rules.clean_levels(entry.get("levels", {}))
    playbook = Playbook.objects.create(
        workspace=workspace,
        builtin_code=entry["code"],
        risk_class=entry["risk_class"],
        levels=levels,
        pause_all=entry.get("pause_all", False),
        pause_channels=entry.get("pause_channels", []),
        position=place,
        **_texts(workspace, entry, ("name", "strategy", "fallback")),
    )
    spoken = {language: [_message(one, language) for one in entry["messages"]] for language in LANGUAGES}
    playbook.messages = spoken.get(workspace.language, spoken["en"])
    for language, found in spoken.items():
        playbook.labels[language]["messages"] = found
    playbook.save(update_fields=["messages", "labels"])
    PlaybookStep.objects.bulk_create(
        PlaybookStep(
            workspace=workspace,
            playbook=playbook,
            position=number,
            function=step.get("function", ""),
            deadline_minutes=step.get("minutes"),
            min_level=step.get("from", ""),
            **_texts(workspace, step, ("title", "detail")),
        )
        for number, step in enumerate(entry["steps"])
    )
    return playbook


def _message(one, language):
    return {"name": one["name"][language], "text": one["text"][language]}


def _texts(workspace, entry, names):
    """The texts in the workspace's language, and in all of them as `labels`."""
    known = workspace.language if workspace.language in LANGUAGES else "en"
    labels = {language: {name: entry[name][language] for name in names} for language in LANGUAGES}
    return {**labels[known], "labels": labels}
