"""Acts on questions: ask, answer, close, open again; and the mail to whoever waits for it."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.choices import SeatRole, UserKind
from accounts.models import Grant, Membership, Seat
from campaigns.choices import QuestionState
from campaigns.models import BriefShare, Question
from campaigns.permissions import can_answer, can_ask, can_close
from campaigns.rules import questions as rules
from core.audit import record
from core.errors import Invalid, require
from core.jobs import enqueue
from core.swap import swap
from core.time import today_in


@transaction.atomic
def ask_question(actor, *, campaign, text, organization=None, section="", subject=None):
    """Ask something about a campaign, a section of its brief, or one thing of it.

    A seat asks the client; the client asks a partner (`organization`) or its own people (None).
    """
    require(can_ask(actor, campaign))
    if actor.seat is not None:
        organization = actor.seat.organization
        _check_shared(campaign, organization, section)
    question = Question.objects.create(
        workspace_id=campaign.workspace_id,
        campaign=campaign,
        organization=organization,
        section=section,
        text=rules.said("text", text, _("Say what you want to know.")),
        asked_by=actor.user,
        **_about(subject, organization),
    )
    record(actor, "campaigns.question_asked", question)
    _tell(question, "asked")
    return question


def _about(subject, organization):
    if subject is None:
        return {}
    owner = getattr(subject, "organization_id", None)
    if organization is not None and owner != organization.pk:
        sentence = _("A partner is asked about things of its own.")
        raise Invalid(sentence, code="other_organization", errors={"subject_id": sentence})
    label = {"subject_type": subject._meta.label_lower, "subject_id": subject.pk}
    return label | {"subject_label": str(subject)[:300]}


def _check_shared(campaign, organization, section):
    """A partner asks about sections it may read."""
    if not section:
        return
    if not BriefShare.objects.filter(campaign=campaign, organization=organization, section=section).exists():
        sentence = _("There is no such section.")
        raise Invalid(sentence, code="unknown_section", errors={"section": sentence})


@transaction.atomic
def answer_question(actor, *, question, answer, seen=None):
    """Answer a question; a better answer takes the place of the one before."""
    require(can_answer(actor, question))
    rules.check_move("answer", question.state)
    words = rules.said("answer", answer, _("Say the answer."))
    given = {"answered_by": actor.user, "answered_at": timezone.now()}
    diff = swap(question, seen=seen, state=QuestionState.ANSWERED, answer=words, **given)
    shown = {field: diff[field] for field in ("state", "answer") if field in diff}
    record(actor, "campaigns.question_answered", question, changes=shown)
    _tell(question, "answered")
    return question


@transaction.atomic
def close_question(actor, *, question, seen=None):
    """Nothing is left to say: the answer is enough, or it is no longer wanted."""
    return _moved(actor, question, seen, "close", QuestionState.CLOSED)


@transaction.atomic
def reopen_question(actor, *, question, seen=None):
    """The answer is not enough after all."""
    _moved(actor, question, seen, "reopen", QuestionState.OPEN)
    _tell(question, "asked")
    return question


VERBS = {"close": "campaigns.question_closed", "reopen": "campaigns.question_reopened"}


def _moved(actor, question, seen, act, state):
    require(can_close(actor, question))
    rules.check_move(act, question.state)
    record(actor, VERBS[act], question, changes=swap(question, seen=seen, state=state))
    return question


def _tell(question, occasion):
    enqueue("campaigns.tell_question", workspace_id=question.workspace_id, question_id=question.pk, occasion=occasion)


# --- mail -----------------------------------------------------------------------------------------------------------


def tell_question(question, occasion, *, now):
    """Mail whoever has to answer that there is a question, or whoever asked that there is an answer."""
    for name, address, language, is_seat in _readers(question, occasion, now):
        if address:
            _mail(question, occasion, name, address, language, is_seat)


def _readers(question, occasion, now):
    """[(name, address, language, at a seat?)]."""
    is_from_seat = question.asked_by.kind == UserKind.SEAT
    if occasion == "answered":
        return _seats(question, now, user=question.asked_by) if is_from_seat else _people([question.asked_by_id])
    if question.organization_id and not is_from_seat:
        return _seats(question, now, organization=question.organization_id)
    return _people([question.campaign.owner_id], without=question.asked_by_id)


def _seats(question, now, **which):
    """Seats at work of the partner, as long as questions of the campaign are granted to it."""
    today = today_in(question.workspace.time_zone)
    granted = Grant.objects.on(today).of_campaign(question.campaign_id).filter(organization=question.organization_id)
    if not any("questions" in areas for areas in granted.values_list("areas", flat=True)):
        return []
    rows = Seat.objects.open(now=now).filter(organization__door__frozen_at=None, **which)
    rows = rows.exclude(role=SeatRole.READER).select_related("user")
    return [(row.user.name, row.email, row.user.language, True) for row in rows]


def _people(keys, without=None):
    rows = Membership.objects.of_people().filter(user_id__in=keys, user__is_active=True).exclude(user_id=without)
    return [(row.user.name, row.user.email, row.user.language, False) for row in rows.select_related("user")]


def _mail(question, occasion, name, address, language, is_seat):
    workspace = question.workspace
    with translation.override(language or workspace.language):
        slug = workspace.slug
        if is_seat:
            page = reverse("campaigns:partner-question", args=[slug, question.pk])
        else:
            page = reverse("campaigns:question", args=[slug, question.campaign.code, question.pk])
        words = {"question": question, "name": name, "url": settings.BASE_URL + page, "occasion": occasion}
        words |= {"other": _other_side(question, occasion, is_seat)}
        subject = " ".join(render_to_string("campaigns/mail/question_subject.txt", words).split())
        send_mail(subject, render_to_string("campaigns/mail/question.txt", words), None, [address])


def _other_side(question, occasion, is_seat):
    """Who speaks: "Mei (Northlight)" to the client, "Wei (Petrel)" to a partner."""
    person = question.asked_by if occasion == "asked" else question.answered_by
    if question.organization_id is None:
        return str(person)
    ours = question.organization.name if person.kind == UserKind.SEAT else question.workspace.name
    return f"{person} ({ours})"
