"""The demo's risks told by the product's own acts: the register, an incident that taught something, a drill at work."""

from overview.management.demo import risks as content
from risks import actions as risk
from risks.models import Playbook


def register_of(stage):
    """Eight risks of the winter launch, each with its links, some a step further in their life."""
    winter = stage.campaigns["winter"]
    for entry in content.REGISTER:
        made = risk.create_risk(stage.actor, campaign=winter, title=entry.title, **_values(stage, winter, entry))
        for state in {"identified": (), "triggered": ("triggered",)}.get(entry.state, ("monitored",)):
            risk.move_risk(stage.actor, risk=made, state=state)


def _values(stage, campaign, entry):
    (probability, impact), after = entry.before, entry.after or (None, None)
    people = stage.people
    return {
        "risk_class": entry.risk_class,
        "description": entry.description,
        "response": entry.response,
        "probability": probability,
        "impact": impact,
        "probability_after": after[0],
        "impact_after": after[1],
        "owner": people[entry.owner],
        "deputy": people[entry.deputy] if entry.deputy else None,
        "review_date": stage.day(entry.review),
        "playbook": _book(entry.playbook) if entry.playbook else None,
        "kpi": campaign.kpis.filter(metric__code=entry.metric).first() if entry.metric else None,
        "task": stage.tasks.get(entry.task),
    }


def _book(code):
    return Playbook.objects.get(builtin_code=code, campaign=None)


def incidents_of(stage):
    """A closed incident with its lesson, and a drill of the launch night that still runs."""
    winter = stage.campaigns["winter"]
    _closed(stage, winter)
    code, name = content.OWN
    own = risk.adopt_playbook(stage.actor, playbook=_book(code), campaign=winter)
    risk.update_playbook(stage.actor, playbook=own, name=name)
    title, function, minutes = content.OWN_STEP
    risk.add_step(stage.actor, playbook=own, title=title, function=function, deadline_minutes=minutes)
    drill = risk.start_incident(stage.actor, campaign=winter, playbook=own, is_drill=True)
    for step in drill.steps.order_by("position")[:2]:
        risk.finish_step(stage.actor, step=step)
    risk.pause_placements(stage.actor, incident=drill)


def _closed(stage, campaign):
    key, title = content.DONE
    values = {"risk_class": "technical", "probability": 2, "impact": 4, "owner": stage.people["jing"]}
    made = risk.create_risk(
        stage.actor,
        campaign=campaign,
        title=title,
        task=stage.tasks[key],
        response=content.REGISTER[2].response,
        **values,
    )
    incident = risk.start_incident(stage.actor, campaign=campaign, playbook=_book("technical_failure"), risk=made)
    for step in incident.steps.order_by("position")[:5]:
        risk.finish_step(stage.actor, step=step)
    for name, value in content.FIGURES:
        risk.log_entry(stage.actor, incident=incident, kind="figure", figure_name=name, value=value)
    risk.move_incident(stage.actor, incident=incident, state="contained")
    risk.move_incident(stage.actor, incident=incident, state="closed", **content.POST_MORTEM)
