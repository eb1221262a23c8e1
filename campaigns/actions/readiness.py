"""The readiness of a campaign: the lines of its board, those that are signed by name, boards that were kept."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Membership
from campaigns import signals
from campaigns.actions.access import uncovered
from campaigns.actions.writing import archive, restore, today_of, zone_of
from campaigns.choices import AccessKind, LineGroup, LineState
from campaigns.models import AccessItem, Brief, Campaign, Kpi, ReadinessLine, ReadinessSnapshot
from campaigns.permissions import can_plan, can_sign, can_withdraw, signers
from campaigns.rules import access
from campaigns.rules import readiness as rules
from campaigns.rules.goals import lint
from campaigns.rules.readiness import Line
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.files import discard, store
from core.querysets import how_many
from core.swap import swap

UNSIGNED = {"signed_by": None, "signed_at": None, "evidence": "", "file": None}


# --- the lines of the board -----------------------------------------------------------------------------------------


def lines_of(actor, campaign, *, today):
    """All lines of a campaign's board as they stand on a day (the campaign's own day), in the board's order."""
    about = {"sender": Campaign, "actor": actor, "campaign": campaign}
    counts = counts_of(campaign, signals.readiness_counts_asked.send(**about))
    answers = signals.readiness_asked.send(**about, today=today, counts=counts)
    own = [*plan_lines(campaign, counts), *access_lines(actor, campaign, today), *added_lines(actor, campaign, today)]
    return rules.in_order([*own, *(line for _receiver, lines in answers for line in lines or ())])


def counts_of(campaign, answers):
    """{name: how many} of what every floor wants counted for its lines: one question."""
    wanted = {name: rows for _receiver, found in answers for name, rows in (found or {}).items()}
    found = Campaign.objects.filter(pk=campaign.pk).values_list(*map(how_many, wanted.values())).get()
    return dict(zip(wanted, (count or 0 for count in found), strict=True))


def plan_lines(campaign, counts):
    """The brief and the KPIs."""
    place = [campaign.workspace.slug, campaign.code]
    return [
        Line(
            code="brief_written",
            label=_("Brief"),
            **_either(counts["briefs"], _("The brief is written."), _("Write the brief first.")),
            url=reverse("campaigns:brief", args=place),
        ),
        Line(
            code="kpi_measurable",
            label=_("KPIs"),
            **_either(
                has_measurable_kpi(campaign),
                _("At least one KPI can be measured."),
                _("At least one KPI must be complete."),
            ),
            url=reverse("campaigns:goals", args=place),
        ),
    ]


def _either(is_met, fine, broken):
    return {"state": LineState.OK if is_met else LineState.BLOCK, "detail": fine if is_met else broken}


def has_brief(campaign):
    return Brief.objects.written().of(campaign).exists()


def has_measurable_kpi(campaign):
    rows = Kpi.objects.active().of(campaign).worth_a_lint()
    return any(not lint(leaf) for _goal, leaf in rows.leaves(campaign))


def access_lines(actor, campaign, today):
    """Ad accounts are listed, what is listed is proven, the tracking came through."""
    url = reverse("campaigns:access", args=[campaign.workspace.slug, campaign.code])
    rows = list(AccessItem.objects.visible_to(actor).active().of(campaign))
    items = [row.standing(today, zone_of(campaign)) for row in rows]
    tracking = [item for item in items if item.kind == AccessKind.TRACKING]
    others = [item for item in items if item.kind != AccessKind.TRACKING]
    without = [subject.label for subject in uncovered(actor, campaign, rows)]
    said = (
        ("accounts_listed", _("Ad accounts listed"), access.listed(without)),
        ("accounts_proven", _("Accounts and tools proven"), access.proven(others)),
        ("tracking_tested", _("Tracking tested"), access.tracked(tracking)),
    )
    return [
        Line(code, label, state, detail, url, count, LineGroup.ACCESS) for code, label, (state, detail, count) in said
    ]


def added_lines(actor, campaign, today):
    """What the campaign added itself, as signed as it is."""
    rows = ReadinessLine.objects.visible_to(actor).active().of(campaign).with_people()
    return [
        Line(
            code=f"signed:{row.pk}",
            label=row.title,
            state=row.state_on(today),
            detail=rules.signature(
                owner=row.owner.name,
                needed=row.needed,
                by=row.signed_by and row.signed_by.name,
                at=row.signed_at and row.signed_at.astimezone(zone_of(campaign)),
                evidence=row.evidence or (row.file.name if row.file else ""),
                expires=row.expires_date,
                today=today,
            ),
            url=reverse("campaigns:readiness-line", args=[campaign.workspace.slug, campaign.code, row.pk]),
            group=LineGroup.ADDED,
        )
        for row in rows
    ]


# --- lines that are signed by name ----------------------------------------------------------------------------------


def _check_owner(actor, person):
    """Whoever is named must be able to sign."""
    found = Membership.objects.visible_to(actor).filter(user=person).first()
    if found is None or found.role not in signers:
        sentence = _("This person only looks on and cannot sign.")
        raise Invalid(sentence, code="cannot_sign", errors={"owner": sentence})


