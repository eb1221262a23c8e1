"""Members, functions, delegates and contact points of a campaign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from campaigns.choices import Function
from campaigns.forms.fields import PersonField, PlanDateField, PlanForm, capped
from campaigns.models import CampaignMember


class MemberForm(PlanForm):
    user = PersonField(label=_("Person"))
    function = forms.ChoiceField(label=_("Function"), choices=[])
    organization = forms.ModelChoiceField(queryset=None, label=_("Organisation"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["function"].choices = capped(Function.choices)
        self.offer("organization", Organization.objects.visible_to(self.actor).active())


class NewFunctionForm(PlanForm):
    function = forms.ChoiceField(label=_("Function"), choices=[])

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["function"].choices = capped(Function.choices)


class FunctionForm(PlanForm):
    duties = forms.CharField(
        label=_("Duties"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    boundary = forms.CharField(
        label=_("Where they end"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What belongs to somebody else, so that nothing is done twice or by nobody."),
    )
    organization = forms.ModelChoiceField(
        queryset=None,
        label=_("Held by an organisation"),
        required=False,
        help_text=_("All of its people then stand behind the function."),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.offer("organization", Organization.objects.visible_to(self.actor).active())


class MemberChoice(forms.ModelChoiceField):
    """A member of the campaign: the person and the function they have."""

    def label_from_instance(self, member):
        return str(member)


class DelegationForm(PlanForm):
    member = MemberChoice(queryset=None, label=_("Member"))
    delegate = PersonField(label=_("Stood in for by"))
    start_date = PlanDateField(label=_("First day"))
    finish_date = PlanDateField(label=_("Last day"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args, campaign, **options):
        super().__init__(*args, **options)
        members = CampaignMember.objects.visible_to(self.actor).of(campaign)
        self.offer("member", members.select_related("user").order_by("user__name", "function"))
        if self.row is not None:
            del self.fields["member"]


class ContactForm(PlanForm):
    topic = forms.CharField(label=_("Topic"), max_length=120)
    user = PersonField(label=_("Contact"))
    deputy = PersonField(label=_("Deputy"), required=False)
    reach = forms.CharField(
        label=_("How to reach"), max_length=200, required=False, help_text=_("Phone, WeChat, a mailbox …")
    )
    reply_hours = forms.IntegerField(label=_("Reply within (hours)"), min_value=1, max_value=2160, required=False)
