"""What a partner sees of its assets and does with them: list, page, handing in, review. Rows are the seat's alone."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.models.faces import names_for
from assets import actions
from assets.choices import Stage
from assets.forms import AddressForm, FileForm, TextForm
from assets.models import Asset, AssetVersion, Pin, Review
from assets.models.heard import feedback, of_partner, stood
from assets.permissions import can_deliver, can_fetch
from assets.rules import partner as rules
from assets.rules import stages, standards
from assets.views import ICONS
from assets.views.one import handing_in, versions_of
from assets.views.reviews import done
from campaigns.permissions import can_ask
from campaigns.rules.brief import diff_text
from core.errors import PharosError, Stale

GROUPS = (
    ("waits", gettext_lazy("Waits for you")),
    ("review", gettext_lazy("With the client")),
    ("done", gettext_lazy("Approved and in use")),
)


def group_of(asset):
    return "waits" if asset.waits else "review" if asset.standing == "review" else "done"


def listing(request, slug):
    """The organisation's assets by the day they have to be handed in: what waits for it first."""
    assets = stood(list(of_partner(request.actor)), timezone.localdate())
    words = feedback(request.actor, [asset.pk for asset in assets if asset.standing == rules.RETURNED])
    for asset in assets:
        asset.icon, asset.words = ICONS[asset.kind], words.get(asset.pk, ())
    groups = [(label, [one for one in assets if group_of(one) == key]) for key, label in GROUPS]
    campaigns = list({one.campaign_id: one.campaign for one in assets if can_deliver(request.actor, one)}.values())
    context = {"slug": slug, "groups": [group for group in groups if group[1]], "campaigns": campaigns}
    return render(request, "assets/partner_list.html", context)


def asset_of(request, pk):
    """An asset of the seat's organisation in a campaign granted for it, or 404."""
    rows = Asset.objects.visible_to(request.actor).active().with_review()
    related = ("campaign", "campaign__workspace", "workspace", "standard", "channel", "route")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def detail(request, slug, pk):
    return page_of(request, asset_of(request, pk))


def page_of(request, asset, status=200, **more):
    """The page of an asset; `more` are forms that were refused, or what somebody else handed in meanwhile."""
    actor = request.actor
    stood([asset], timezone.localdate())
    versions = versions_of(actor, asset)
    names = names_for(actor, [one.uploader for one in versions])
    for one in versions:
        one.by = names.get(one.uploader_id, "")
        one.may_fetch = bool(can_fetch(actor, one))
    current = versions[0] if versions else None
    may_work = bool(can_deliver(actor, asset))
    pins = Pin.objects.visible_to(actor).open().filter(version=current) if current else Pin.objects.none()
    context = {
        "slug": asset.workspace.slug,
        "asset": asset,
        "icon": ICONS[asset.kind],
        "versions": versions,
        "current": current,
        "says": standards.said(asset.standard.demands) if asset.standard else "",
        "words": feedback(actor, [asset.pk]).get(asset.pk, ()),
        "may_work": may_work,
        "made_first": asset.standing not in (rules.TO_MAKE, rules.RETURNED, Stage.REVIEW),
        "is_approved": asset.stage in (Stage.APPROVED, Stage.IN_USE),
        "takes_versions": may_work and asset.stage in stages.TAKES_VERSIONS,
        "may_submit": may_work and asset.standing == rules.TO_SUBMIT and asset.route_id is not None,
        "may_ask": bool(can_ask(actor, asset.campaign)),
        "review": running(asset),
        "open_pins": pins.count(),
        **handing_in(asset, current),
        **more,
    }
    return render(request, "assets/partner_asset.html", context, status=status)


def running(asset):
    """The review under way, which may be withdrawn."""
    return Review.objects.filter(asset=asset, state="running").only("pk").first()


@require_POST
def add_version(request, slug, pk):
    """Hand in the next version: a file, the words, or the address of a page."""
    asset = asset_of(request, pk)
    way = next((name for name in ("url", "text") if name in request.POST), "file")
    form = FORMS[way](request.POST, request.FILES, auto_id=f"{NAMES[way]}_%s")
    if not form.is_valid():
        return page_of(request, asset, 422, **{f"{NAMES[way]}_form": form})
    given = {("upload" if name == "file" else name): value for name, value in form.cleaned_data.items()}
    try:
        made = actions.add_version(request.actor, asset=asset, **given)
    except Stale:
        return conflict(request, asset, form)
    except PharosError as error:
        form.add_error(None, " ".join(map(str, error.errors.values())) or str(error))
        return page_of(request, asset, 422, **{f"{NAMES[way]}_form": form})
    same = hasattr(made, "is_same")
    words = {"number": made.number}
    sentence = _("Nothing differs from the version there is.") if same else _("Version %(number)d is handed in.")
    messages.success(request, sentence % words if not same else sentence)
    return redirect("assets:partner-asset", slug, pk)


FORMS = {"text": TextForm, "file": FileForm, "url": AddressForm}
NAMES = {"text": "text", "file": "file", "url": "address"}


def conflict(request, asset, form):
    """Somebody handed in a version first: it stands beside the words, which stay as they were typed."""
    asset.refresh_from_db(fields=["current_number", "lock_version", "stage"])
    theirs = AssetVersion.objects.get(asset=asset, number=asset.current_number)
    form.data = form.data.copy()
    form.data["based_on"] = asset.current_number
    typed = form.cleaned_data["text"]
    rows = [{"kind": row.kind, "left": row.old or (), "right": row.new or ()} for row in diff_text(theirs.text, typed)]
    differences = [{"label": _("Their version on the left, your words on the right"), "rows": rows}]
    return page_of(request, asset, 422, text_form=form, theirs=theirs, sections=differences)


@require_POST
def submit(request, slug, pk):
    """Bring the newest version to review along the route the client chose."""
    asset = asset_of(request, pk)
    done(
        request,
        lambda: actions.submit_for_review(request.actor, asset=asset),
        lambda review: _("Version %(number)d is with the client now.") % {"number": review.version.number},
    )
    return redirect("assets:partner-asset", slug, pk)


@require_POST
def withdraw(request, slug, pk):
    """Take the review back to go on working."""
    asset = asset_of(request, pk)
    review = running(asset)
    if review is None:
        messages.error(request, _("No review is under way."))
        return redirect("assets:partner-asset", slug, pk)
    full = Review.objects.select_related("asset", "asset__campaign", "campaign").get(pk=review.pk)
    done(
        request,
        lambda: actions.withdraw(request.actor, review=full),
        lambda _review: _("The review is withdrawn; you may go on working."),
    )
    return redirect("assets:partner-asset", slug, pk)
