"""Who reaches which sections of a campaign: a menu per section, and the days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import MEMBER_AREAS, PARTNER_AREAS, READ_ONLY_AREAS, USUAL_PARTNER_AREAS
from accounts.forms import AREA_WORDS
from accounts.models import Membership, Organization
from campaigns.forms.fields import PlanDateField, PlanForm

PARTNER_WORDS = {
    "brief": _("The sections of the brief shared with them"),
    "tasks": _("Their own tasks"),
    "assets": _("The assets they deliver"),
    "placements": _("Their own placements, with their money"),
    "questions": _("Questions and answers"),
    "reviews": _("Reviews in which they are asked"),
    "downloads": _("Approved files, to take along"),
}
SHORT_WORDS = {
    "brief": _("Brief"),
    "campaigns": _("Plan"),
    "budget": _("Budget"),
    "tasks": _("Tasks"),
    "raci": _("RACI matrix"),
    "assets": _("Assets"),
    "placements": _("Placements"),
    "analytics": _("Figures"),
    "risks": _("Risks"),
    "questions": _("Questions"),
    "reviews": _("Reviews"),
    "downloads": _("Downloads"),
}
LEVELS = [("", _("nothing")), ("read", _("look")), ("write", _("look and work"))]


class GrantForm(PlanForm):
    """The sections as `areas`; what is left out is not granted."""

    start_date = PlanDateField(label=_("First day"), required=False)
    finish_date = PlanDateField(label=_("Last day"), required=False)

    def __init__(self, *args, is_partner, **options):
        super().__init__(*args, **options)
        words = PARTNER_WORDS if is_partner else AREA_WORDS
        self.sections = PARTNER_AREAS if is_partner else MEMBER_AREAS
        granted = self.row.areas if self.row else dict.fromkeys(USUAL_PARTNER_AREAS, "write") if is_partner else {}
        for area in self.sections:
            levels = [one for one in LEVELS if not (area in READ_ONLY_AREAS and one[0] == "write")]
            initial = granted.get(area, "")
            initial = "read" if initial == "write" and area in READ_ONLY_AREAS else initial
            self.fields[f"area_{area}"] = forms.ChoiceField(
                label=words[area], choices=levels, required=False, initial=initial
            )

    @property
    def menus(self):
        """The fields of the sections, for the page."""
        return [self[f"area_{area}"] for area in self.sections]

    def values(self):
        typed = super().values()
        areas = {area: typed.pop(f"area_{area}") for area in self.sections}
        return typed | {"areas": {area: level for area, level in areas.items() if level}}


class NewGrantForm(GrantForm):
    """With whom it is for: the partners and limited members that have no access to the campaign yet."""

    def __init__(self, *args, is_partner, taken, **options):
        super().__init__(*args, is_partner=is_partner, **options)
        if is_partner:
            rows = Organization.objects.visible_to(self.actor).active().exclude(kind="in_house").exclude(pk__in=taken)
            field = forms.ModelChoiceField(queryset=rows.order_by("name"), label=_("Organisation"))
        else:
            rows = Membership.objects.visible_to(self.actor).of_people().filter(is_limited=True).exclude(pk__in=taken)
            field = forms.ModelChoiceField(queryset=rows.select_related("user"), label=_("Member"))
        self.fields["organization" if is_partner else "membership"] = field
