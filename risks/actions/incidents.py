"""Acts on incidents: start a playbook, change the level, contain, close, open again, write the post-mortem."""

from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.goals import check_campaign
from campaigns.choices import AnnotationKind
from campaigns.models import Annotation
from core.audit import record
from core.errors import Invalid, require
from core.swap import swap
from risks.actions.entries import note
from risks.actions.playbooks import check_open
from risks.actions.register import advance
from risks.actions.telling import involved, tell
from risks.choices import EntryKind, IncidentState, RiskState, StepState
from risks.models import Incident, IncidentStep, Risk, team_of
from risks.permissions import can_lead, can_respond
from risks.rules import incidents as rules
from risks.rules import timeline

FROM_PLAYBOOK = ("levels", "pause_all", "pause_channels", "pause_platforms", "risk_class")


def today_of(campaign, now):
    """The day it is in the campaign's zone."""
    return timezone.localdate(now, ZoneInfo(campaign.time_zone))


@transaction.atomic
def start_incident(actor, *, campaign, playbook, level="", risk=None, title="", is_drill=False, token=""):
    """Start a playbook in a campaign: its steps get owners and clocks, everybody concerned is told.

    The same `token` (of one page, tapped twice) starts it once and answers with the same incident.
    """
    require(can_respond(actor, campaign))
    if token and (known := Incident.objects.of(campaign).filter(start_token=token).first()):
        return known
    _check(campaign, playbook, risk)
    now, level = timezone.now(), rules.starting_level(playbook.levels, level)
    incident = _new(actor, campaign, playbook, risk, now)
    incident.title = title.strip()[:200] or (risk.title if risk else str(playbook)[:200])
    incident.level, incident.level_at, incident.is_drill = level, now if level else None, is_drill
    incident.start_token = token or None
    if not _saved(incident):
        return Incident.objects.of(campaign).get(start_token=token)
    team = team_of(campaign, today_of(campaign, now))
    _write_steps(incident, playbook, team)
    record(actor, "risks.incident_started", incident)
    note(actor, incident, EntryKind.STATE, data=timeline.said("started", playbook=str(playbook)))
    if not is_drill:
        _annotate(actor, incident, now)
        if risk is not None:
            advance(actor, risk, (RiskState.TRIGGERED, RiskState.HANDLING))
    tell(actor, incident, "started", [*involved(incident, team.accountable()), *team.informed()])
    return incident


def _check(campaign, playbook, risk):
    check_campaign(campaign, risk=risk)
    if playbook.campaign_id not in (None, campaign.pk):
        sentence = _("This playbook belongs to another campaign.")
        raise Invalid(sentence, code="playbook", errors={"playbook": sentence})
    check_open(playbook)


def _new(actor, campaign, playbook, risk, now):
    """An unsaved incident with what the playbook says, in the language of whoever starts it."""
    return Incident(
        workspace_id=campaign.workspace_id,
        campaign=campaign,
        playbook=playbook,
        risk=risk,
        strategy=playbook.said_strategy,
        fallback=playbook.said_fallback,
        messages=playbook.said_messages,
        owner_id=risk.owner_id if risk and risk.owner_id else campaign.owner_id,
        started_at=now,
        started_by=actor.user,
        **{name: getattr(playbook, name) for name in FROM_PLAYBOOK},
    )


def _saved(incident):
    """False when the other one of two equal taps was quicker."""
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
    except IntegrityError:
        if not incident.start_token:
            raise
        return False
    return True


def _write_steps(incident, playbook, team):
    made = []
    for step in playbook.steps.all():
        state = rules.state_at(StepState.OPEN, step.min_level, incident.level)
        doer, deputy = team.doer(step.function)
        made.append(
            IncidentStep(
                workspace_id=incident.workspace_id,
                campaign_id=incident.campaign_id,
                incident=incident,
                title=str(step)[:200],
                detail=step.said_detail,
                function=step.function,
                min_level=step.min_level,
                deadline_minutes=step.deadline_minutes,
                owner_id=doer,
                deputy_id=deputy,
                due_at=_due(incident, step, incident.started_at) if state == StepState.OPEN else None,
                state=state,
                position=step.position,
            )
        )
    IncidentStep.objects.bulk_create(made)


def _due(incident, step, since):
    return rules.due_of(
        step.deadline_minutes, incident.levels, incident.level, started=since, level_at=incident.level_at
    )


