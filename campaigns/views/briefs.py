"""The brief: read, edit, split a document, versions, comparison, shares."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns import actions
from campaigns.forms import BriefForm, OfferFormSet, PersonaFormSet, ShareForm, SplitForm
from campaigns.forms.briefs import cards_of
from campaigns.importers import read_document
from campaigns.models import Brief, BriefShare, BriefVersion
from campaigns.permissions import can_plan
from campaigns.rules import brief as rules
from campaigns.rules import cards
from campaigns.views import find_campaign
from core.errors import PharosError, Stale


def versions_of(request, campaign):
    return BriefVersion.objects.visible_to(request.actor).of(campaign).select_related("author")


def current_of(request, campaign):
    """The version in force, or None."""
    return versions_of(request, campaign).order_by("-number").first()


def brief(request, slug, code):
    campaign = find_campaign(request, code)
    return read_page(request, campaign, current_of(request, campaign))


def version(request, slug, code, number):
    campaign = find_campaign(request, code)
    found = get_object_or_404(versions_of(request, campaign), number=number)
    return read_page(request, campaign, found, is_old=found.number != current_of(request, campaign).number)


def read_page(request, campaign, found, is_old=False, share_form=None):
    shares = {}
    for each in BriefShare.objects.visible_to(request.actor).of(campaign).select_related("organization"):
        shares.setdefault(each.section, []).append(each)
    context = {
        "campaign": campaign,
        "version": found,
        "is_old": is_old,
        "sections": sections_of(found, shares),
        "may_plan": can_plan(request.actor, campaign),
        "share_form": ShareForm(actor=request.actor, auto_id=False),
        "refused": share_form,
    }
    return render(request, "campaigns/brief.html", context, status=422 if share_form else 200)


def sections_of(found, shares):
    """What the page shows a section: its text, its cards as (label, value) lists, who it is shared with."""
    if found is None:
        return []
    texts = {section["key"]: section["text"] for section in found.sections}
    keys = rules.in_order(found.texts())
    decks = {
        "personas": [card_lines(card, cards.PERSONA) for card in found.personas],
        "offers": [card_lines(card, cards.OFFER) for card in found.offers],
    }
    return [
        {
            "key": key,
            "label": rules.label(key),
            "text": texts.get(key, ""),
            "cards": decks.get(key, []),
            "is_material": key in rules.MATERIAL,
            "shares": shares.get(key, []),
        }
        for key in keys
    ]


def card_lines(card, fields):
    """A card's name and the (label, value) pairs below it."""
    return card["name"], [(label, card[field]) for field, label in fields.items() if field != "name" and field in card]


class Draft:
    """What a person is writing: the form of sections and the two sets of cards."""

    def __init__(self, data=None, *, texts=None, personas=(), offers=(), based_on=0):
        self.form = BriefForm(data, texts=texts, based_on=based_on)
        self.personas = PersonaFormSet(data, prefix="personas", initial=list(personas))
        self.offers = OfferFormSet(data, prefix="offers", initial=list(offers))

    @classmethod
    def of(cls, found, texts=None):
        """A draft that begins with a version; `texts` replace its sections."""
        if found is None:
            return cls(texts=texts)
        old = {section["key"]: section["text"] for section in found.sections}
        return cls(texts=old | (texts or {}), personas=found.personas, offers=found.offers, based_on=found.number)

    def is_valid(self):
        return all([self.form.is_valid(), self.personas.is_valid(), self.offers.is_valid()])

    def content(self):
        """Keyword arguments of `save_brief`."""
        return {
            "sections": self.form.sections(),
            "personas": cards_of(self.personas),
            "offers": cards_of(self.offers),
            "note": self.form.cleaned_data["note"],
            "based_on": self.form.cleaned_data["based_on"],
        }


def edit(request, slug, code):
    campaign = find_campaign(request, code)
    found = current_of(request, campaign)
    if request.method != "POST":
        return edit_page(request, campaign, Draft.of(found))
    draft = Draft(request.POST)
    if draft.is_valid():
        try:
            saved = actions.save_brief(request.actor, campaign=campaign, **draft.content())
        except Stale:
            return conflict(request, campaign, draft)
        except PharosError as error:
            draft.form.add_error(None, " ".join(map(str, error.errors.values())) or str(error))
        else:
            told = _("Version %(number)d is saved.") % {"number": saved.number} if saved else _("Nothing was changed.")
            messages.success(request, told)
            return redirect("campaigns:brief", slug, code)
    return edit_page(request, campaign, draft, status=422)


