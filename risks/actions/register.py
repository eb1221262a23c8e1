"""Acts on the register: make, change, move, review, archive a risk; mails about reviews."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from campaigns.actions.writing import archive, once, restore, visible_changes
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.search import segmented
from core.swap import swap
from risks.models import Risk
from risks.permissions import can_care_for, can_keep_risk
from risks.rules import register as rules

SCALES = ("probability", "impact", "probability_after", "impact_after")
TEXTS = ("title", "code", "description", "response", "notes", "lesson")
LINKS = ("kpi", "placement", "task", "budget_line")
FIELDS = frozenset((*TEXTS, *SCALES, *LINKS, "risk_class", "owner", "deputy", "review_date", "playbook"))
FOUND_BY = ("code", "title", "description", "response")


def checked(campaign, row, changes):
    """The changes ready to write to `row` (a stored or a new Risk): cleaned, or refused."""
    unknown = set(changes) - FIELDS
    if unknown:
        raise TypeError(f"A risk has no {', '.join(sorted(unknown))}.")
    values = dict(changes)
    check_campaign(campaign, **{name: values.get(name) for name in LINKS})
    _check_playbook(campaign, values.get("playbook"))
    if "title" in values:
        values["title"] = rules.check_title(values["title"])
    now = {name: values.get(name, getattr(row, name)) for name in FIELDS}
    rules.check_scale({name: now[name] for name in SCALES})
    rules.check_people(now["owner"], now["deputy"])
    return values | {"search_text": segmented(*(now[name] for name in FOUND_BY))}


def _check_playbook(campaign, playbook):
    if playbook is not None and playbook.campaign_id not in (None, campaign.pk):
        sentence = _("This playbook belongs to another campaign.")
        raise Invalid(sentence, code="playbook", errors={"playbook": sentence})


def _code_once():
    return once("code", _("Another risk of this campaign has this code."))


def new_risk(campaign, values):
    """An unsaved Risk with its values checked."""
    row = Risk(workspace_id=campaign.workspace_id, campaign=campaign)
    for field, value in checked(campaign, row, values).items():
        setattr(row, field, value)
    return row


@transaction.atomic
def create_risk(actor, *, campaign, title, code="", **values):
    """Add a risk to the register; without a code it gets the next one."""
    require(can_keep_risk(actor, campaign))
    code = code.strip() or rules.next_code(Risk.objects.of(campaign).values_list("code", flat=True))
    row = new_risk(campaign, {**values, "title": title, "code": code})
    with _code_once():
        row.save(force_insert=True)
    record(actor, "risks.risk_created", row)
    return row


@transaction.atomic
def update_risk(actor, *, risk, seen=None, **changes):
    """Change what the register says of a risk."""
    require(can_keep_risk(actor, risk))
    check_open(risk)
    if "code" in changes and not changes["code"].strip():
        sentence = _("Give the risk a code.")
        raise Invalid(sentence, code="code", errors={"code": sentence})
    with _code_once():
        diff = swap(risk, seen=seen, **checked(risk.campaign, risk, changes))
    if shown := visible_changes(diff):
        record(actor, "risks.risk_changed", risk, changes=shown)
    return risk


def check_open(risk):
    """Archived risks are restored before anything is done with them."""
    if risk.archived_at is not None:
        raise RuleBroken(_("This risk is archived. Restore it first."), code="archived")


@transaction.atomic
def move_risk(actor, *, risk, state, seen=None):
    """Bring a risk into another state if the move exists and its guards hold."""
    require(can_care_for(actor, risk))
    check_open(risk)
    met = rules.guards_met(has_owner=risk.owner_id is not None, response=risk.response, lesson=risk.lesson)
    rules.check_move(risk.state, state, met=met)
    record(actor, "risks.risk_moved", risk, changes=swap(risk, seen=seen, state=state))
    return risk


def advance(actor, risk, path):
    """Take a risk along some states by what happens to its incident, wherever it stands on the way."""
    for state in path:
        if any(state == move.target for move in rules.open_to(risk.state)):
            record(actor, "risks.risk_moved", risk, changes=swap(risk, state=state))


@transaction.atomic
def review_risk(actor, *, risk, review_date, seen=None):
    """A risk was looked at: the day of its next review."""
    require(can_care_for(actor, risk))
    check_open(risk)
    if review_date is None:
        sentence = _("Say when it is looked at next.")
        raise Invalid(sentence, code="review_date", errors={"review_date": sentence})
    diff = swap(risk, seen=seen, review_date=review_date)
    record(actor, "risks.risk_reviewed", risk, changes=diff)
    return risk


@transaction.atomic
def archive_risk(actor, *, risk, seen=None):
    """Take a risk out of the register; twice is once."""
    require(can_keep_risk(actor, risk))
    return archive(actor, risk, "risk_archived", seen=seen)


@transaction.atomic
def restore_risk(actor, *, risk, seen=None):
    """Bring an archived risk back; twice is once."""
    require(can_keep_risk(actor, risk))
    return restore(actor, risk, "risk_restored", seen=seen)


def tell_reviews(user, risks, workspace):
    """The mail of a day about the risks somebody has to look at."""
    with translation.override(user.language or workspace.language):
        url = settings.BASE_URL + reverse("overview:my-work", args=[workspace.slug])
        words = {"user": user, "risks": risks, "url": url}
        subject = " ".join(render_to_string("risks/mail/reviews_subject.txt", words).split())
        send_mail(subject, render_to_string("risks/mail/reviews.txt", words), None, [user.email])
