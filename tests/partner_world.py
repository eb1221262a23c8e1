"""An agency at its door: its people, what is granted to it, something of everything that is its own, and a rival."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Brief, BriefShare, BriefVersion
from placements.models import DayAllocation, Flight, Slot
from tasks.models import ChecklistItem
from tests import factories
from tests.placements.conftest import Api

BOTH = pytest.mark.parametrize("door", ["page", "api"])


@dataclass
class Agency:
    """An organisation with seats, and how they get in."""

    world: object
    organization: object
    seat: object
    lead: object
    reader: object

    @property
    def p(self):
        """The address prefix of a partner's pages."""
        return f"{self.world.w}/partner"

    def client(self, seat=None):
        return factories.seat_client(seat or self.seat)

    def api(self, seat=None):
        return Api(self.client(seat))

    def actor(self, seat=None):
        return factories.seat_actor(seat or self.seat)

    def asset(self, title="Key visual", kind="copy", **values):
        values.setdefault("due_date", timezone.localdate() + timedelta(days=3))
        values.setdefault("submit_by", values["due_date"])
        return factories.asset(self.world.campaign, title, kind, organization=self.organization, **values)

    def task(self, title="Shoot the film", **values):
        day = timezone.localdate()
        values = {"start_date": day, "finish_date": day + timedelta(days=2), **values}
        return factories.task(self.world.campaign, title, organization=self.organization, **values)

    def placement(self, name="Feed ads", **values):
        made = factories.placement(self.world.campaign, name=name, organization=self.organization, **values)
        own = {"workspace_id": made.workspace_id, "campaign_id": made.campaign_id, "placement": made}
        day = timezone.localdate() + timedelta(days=4)
        Flight.objects.create(start_date=day, finish_date=day + timedelta(days=6), **own)
        DayAllocation.objects.create(date=day, amount=1200, **own)
        Slot.objects.create(name="Feed picture", **own)
        return made

    def item(self, task, text="Book the studio"):
        own = {"workspace_id": task.workspace_id, "campaign_id": task.campaign_id}
        return ChecklistItem.objects.create(task=task, text=text, **own)

    def share(self, section="core_message", text="Own quiet.", hidden="Spend 9 million"):
        """A brief of two sections of which one is shared."""
        campaign = self.world.campaign
        own = {"workspace_id": campaign.workspace_id, "campaign": campaign}
        brief, _made = Brief.objects.get_or_create(**own, defaults={"current_number": 1})
        sections = [{"key": section, "title": "", "text": text}, {"key": "budget_frame", "title": "", "text": hidden}]
        if not brief.versions.exists():
            BriefVersion.objects.create(brief=brief, number=1, sections=sections, author=self.world.owner, **own)
        return BriefShare.objects.create(brief=brief, section=section, organization=self.organization, **own)


def agency_of(world, name="Northlight", **areas):
    organization = factories.organization(world.workspace, name=name)
    factories.grant(organization, world.campaign, areas or None)
    return Agency(
        world,
        organization,
        factories.seat(organization, name="Mei"),
        factories.seat(organization, name="Lea Lead", role="lead"),
        factories.seat(organization, name="Rex Reader", role="reader"),
    )


def words_of(response):
    """Everything an answer says."""
    return (b"".join(response) if response.streaming else response.content).decode("utf-8", "replace")