def conflict(request, campaign, draft):
    """Somebody saved first: their version stands beside the text, which stays as it was typed."""
    theirs = current_of(request, campaign)
    content = draft.content()
    sections = cards.clean_sections(content["sections"])
    mine = cards.as_texts(sections, content["personas"], content["offers"])
    draft.form.data = draft.form.data.copy()
    draft.form.data["based_on"] = theirs.number
    return edit_page(request, campaign, draft, theirs=theirs, differences=sides(theirs.texts(), mine), status=422)


def edit_page(request, campaign, draft, status=200, **more):
    context = {"campaign": campaign, "draft": draft, "form": draft.form, **more}
    return render(request, "campaigns/brief_edit.html", context, status=status)


def split(request, slug, code):
    """Read a pasted text or a document and show what was found as an unsaved draft."""
    campaign = find_campaign(request, code)
    form = SplitForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            texts = split_texts(form.cleaned_data)
        except PharosError as error:
            form.add_error(None, str(error))
        else:
            draft = Draft.of(current_of(request, campaign), texts)
            found = [rules.label(key) for key in texts]
            return edit_page(request, campaign, draft, found=found)
    status = 422 if form.errors else 200
    return render(request, "campaigns/brief_split.html", {"campaign": campaign, "form": form}, status=status)


def split_texts(values):
    """{section key: text} of what was pasted or chosen; further sections beyond what a brief holds are joined."""
    file = values.get("file")
    text = read_document(file, file.name) if file else values["text"]
    return rules.split(text)


def versions(request, slug, code):
    campaign = find_campaign(request, code)
    rows = list(versions_of(request, campaign).order_by("-number"))
    for row in rows:
        row.labels = [rules.label(key) for key in row.changed_sections]
    return render(request, "campaigns/brief_versions.html", {"campaign": campaign, "versions": rows})


def compare(request, slug, code):
    """Two versions side by side; `from` and `to` are their numbers, by default the last two."""
    campaign = find_campaign(request, code)
    by_number = {row.number: row for row in versions_of(request, campaign)}
    new = chosen(request.GET.get("to"), by_number, max(by_number, default=0))
    old = chosen(request.GET.get("from"), by_number, new - 1 if new else 0)
    before, after = (by_number[number].texts() if number else {} for number in (old, new))
    changed = rules.changed_sections(before, after)
    context = {
        "campaign": campaign,
        "numbers": sorted(by_number),
        "old": old,
        "new": new,
        "sections": sides(before, after),
        "changed": [(rules.label(key), key in rules.MATERIAL) for key in changed],
        "is_material": not rules.MATERIAL.isdisjoint(changed),
    }
    return render(request, "campaigns/brief_compare.html", context)


def chosen(text, by_number, otherwise):
    """A version's number out of the query string; 0 is the empty brief. 404 for one that is not there."""
    if not text:
        return otherwise
    number = int(text) if text.isdecimal() and len(text) < 9 else -1
    if number != 0 and number not in by_number:
        raise Http404
    return number


def sides(before, after):
    """The changed sections of two versions in the shape of components/diff.html."""
    changed = set(rules.changed_sections(before, after))
    return [
        {
            "label": rules.label(key) + (f" · {_('material')}" if key in rules.MATERIAL else ""),
            "rows": [{"kind": row.kind, "left": row.old or (), "right": row.new or ()} for row in rows],
        }
        for key, rows in rules.diff(before, after).items()
        if key in changed
    ]


@require_POST
def share(request, slug, code):
    campaign = find_campaign(request, code)
    found = get_object_or_404(Brief.objects.visible_to(request.actor), campaign=campaign)
    form = ShareForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            actions.share_section(request.actor, brief=found, **form.cleaned_data)
        except PharosError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The section is shared."))
            return redirect("campaigns:brief", slug, code)
    return read_page(request, campaign, current_of(request, campaign), share_form=form)


@require_POST
def unshare(request, slug, code, pk):
    campaign = find_campaign(request, code)
    row = get_object_or_404(BriefShare.objects.visible_to(request.actor).of(campaign), pk=pk)
    actions.unshare_section(request.actor, share=row)
    messages.success(request, _("The section is no longer shared."))
    return redirect("campaigns:brief", slug, code)
