"""The shape of what people type into the pages of campaigns."""

from campaigns.forms.briefs import BriefForm, OfferFormSet, PersonaFormSet, ShareForm, SplitForm
from campaigns.forms.budget import (
    BudgetAskForm,
    BudgetLineForm,
    CommitmentForm,
    DecisionForm,
    NewCommitmentForm,
    ReasonForm,
    SettleForm,
    TableForm,
    ThresholdForm,
)
from campaigns.forms.campaigns import CampaignForm, PhaseForm, ProgrammeForm, StepForm
from campaigns.forms.goals import GoalForm, KpiForm, MoveForm, TargetsForm
from campaigns.forms.notes import AnnotationForm, CommentForm, RateForm, RatesForm
from campaigns.forms.people import ContactForm, DelegationForm, FunctionForm, MemberForm, NewFunctionForm
from campaigns.forms.questions import AnswerForm, PartnerQuestionForm, QuestionForm
from campaigns.forms.readiness import AccessItemForm, LaunchForm, MarkForm, ProofForm, ReadinessLineForm, SignForm
from campaigns.forms.vocabulary import ChannelForm, MarketForm, MetricForm

__all__ = [
    "AccessItemForm",
    "AnnotationForm",
    "AnswerForm",
    "BriefForm",
    "BudgetAskForm",
    "BudgetLineForm",
    "CampaignForm",
    "ChannelForm",
    "CommentForm",
    "CommitmentForm",
    "ContactForm",
    "DecisionForm",
    "DelegationForm",
    "FunctionForm",
    "GoalForm",
    "KpiForm",
    "LaunchForm",
    "MarkForm",
    "MarketForm",
    "MemberForm",
    "MetricForm",
    "MoveForm",
    "NewCommitmentForm",
    "NewFunctionForm",
    "OfferFormSet",
    "PartnerQuestionForm",
    "PersonaFormSet",
    "PhaseForm",
    "ProgrammeForm",
    "ProofForm",
    "QuestionForm",
    "RateForm",
    "RatesForm",
    "ReadinessLineForm",
    "ReasonForm",
    "SettleForm",
    "ShareForm",
    "SignForm",
    "SplitForm",
    "StepForm",
    "TableForm",
    "TargetsForm",
    "ThresholdForm",
]
