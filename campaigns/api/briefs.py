"""REST: briefs, their versions, shares, and the preview of a split document."""

from django.db.models import F, Prefetch
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.models import Organization
from campaigns import actions
from campaigns.api.campaigns import BASE
from campaigns.api.fields import CampaignFilter, CodedField, PersonOut, RowField
from campaigns.importers import read_document
from campaigns.models import Brief, BriefShare, BriefVersion, Campaign
from campaigns.rules import brief as rules
from campaigns.rules import cards
from core.api.out import Out
from core.api.parsers import StrictJSONParser
from core.api.views import ResourceViewSet
from core.errors import Invalid


class SectionOut(serializers.Serializer):
    """A section; its title is in the reader's language."""

    key = serializers.CharField()
    title = serializers.SerializerMethodField()
    text = serializers.CharField()

    def get_title(self, row) -> str:
        return str(rules.label(row["key"]))


class BriefVersionOut(Out):
    author = PersonOut()
    sections = SectionOut(many=True)
    personas = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    offers = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    changed_sections = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = BriefVersion
        fields = [*BASE, "brief", "campaign", "number", "note", "is_material", "changed_sections", "author"]
        fields += ["sections", "personas", "offers"]


class BriefOut(Out):
    current = serializers.SerializerMethodField()

    class Meta:
        model = Brief
        fields = [*BASE, "campaign", "current_number", "current"]

    def get_current(self, brief) -> BriefVersionOut:
        return BriefVersionOut(brief.in_force[0]).data if brief.in_force else None


class SplitIn(serializers.Serializer):
    text = serializers.CharField(max_length=1_000_000, required=False)
    file = serializers.FileField(required=False)

    def validate(self, data):
        if not data:
            raise serializers.ValidationError(_("Send a text or a file."))
        return data


class SplitOut(serializers.Serializer):
    sections = SectionOut(many=True)


class BriefViewSet(ResourceViewSet):
    model, out, filterset_class = Brief, BriefOut, CampaignFilter

    def rows(self):
        current = BriefVersion.objects.filter(number=F("brief__current_number")).select_related("author")
        return super().rows().prefetch_related(Prefetch("versions", queryset=current, to_attr="in_force"))

    @extend_schema(request={"multipart/form-data": SplitIn, "application/json": SplitIn}, responses=SplitOut)
    @action(detail=True, methods=["post"], parser_classes=[StrictJSONParser, MultiPartParser])
    def split(self, request, pk):
        """Sections found in a text or document, not saved yet."""
        self.find()
        given = self.read(SplitIn)
        text = read_document(given["file"], given["file"].name) if "file" in given else given["text"]
        return Response({"sections": SectionOut(rules.to_rows(rules.split(text)), many=True).data})


class SectionIn(serializers.Serializer):
    key = serializers.CharField(max_length=cards.LONGEST_KEY)
    text = serializers.CharField(max_length=cards.LONGEST_SECTION, allow_blank=True, trim_whitespace=False)


def _cards():
    return serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=cards.LONGEST_VALUE)),
        required=False,
        max_length=cards.MOST_CARDS,
    )


class BriefVersionIn(serializers.Serializer):
    campaign = CodedField(Campaign)
    based_on = serializers.IntegerField(min_value=0, help_text=_("The number of the version you began from; 0: none."))
    sections = SectionIn(many=True)
    personas = _cards()
    offers = _cards()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class BriefVersionFilter(CampaignFilter):
    number = filters.NumberFilter(min_value=0, max_value=1_000_000)
    is_material = filters.BooleanFilter()


class DiffOut(serializers.Serializer):
    """Two versions side by side: rows of spans (kind, text) a section."""

    old = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.ListField(child=serializers.CharField())
    material = serializers.ListField(child=serializers.CharField())
    sections = serializers.ListField(child=serializers.DictField())


class BriefVersionViewSet(ResourceViewSet):
    model, out, filterset_class = BriefVersion, BriefVersionOut, BriefVersionFilter

    def rows(self):
        return super().rows().select_related("author")

    @extend_schema(request=BriefVersionIn, responses={201: BriefVersionOut, 200: BriefVersionOut})
    def create(self, request):
        """Save the brief: the next version, or 200 with the current one when nothing changed."""
        values = self.read(BriefVersionIn)
        version = actions.save_brief(self.actor, **values)
        if version is None:
            return self.one(self.rows().get(campaign=values["campaign"], number=values["based_on"]))
        return self.one(version, 201)

    @extend_schema(responses=DiffOut)
    @action(detail=True, methods=["get"])
    def diff(self, request, pk):
        """This version compared with `?against=<number>` (default: the one before)."""
        new = self.find()
        old = self.other(new, request.query_params.get("against") or str(new.number - 1))
        before, after = old.texts() if old else {}, new.texts()
        changed = rules.changed_sections(before, after)
        return Response(
            {
                "old": old.number if old else 0,
                "new": new.number,
                "changed": changed,
                "material": [key for key in changed if key in rules.MATERIAL],
                "sections": [
                    {
                        "key": key,
                        "title": str(rules.label(key)),
                        "rows": [{"kind": row.kind, "old": row.old, "new": row.new} for row in rows],
                    }
                    for key, rows in rules.diff(before, after).items()
                ],
            }
        )

    def other(self, version, number):
        """The version of the same brief with this number; 0 is the empty one."""
        found = (
            self.rows().filter(brief=version.brief_id, number=number).first()
            if number.isdecimal() and len(number) < 9
            else None
        )
        if found is None and number != "0":
            sentence = str(_("The brief has no such version."))
            raise Invalid(sentence, code="version_unknown", errors={"against": sentence})
        return found


class BriefShareOut(Out):
    class Meta:
        model = BriefShare
        fields = [*BASE, "brief", "campaign", "section", "organization"]


class BriefShareIn(serializers.Serializer):
    brief = RowField(Brief)
    section = serializers.CharField(max_length=60)
    organization = RowField(Organization, active=True)


class BriefShareFilter(CampaignFilter):
    section = filters.CharFilter()
    organization = filters.UUIDFilter(field_name="organization_id")


class BriefShareViewSet(ResourceViewSet):
    model, out, filterset_class = BriefShare, BriefShareOut, BriefShareFilter

    @extend_schema(request=BriefShareIn, responses={201: BriefShareOut})
    def create(self, request):
        return self.one(actions.share_section(self.actor, **self.read(BriefShareIn)), 201)

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        row = self.find()
        actions.unshare_section(self.actor, share=row, seen=self.seen(row))
        return Response(status=204)


ROUTES = [("briefs", BriefViewSet), ("brief-versions", BriefVersionViewSet), ("brief-shares", BriefShareViewSet)]
