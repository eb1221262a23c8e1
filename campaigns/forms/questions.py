"""Questions and answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActForm
from accounts.models import Organization
from campaigns.models import BriefVersion, Campaign
from campaigns.rules import brief as rules
from campaigns.rules.questions import LONGEST


def words(label, rows=3):
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}))


class QuestionForm(ActForm):
    """Ask among ourselves, or a partner."""

    lock_version = None
    text = words(_("Question"))
    organization = forms.ModelChoiceField(
        label=_("Whom"), queryset=Organization._base_manager.none(), required=False, empty_label=_("our own people")
    )
    section = forms.ChoiceField(label=_("About a section of the brief"), required=False)

    def __init__(self, *args, actor, campaign, **options):
        super().__init__(*args, **options)
        partners = Organization.objects.visible_to(actor).active().exclude(kind="in_house")
        self.fields["organization"].queryset = partners.order_by("name")
        version = BriefVersion.objects.visible_to(actor).of(campaign).order_by("-number").first()
        texts = version.texts() if version else {}
        self.fields["section"].choices = [("", _("no section")), *((key, rules.label(key)) for key in texts)]


class PartnerQuestionForm(ActForm):
    """Ask the client; `about` names one of the organisation's own things. `subject_of` finds it."""

    lock_version = None
    campaign = forms.ModelChoiceField(label=_("Campaign"), queryset=Campaign._base_manager.none(), empty_label=None)
    text = words(_("Question"))
    about = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    section = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    subject_of = staticmethod(lambda about: None)

    def __init__(self, *args, campaigns, **options):
        super().__init__(*args, **options)
        self.fields["campaign"].queryset = campaigns

    def values(self):
        values = super().values()
        subject = self.subject_of(values.pop("about"))
        return values | {"subject": subject if subject and subject.campaign_id == values["campaign"].pk else None}


class AnswerForm(ActForm):
    lock_version = None
    answer = words(_("Answer"), 4)
