"""Acts on one asset: open, change, archive."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from assets.actions.checks import recheck
from assets.actions.schedule import day_of
from assets.models import Asset, Verdict
from assets.permissions import can_make
from assets.rules import codes
from assets.rules.review import FOR
from campaigns.actions.goals import check_campaign
from campaigns.actions.writing import archive, once, restore, visible_changes
from campaigns.permissions import can_plan
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.search import segmented
from core.swap import swap

TEXTS = ("title", "code", "instructions", "language")
LINKS = ("maker", "organization", "standard", "route", "phase", "channel", "task")
DAYS = ("lead_days", "due_date")
FIELDS = frozenset((*TEXTS, *LINKS, *DAYS, "is_required"))
MOST_LEAD = 250


def invalid(field, sentence):
    return Invalid(sentence, code=f"{field}_invalid", errors={field: sentence})


def check_living(asset):
    """Archived assets are restored before anything is done with them."""
    if asset.archived_at is not None:
        raise RuleBroken(_("This asset is archived. Restore it first."), code="archived")


def checked(campaign, row, changes):
    """The changes ready to write to `row` (a stored or a new Asset): cleaned, or refused."""
    if unknown := set(changes) - FIELDS:
        raise TypeError(f"An asset has no {', '.join(sorted(unknown))}.")
    values = dict(changes)
    check_campaign(campaign, phase=values.get("phase"), task=values.get("task"))
    if (route := values.get("route")) and route.campaign_id not in (None, campaign.pk):
        raise invalid("route", _("This belongs to another campaign."))
    if "title" in values:
        values["title"] = values["title"].strip()
        if not values["title"]:
            raise invalid("title", _("Give the asset a title."))
    if "code" in values:
        values["code"] = codes.clean(values["code"])
    _check_maker(campaign, row, values.get("maker"))
    _check_standard(row, values.get("standard"))
    if not 0 <= (values.get("lead_days") or 0) <= MOST_LEAD:
        raise invalid("lead_days", _("Give 0 to 250 working days."))
    seen = {name: values.get(name, getattr(row, name)) for name in ("title", "code", "instructions")}
    return values | {"search_text": segmented(*seen.values())}


def _check_maker(campaign, row, maker):
    if maker is None or maker.pk == row.maker_id:
        return
    if not Membership.objects.filter(workspace_id=campaign.workspace_id, user=maker).exists():
        raise invalid("maker", _("Choose a person of this workspace."))
    said = Verdict.objects.filter(version__asset=row, version__number=row.current_number, decision__in=FOR)
    if row.current_number and said.filter(reviewer=maker).exists():
        raise invalid("maker", _("%(person)s approved this version and cannot become its maker.") % {"person": maker})


def _check_standard(row, standard):
    if standard is not None and standard.kind != row.kind:
        words = {"kind": row.get_kind_display(), "other": standard.get_kind_display()}
        raise invalid("standard", _("This standard is for “%(other)s”, the asset is “%(kind)s”.") % words)


def _code_once():
    return once("code", _("Another asset of this campaign has this code."))


def write_kpis(asset, kpis, before):
    """Link the asset to these KPIs of its campaign; the diff, empty when nothing changed."""
    for kpi in kpis:
        check_campaign(asset.campaign, kpis=kpi)
    before, after = {kpi.pk: kpi.name for kpi in before}, {kpi.pk: kpi.name for kpi in kpis}
    if before.keys() == after.keys():
        return {}
    asset.kpis.set(kpis)
    getattr(asset, "_prefetched_objects_cache", {}).clear()
    return {"kpis": [sorted(before.values()), sorted(after.values())]}


@transaction.atomic
def create_asset(actor, *, campaign, title, kind, code="", kpis=(), **values):
    """Open an asset in the topic pool; without a code one is suggested."""
    require(can_make(actor, campaign))
    there = Asset.objects.filter(campaign=campaign).order_by()
    code = code or codes.suggest(title, kind, taken=there.values_list("code", flat=True))
    last = there.aggregate(last=Max("position"))["last"]
    row = Asset(workspace_id=campaign.workspace_id, campaign=campaign, kind=kind)
    for field, value in checked(campaign, row, {**values, "title": title, "code": code}).items():
        setattr(row, field, value)
    row.position = 0 if last is None else last + 1
    row.submit_by = day_of(row)
    with _code_once():
        row.save(force_insert=True)
    write_kpis(row, kpis, before=())
    record(actor, "assets.asset_created", row)
    return row


@transaction.atomic
def update_asset(actor, *, asset, seen=None, kpis=None, **changes):
    """Change what is said of an asset; what is not given stays."""
    require(can_plan(actor, asset))
    check_living(asset)
    values = checked(asset.campaign, asset, changes)
    diff = write_kpis(asset, kpis, before=asset.kpis.all()) if kpis is not None else {}
    with _code_once():
        diff |= swap(asset, seen=seen, **values)
    if set(diff) & {*DAYS, "organization"}:
        swap(asset, submit_by=day_of(asset))
    if set(diff) == {"kpis"}:
        swap(asset, updated_at=timezone.now())
    if "standard" in diff:
        recheck(asset)
    if diff:
        record(actor, "assets.asset_changed", asset, changes=visible_changes(diff))
    return asset


@transaction.atomic
def archive_asset(actor, *, asset, seen=None):
    """Put an asset away; what is under review or in use is brought to an end first. Twice is once."""
    require(can_plan(actor, asset))
    if asset.stage in ("review", "in_use"):
        sentence = _("An asset that is in review or in use is not archived. Withdraw or retire it first.")
        raise RuleBroken(sentence, code="still_needed")
    return archive(actor, asset, "asset_archived", seen=seen)


@transaction.atomic
def restore_asset(actor, *, asset, seen=None):
    """Bring an archived asset back; twice is once."""
    require(can_plan(actor, asset))
    return restore(actor, asset, "asset_restored", seen=seen)
