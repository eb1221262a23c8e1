"""Mails about incidents: who is told of what, and the mail itself."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from core.jobs import enqueue


def tell(actor, incident, occasion, people, step=None):
    """A mail to each of these users (ids, None left out), oneself left out; answers how many are told."""
    keys = [key for key in dict.fromkeys(people) if key is not None and key != actor.user_id]
    for key in keys:
        ids = {"incident_id": incident.pk, "user_id": key, "occasion": occasion, "step_id": step.pk if step else ""}
        enqueue("risks.tell_incident", workspace_id=incident.workspace_id, **ids)
    return len(keys)


def involved(incident, accountable=()):
    """Whoever an incident concerns: who does its open steps, who leads it, the campaign's owner, the risk's people."""
    steps = incident.steps.filter(state="open").values_list("owner_id", flat=True)
    risk = incident.risk
    more = [risk.owner_id, risk.deputy_id] if risk else []
    return [*steps, incident.owner_id, incident.campaign.owner_id, *more, *accountable]


def tell_incident(incident, user, occasion, step=None):
    """The mail about an incident that began, changed its level, is over, or waits for a step."""
    workspace, campaign = incident.workspace, incident.campaign
    with translation.override(user.language or workspace.language):
        url = settings.BASE_URL + reverse("risks:incident", args=[workspace.slug, campaign.code, incident.pk])
        mine = incident.steps.filter(state="open", owner=user)
        words = {"incident": incident, "campaign": campaign, "user": user, "url": url, "occasion": occasion}
        words |= {"step": step, "steps": list(mine)}
        subject = " ".join(render_to_string("risks/mail/incident_subject.txt", words).split())
        send_mail(subject, render_to_string("risks/mail/incident.txt", words), None, [user.email])
