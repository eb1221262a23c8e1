"""The workspace's words: metrics, channels, markets."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.views import form_page
from campaigns import actions
from campaigns.choices import MetricKind
from campaigns.forms import ChannelForm, MarketForm, MetricForm
from campaigns.models import Channel, Market, Metric
from campaigns.permissions import can_name
from campaigns.rules import vocabulary as rules
from campaigns.views import offer_undo, undone
from core.errors import PharosError
from core.search import normalise

KINDS = {
    "metrics": (Metric, MetricForm, gettext_lazy("Metrics")),
    "channels": (Channel, ChannelForm, gettext_lazy("Channels")),
    "markets": (Market, MarketForm, gettext_lazy("Markets")),
}


def known(kind):
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def vocabulary(request, slug, kind="metrics"):
    model, _form, label = known(kind)
    rows = model.objects.visible_to(request.actor)
    archived = request.GET.get("archived") == "1"
    words = normalise(request.GET.get("q", ""))[:100]
    rows = list(rows.exclude(archived_at=None) if archived else rows.active())
    context = {
        "kind": kind,
        "kind_label": label,
        "rows": [row for row in rows if words in normalise(" ".join([row.code, *row.labels.values()]))],
        "archived": archived,
        "kinds": [
            {"label": text, "url": reverse("campaigns:vocabulary", args=[slug, name]), "active": name == kind}
            for name, (_model, _form, text) in KINDS.items()
        ],
        "may_name": can_name(request.actor),
    }
    return render(request, "campaigns/vocabulary.html", context)


def create(request, slug, kind):
    model, form_class, label = known(kind)
    form = form_class(request.POST or None)
    if form.carries_out(lambda **typed: actions.add_word(request.actor, model=model, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:vocabulary", slug, kind)
    return form_page(request, "campaigns/word.html", form, kind=kind, kind_label=label)


def find(request, kind, pk):
    return get_object_or_404(known(kind)[0].objects.visible_to(request.actor), pk=pk)


def edit(request, slug, kind, pk):
    word = find(request, kind, pk)
    _model, form_class, label = known(kind)
    form = form_class(request.POST or None, row=word)
    if form.carries_out(lambda **typed: actions.update_word(request.actor, word=word, **typed)):
        messages.success(request, _("Saved."))
        return redirect("campaigns:vocabulary", slug, kind)
    return form_page(request, "campaigns/word.html", form, kind=kind, kind_label=label, word=word)


@require_POST
def archive(request, slug, kind, pk):
    word = find(request, kind, pk)
    try:
        actions.archive_word(request.actor, word=word)
    except PharosError as error:
        messages.error(request, str(error))
    else:
        undo = reverse("campaigns:word-restore", args=[slug, kind, pk])
        offer_undo(request, _("“%(name)s” is archived.") % {"name": word}, undo)
    return redirect("campaigns:vocabulary", slug, kind)


@require_POST
def restore(request, slug, kind, pk):
    word = actions.restore_word(request.actor, word=find(request, kind, pk))
    url = reverse("campaigns:vocabulary", args=[slug, kind])
    return undone(request, _("“%(name)s” is back.") % {"name": word}, url)


def formula(request, slug):
    """Say while it is typed whether a formula can be read."""
    text, code = request.GET.get("formula", ""), request.GET.get("code", "").lower()
    rows = Metric.objects.visible_to(request.actor)
    labels = {row.code: row.label for row in rows}
    error = ""
    try:
        rules.check_formula(code, MetricKind.DERIVED, text, {row.code: row.formula for row in rows})
    except PharosError as refused:
        error = str(refused)
    named = [(name, labels.get(name)) for name in rules.names_in(text)]
    context = {"text": text, "error": error if text.strip() else "", "named": named}
    return render(request, "campaigns/_formula.html", context)
