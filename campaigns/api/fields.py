"""Fields and filters that name other rows: what the actor may not see is as unknown as what does not exist."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Membership
from campaigns.models import Campaign
from core.api.out import QuickMixin
from core.errors import Invalid

UNKNOWN = _("There is no such thing here.")


def as_uuid(text):
    """The UUID a text is, or None."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


@extend_schema_field({"type": "string", "format": "uuid"})
class RowField(serializers.Field):
    """The id of a row of `model` that the actor may see; `active` leaves archived ones out."""

    default_error_messages = {"unknown": UNKNOWN}

    def __init__(self, model, *, active=False, **options):
        self.model, self.active = model, active
        super().__init__(**options)

    def rows(self):
        actor = self.context["request"]._request.actor
        found = self.model.objects.visible_to(actor)
        return found.active() if self.active else found

    def to_internal_value(self, data):
        key = as_uuid(data) if isinstance(data, str) else None
        row = self.rows().filter(pk=key).first() if key else None
        return row if row is not None else self.fail("unknown")

    def to_representation(self, value):
        return str(value.pk)


@extend_schema_field({"type": "string", "description": "Code or id"})
class CodedField(RowField):
    """A row named by its code or its id; shown by its code."""

    def to_internal_value(self, data):
        if not isinstance(data, str) or not data or len(data) > 60:
            self.fail("unknown")
        row = self.rows().filter(**coded(data)).first()
        return row if row is not None else self.fail("unknown")

    def to_representation(self, value):
        return value.code


@extend_schema_field({"type": "string", "format": "uuid"})
class PersonField(serializers.Field):
    """The id of a person of the workspace."""

    default_error_messages = {"unknown": UNKNOWN}

    def to_internal_value(self, data):
        key = as_uuid(data) if isinstance(data, str) else None
        members = Membership.objects.visible_to(self.context["request"]._request.actor).of_people()
        found = members.filter(user_id=key).select_related("user").first() if key else None
        return found.user if found else self.fail("unknown")

    def to_representation(self, value):
        return str(value.pk)


@extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 500})
class RowsField(serializers.Field):
    """Ids of rows of `model` the actor may see, in the order given; one unknown id refuses the list."""

    default_error_messages = {"unknown": UNKNOWN}

    def __init__(self, model, *, most=500, **options):
        self.model, self.most = model, most
        super().__init__(**options)

    def to_internal_value(self, data):
        if not isinstance(data, list) or len(data) > self.most:
            self.fail("unknown")
        keys = list(dict.fromkeys(self.key(each) for each in data))
        found = self.found(keys)
        return [found[key] for key in keys] if len(found) == len(keys) else self.fail("unknown")

    def found(self, keys):
        """{id: row} of those the actor may see."""
        return self.model.objects.visible_to(self.context["request"]._request.actor).in_bulk(keys)

    def key(self, text):
        return (as_uuid(text) if isinstance(text, str) else None) or self.fail("unknown")

    def to_representation(self, value):
        return [str(row.pk) for row in value.all()]


class PeopleField(RowsField):
    """Ids of people of the workspace."""

    def __init__(self, **options):
        super().__init__(Membership, **options)

    def found(self, keys):
        members = Membership.objects.visible_to(self.context["request"]._request.actor).of_people()
        return {one.user_id: one.user for one in members.filter(user_id__in=keys).select_related("user")}


class PersonOut(QuickMixin, serializers.Serializer):
    """A person as other rows show them."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ValueField(serializers.DecimalField):
    """A figure of a KPI: any size a metric has, six digits behind the point; shown without empty ones."""

    def __init__(self, **options):
        super().__init__(max_digits=24, decimal_places=6, normalize_output=True, **options)


def coded(text):
    """The lookup for a code or an id."""
    key = as_uuid(text)
    return {"pk": key} if key else {"code": text}


class CampaignFilter(filters.FilterSet):
    """`?campaign=<code or id>`; an unknown or foreign one is refused in one sentence."""

    campaign = filters.CharFilter(method="of_campaign")

    def of_campaign(self, rows, name, value):
        campaign = Campaign.objects.visible_to(self.request._request.actor).filter(**coded(value)).first()
        if campaign is None:
            raise Invalid(str(UNKNOWN), code="invalid", errors={"campaign": UNKNOWN})
        return rows.filter(campaign_id=campaign.pk)


class ActiveFilter(filters.FilterSet):
    """`?archived=true` shows archived rows only; without it only living ones are listed."""

    archived = filters.BooleanFilter(field_name="archived_at", lookup_expr="isnull", exclude=True)

    @property
    def qs(self):
        rows = super().qs
        asked = self.form.is_valid() and self.form.cleaned_data.get("archived") is not None
        return rows if asked else rows.filter(archived_at__isnull=True)


class ActiveInCampaignFilter(ActiveFilter, CampaignFilter):
    """Living rows of a campaign."""
