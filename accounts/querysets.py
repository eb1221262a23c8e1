"""Questions about people and organisations."""

from django.apps import apps
from django.db.models import Q

from core.querysets import RecordQuerySet


class WorkspaceQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        """The workspaces the actor may open: those of their memberships, or the one of the API key."""
        if actor.key is not None:
            return self.active().filter(pk=actor.workspace_id)
        memberships = apps.get_model("accounts.Membership")._base_manager
        return self.active().filter(pk__in=memberships.filter(user_id=actor.user_id).values("workspace"))


class OrganizationQuerySet(RecordQuerySet):
    def in_house(self):
        return self.filter(kind="in_house")

    def found_by(self, words):
        """Name, contact or note hold the words."""
        return self.filter(Q(name__icontains=words) | Q(contact__icontains=words) | Q(note__icontains=words))


class MembershipQuerySet(RecordQuerySet):
    def of_people(self):
        """Without the service users behind API keys."""
        return self.filter(user__kind="person")

    def owners(self):
        return self.filter(role="owner")

    def found_by(self, words):
        """Name, e-mail, job title or organisation hold the words."""
        return self.filter(
            Q(user__name__icontains=words)
            | Q(user__email__icontains=words)
            | Q(title__icontains=words)
            | Q(organization__name__icontains=words)
        )


class WorkCalendarQuerySet(RecordQuerySet):
    def of_workspace(self):
        """The one that holds where no organisation and no person has its own."""
        return self.filter(organization=None, user=None)

    def listed(self):
        """With whose they are."""
        return self.select_related("organization", "user")


class AbsenceQuerySet(RecordQuerySet):
    def between(self, start, finish):
        """Absences that touch the days start … finish (both included)."""
        return self.filter(start_date__lte=finish, finish_date__gte=start)


class SessionQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        """A person sees their own sessions; a key has none."""
        return self.none() if actor.key else self.filter(user_id=actor.user_id)

    def alive(self, *, now, lifetime):
        """Those whose browser has been seen within the lifetime of a session."""
        return self.filter(last_seen_at__gt=now - lifetime)

    def but(self, session_key):
        """All others than the one at hand."""
        return self.exclude(session_key=session_key or "")


class SavedViewQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        """Saved views are their owner's alone."""
        return super().visible_to(actor).filter(user_id=actor.user_id)

    def of_page(self, page):
        """The views of one table, by name."""
        return self.filter(page=page).order_by("name")


def holds_on(day):
    """The condition under which a grant holds on a day."""
    started = Q(start_date=None) | Q(start_date__lte=day)
    return started & (Q(finish_date=None) | Q(finish_date__gte=day))


class GrantQuerySet(RecordQuerySet):
    def on(self, day):
        """Those that hold on a day."""
        return self.filter(holds_on(day))

    def of_campaign(self, campaign_id):
        return self.filter(campaign_id=campaign_id)


class DoorQuerySet(RecordQuerySet):
    def for_seat(self, actor):
        """A seat sees its own door."""
        return self.filter(organization=actor.organization_id)


class SeatQuerySet(RecordQuerySet):
    def there(self):
        """Those that were not removed."""
        return self.filter(removed_at=None)

    def open(self, *, now):
        """Those that can be sat on: neither removed, frozen nor expired."""
        return self.there().filter(Q(expires_at=None) | Q(expires_at__gt=now), frozen_at=None)

    def at_doors(self, doors):
        """Those at one of these doors whose account is not closed."""
        return self.filter(organization__door__in=doors, user__is_active=True)

    def who_may_sit(self, doors, *, now):
        """Everybody who may sit down behind these doors."""
        return self.open(now=now).at_doors(doors)

    def with_a_passkey(self):
        """Those that may prove themselves by one; each may come more than once."""
        return self.filter(passkeys__isnull=False)

    def known_on(self, key_hash):
        """Those that have proved themselves in the browser with this cookie."""
        return self.filter(devices__key_hash=key_hash) if key_hash else self.none()

    def listed(self):
        """With who sits there, for whom and at whose door."""
        return self.select_related("user", "organization__door", "workspace")

    def with_ways(self):
        """With the passkeys by which they prove themselves beside their PIN."""
        return self.read_ahead("passkeys")

    def who_may_decide(self, *, now):
        """Seats that may give verdicts where they are asked: open, more than readers, at a door that lets them."""
        rows = self.open(now=now).exclude(role="reader").filter(user__is_active=True)
        return rows.filter(organization__door__may_decide=True, organization__door__frozen_at=None)

    def for_seat(self, actor):
        """A seat sees the seats of its own organisation."""
        return self.filter(organization=actor.organization_id)


class DeviceQuerySet(RecordQuerySet):
    def for_seat(self, actor):
        """The browsers of the seat itself."""
        return self.filter(seat=actor.seat)


class PasskeyQuerySet(RecordQuerySet):
    def for_seat(self, actor):
        """The passkeys of the seat itself."""
        return self.filter(seat=actor.seat)


class SeatSessionQuerySet(RecordQuerySet):
    def running(self):
        return self.filter(ended_at=None)

    def for_seat(self, actor):
        """A lead sees the sessions of the organisation, everybody else their own."""
        mine = self.filter(seat__organization=actor.organization_id)
        return mine if actor.seat.role == "lead" else mine.filter(seat=actor.seat)


class InvitationQuerySet(RecordQuerySet):
    def open(self, *, now):
        return self.unused().filter(expires_at__gt=now)

    def unused(self):
        """Neither used nor taken back; expired ones are among them."""
        return self.filter(used_at=None, revoked_at=None)

    def of_members(self):
        return self.filter(is_seat=False)

    def opened(self):
        """With what the page behind the link shows."""
        return self.select_related("workspace", "organization__door", "made_by")

    def for_seat(self, actor):
        """A lead sees the invitations to the organisation's seats."""
        own = self.filter(is_seat=True, organization=actor.organization_id)
        return own if actor.seat.role == "lead" else self.none()


class DraftQuerySet(RecordQuerySet):
    def visible_to(self, actor):
        """A draft is its writer's alone."""
        return self.filter(workspace_id=actor.workspace_id, user_id=actor.user_id)