def _annotate(actor, incident, now):
    """The charts of these days say what happened."""
    day = today_of(incident.campaign, now)
    annotation = Annotation.objects.create(
        workspace_id=incident.workspace_id,
        campaign=incident.campaign,
        kind=AnnotationKind.INCIDENT,
        text=incident.title,
        start_date=day,
        finish_date=day,
        author=actor.user,
    )
    record(actor, "campaigns.annotation_added", annotation)
    swap(incident, annotation=annotation)


@transaction.atomic
def change_level(actor, *, incident, level, seen=None):
    """Take an incident up or down the ladder: what begins there opens, what begins higher waits, clocks follow."""
    require(can_respond(actor, incident))
    rules.check_open(incident.state)
    rules.check_level(incident.levels, level, incident.level)
    now = timezone.now()
    diff = swap(incident, seen=seen, level=level, level_at=now)
    for step in incident.steps.filter(state__in=(StepState.WAITING, StepState.OPEN)):
        _fit_step(incident, step, now)
    record(actor, "risks.incident_level_changed", incident, changes={"level": diff["level"]})
    before, after = diff["level"]
    note(actor, incident, EntryKind.LEVEL, data=timeline.said("level", before=before, after=after))
    tell(actor, incident, "level", involved(incident))
    return incident


def _fit_step(incident, step, now):
    state = rules.state_at(step.state, step.min_level, incident.level)
    if state == StepState.WAITING:
        swap(step, state=state, due_at=None, escalated_at=None)
    elif step.state == StepState.WAITING or step.deadline_minutes is None:
        swap(step, state=state, due_at=_due(incident, step, now), escalated_at=None)


@transaction.atomic
def move_incident(actor, *, incident, state, seen=None, **texts):
    """Contain, close or open an incident again. `texts` are those of the post-mortem, written in the same act."""
    require(can_lead(actor, incident) if state == IncidentState.CLOSED else can_respond(actor, incident))
    texts = _texts(texts)
    said = {name: texts.get(name, getattr(incident, name)) for name in ("recovery", "cause", "lesson")}
    rules.check_move(incident.state, state, **said)
    now = timezone.now()
    stamps = {
        IncidentState.CONTAINED: {"contained_at": now},
        IncidentState.CLOSED: {"closed_at": now},
        IncidentState.OPEN: {"contained_at": None, "closed_at": None},
    }[IncidentState(state)]
    diff = swap(incident, seen=seen, state=state, **stamps, **texts)
    record(actor, "risks.incident_moved", incident, changes={"state": diff["state"]})
    note(actor, incident, EntryKind.STATE, data=timeline.said("state", state=str(IncidentState(state))))
    if state == IncidentState.CLOSED:
        _settle(actor, incident, now)
    informed = team_of(incident.campaign, today_of(incident.campaign, now)).informed()
    tell(actor, incident, state, [*involved(incident), *informed])
    return incident


def _settle(actor, incident, now):
    """What closing brings along: steps left over are left out, the charts know the last day, the risk is a lesson."""
    for step in incident.steps.filter(state__in=(StepState.OPEN, StepState.WAITING)):
        swap(step, state=StepState.SKIPPED, done_at=now, done_by=actor.user)
    if incident.annotation_id:
        annotation = Annotation.objects.get(pk=incident.annotation_id)
        swap(annotation, finish_date=max(annotation.start_date, today_of(incident.campaign, now)))
    risk = Risk.objects.filter(pk=incident.risk_id).select_related("workspace", "campaign").first()
    if risk is not None and not incident.is_drill:
        swap(risk, lesson="\n\n".join(filter(None, (risk.lesson, incident.lesson))))
        advance(actor, risk, (RiskState.CLOSED, RiskState.LESSON))


def _texts(texts):
    allowed = {"recovery", *rules.POST_MORTEM}
    if unknown := set(texts) - allowed:
        raise TypeError(f"A post-mortem has no {', '.join(sorted(unknown))}.")
    return {name: text.strip() for name, text in texts.items()}


@transaction.atomic
def write_post_mortem(actor, *, incident, seen=None, **texts):
    """Write down what happened, why, what went well and badly, how things recovered, and the lesson."""
    require(can_lead(actor, incident))
    diff = swap(incident, seen=seen, **_texts(texts))
    if diff:
        record(actor, "risks.post_mortem_written", incident, changes=diff)
    return incident