@transaction.atomic
def add_readiness_line(actor, *, campaign, title, owner, needed="", expires_date=None):
    """Add a line that `owner` signs before the launch: what must be so, and what evidence is needed."""
    require(can_plan(actor, campaign))
    _check_owner(actor, owner)
    rules.check_expiry(expires_date, today_of(campaign))
    line = ReadinessLine.objects.create(
        workspace=campaign.workspace,
        campaign=campaign,
        title=title,
        owner=owner,
        needed=needed,
        expires_date=expires_date,
    )
    record(actor, "campaigns.readiness_line_added", line)
    return line


@transaction.atomic
def update_readiness_line(actor, *, line, seen=None, **changes):
    """Change what a line asks for. A signature was given for what it said before, so it goes with the change."""
    require(can_plan(actor, line))
    _check_living(line)
    if changes.get("owner", line.owner) != line.owner:
        _check_owner(actor, changes["owner"])
    if changes.get("expires_date", line.expires_date) != line.expires_date:
        rules.check_expiry(changes["expires_date"], today_of(line.campaign))
    is_other = any(getattr(line, field) != value for field, value in changes.items())
    stored = line.file
    diff = swap(line, seen=seen, **changes, **(UNSIGNED if is_other else {}))
    record(actor, "campaigns.readiness_line_changed", line, changes=diff)
    _forget(stored if is_other else None)
    return line


def _check_living(line):
    if line.archived_at is not None:
        raise RuleBroken(_("This is archived. Restore it first."), code="archived")


def _forget(stored):
    if stored is not None:
        discard(stored)


@transaction.atomic
def sign_readiness_line(actor, *, line, evidence="", upload=None, expires_date=None, seen=None):
    """Sign a line as the person it names: what was seen, or a file of it, and until when that holds."""
    require(can_sign(actor, line), _("Only the person this line names signs it."))
    _check_living(line)
    rules.check_evidence(evidence, upload is not None)
    rules.check_expiry(expires_date, today_of(line.campaign))
    before = line.file
    stored = upload and store(upload, workspace_id=line.workspace_id, kind="document", uploader_id=actor.user_id)
    values = {"evidence": evidence.strip(), "file": stored, "expires_date": expires_date}
    diff = swap(line, seen=seen, signed_by=actor.user, signed_at=timezone.now(), **values)
    diff.pop("signed_at")
    record(actor, "campaigns.readiness_line_signed", line, changes=diff)
    _forget(before)
    return line


@transaction.atomic
def withdraw_signature(actor, *, line, seen=None):
    """Take the signature back; the line is red again."""
    require(can_withdraw(actor, line))
    if not line.is_signed:
        raise RuleBroken(_("This line is not signed."), code="not_signed")
    stored = line.file
    diff = swap(line, seen=seen, **UNSIGNED)
    diff.pop("signed_at")
    record(actor, "campaigns.readiness_signature_withdrawn", line, changes=diff)
    _forget(stored)
    return line


@transaction.atomic
def archive_readiness_line(actor, *, line, seen=None):
    """Take a line off the board; it can be restored."""
    require(can_plan(actor, line))
    return archive(actor, line, "readiness_line_archived", seen=seen)


@transaction.atomic
def restore_readiness_line(actor, *, line, seen=None):
    """Put an archived line back on the board."""
    require(can_plan(actor, line))
    return restore(actor, line, "readiness_line_restored", seen=seen)


# --- boards that were kept ------------------------------------------------------------------------------------------


@transaction.atomic
def keep_snapshot(actor, *, campaign):
    """Keep the board as it stands now."""
    require(can_plan(actor, campaign))
    snapshot = snap(actor, campaign, lines_of(actor, campaign, today=today_of(campaign)))
    record(actor, "campaigns.readiness_kept", snapshot)
    return snapshot


def snap(actor, campaign, lines, *, is_launch=False, override_reason=""):
    """Store the lines with who and when, and the digest of it all. A campaign is launched once."""
    now = timezone.now()
    content = rules.content_of(
        {"id": str(campaign.pk), "code": campaign.code, "name": campaign.name},
        lines,
        _in_every_language(actor, campaign, lines),
        at=now.isoformat(),
        by={"id": str(actor.user_id or ""), "name": str(actor.user or "")},
        is_launch=is_launch,
        override_reason=override_reason,
    )
    try:
        return ReadinessSnapshot.objects.create(
            workspace=campaign.workspace,
            campaign=campaign,
            created_at=now,
            content=content,
            digest=rules.digest(content),
            blocks=rules.summary(lines).blocks,
            is_launch=is_launch,
            override_reason=override_reason,
            made_by=actor.user,
        )
    except IntegrityError as error:
        raise RuleBroken(_("This campaign was launched already."), code="launched") from error


def _in_every_language(actor, campaign, lines):
    """{language: the lines}: whoever reads a kept board reads it in their own words."""
    found = {}
    for language, _name in settings.LANGUAGES:
        if language == translation.get_language():
            found[language] = lines
            continue
        with translation.override(language):
            found[language] = lines_of(actor, campaign, today=today_of(campaign))
    return found
