"""By which names partners see the people of their client, and nobody of another partner."""

from django.utils.translation import gettext as _

from accounts.choices import OrganizationKind
from accounts.models.partners import Seat
from accounts.models.people import Membership


def names_for(actor, users):
    """{user id: the name a partner reads}. Who belongs to another partner has none."""
    users = {user.pk: user for user in users if user is not None}
    seats = Seat.objects.filter(user__in=users).exclude(organization=actor.organization_id)
    members = Membership.objects.filter(user__in=users).exclude(organization=None)
    members = members.exclude(organization__kind=OrganizationKind.IN_HOUSE).exclude(organization=actor.organization_id)
    others = seats.order_by().values_list("user").union(members.order_by().values_list("user")) if users else ()
    hidden = {key for (key,) in others}
    return {key: _("another partner") if key in hidden else user.name for key, user in users.items()}
