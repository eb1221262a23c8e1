"""Acts on access to tools and accounts: list it, ask for it, prove it, warn before it expires."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns import signals
from campaigns.actions.writing import archive, once, restore, today_of
from campaigns.choices import ProofKind
from campaigns.models import AccessItem, AccessProof
from campaigns.permissions import can_plan, can_prove
from campaigns.rules import access
from campaigns.rules.readiness import check_evidence
from core.audit import record
from core.errors import Invalid, RuleBroken, require
from core.files import discard, store
from core.jobs import enqueue
from core.swap import erase, swap

MARKS = {"requested": "requested_date", "granted": "granted_date"}
DAYS = ("requested_date", "granted_date", "expires_date")


def subjects_of(actor, campaign, *, used_only=False):
    """What an item of this campaign may be about: ad accounts and data sources."""
    asked = {"actor": actor, "campaign": campaign, "used_only": used_only}
    answers = signals.access_subjects_asked.send(sender=AccessItem, **asked)
    return [subject for _receiver, found in answers for subject in found or ()]


def subject_of(actor, campaign, kind, key):
    """The Subject of that type and id, or Invalid: what may not be seen is as unknown as what does not exist."""
    if not kind and not key:
        return None
    for subject in subjects_of(actor, campaign):
        if subject.type == kind and str(subject.id) == str(key):
            return subject
    sentence = _("There is no such thing here.")
    raise Invalid(sentence, code="invalid", errors={"subject": sentence, "subject_id": sentence})


def uncovered(actor, campaign, items):
    """Ad accounts that placements of the campaign run on and that none of its living items is about."""
    known = {item.subject for item in items}
    return [subject for subject in subjects_of(actor, campaign, used_only=True) if subject.key not in known]


def _about(subject):
    if subject is None:
        return {"subject_type": "", "subject_id": None, "subject_label": ""}
    return {"subject_type": subject.type, "subject_id": subject.id, "subject_label": subject.label[:300]}


def _named_once():
    return once("name", _("This campaign has an access item of that name already."))


@transaction.atomic
def add_access_item(actor, *, campaign, name, owner, kind, subject=None, **values):
    """List a tool or account that the campaign needs to get into. `subject` is a Subject of `subjects_of`."""
    require(can_plan(actor, campaign))
    access.check_days(*(values.get(field) for field in DAYS))
    with _named_once():
        item = AccessItem.objects.create(
            workspace=campaign.workspace,
            campaign=campaign,
            name=name,
            owner=owner,
            kind=kind,
            **_about(subject),
            **values,
        )
    record(actor, "campaigns.access_item_added", item)
    return item


@transaction.atomic
def update_access_item(actor, *, item, seen=None, **changes):
    """Change what an access item says (any fields of `add_access_item`)."""
    require(can_plan(actor, item))
    _check_living(item)
    if "subject" in changes:
        changes |= _about(changes.pop("subject"))
    access.check_days(*(changes.get(field, getattr(item, field)) for field in DAYS))
    with _named_once():
        diff = swap(item, seen=seen, **changes)
    record(actor, "campaigns.access_item_changed", item, changes=diff)
    return item


def _check_living(item):
    if item.archived_at is not None:
        raise RuleBroken(_("This is archived. Restore it first."), code="archived")


@transaction.atomic
def mark_access(actor, *, item, step, date=None, seen=None):
    """Note that access was requested or granted (`step`), today unless another day is said."""
    require(can_prove(actor, item))
    _check_living(item)
    changes = {MARKS[step]: date or today_of(item.campaign)}
    access.check_days(*(changes.get(field, getattr(item, field)) for field in DAYS))
    diff = swap(item, seen=seen, **changes)
    record(actor, "campaigns.access_item_marked", item, changes=diff)
    return item


@transaction.atomic
def prove_access(actor, *, item, kind=ProofKind.TEST_EVENT, note="", upload=None, at=None):
    """Say that somebody got in or a test event came through (now, or at a time that is over), and what was seen."""
    require(can_prove(actor, item))
    _check_living(item)
    check_evidence(note, upload is not None)
    now = timezone.now()
    access.check_past(at, now)
    proof = AccessProof.objects.create(
        workspace=item.workspace,
        campaign=item.campaign,
        item=item,
        kind=kind,
        at=at or now,
        note=note.strip(),
        file=upload and store(upload, workspace_id=item.workspace_id, kind="document", uploader_id=actor.user_id),
        given_by=actor.user,
    )
    _renew(item.pk, proof.at)
    item.refresh_from_db(fields=["proven_at", "lock_version", "updated_at"])
    record(actor, "campaigns.access_proven", item, changes={"proof": [None, proof.note or proof.get_kind_display()]})
    return proof


def _renew(key, at):
    """The newest proof counts. One write, so that pulls and people never overtake each other."""
    mine = AccessItem.objects.filter(pk=key).filter(Q(proven_at=None) | Q(proven_at__lt=at))
    mine.update(proven_at=at, lock_version=F("lock_version") + 1, updated_at=timezone.now())


@transaction.atomic
def withdraw_proof(actor, *, proof, seen=None):
    """Take back a proof that somebody gave; that of a pull stays, for the pull happened."""
    require(can_prove(actor, proof.item))
    if proof.kind == ProofKind.PULL:
        raise RuleBroken(_("A pull proves by itself; nobody takes it back."), code="pull")
    item, stored = proof.item, proof.file
    erase(proof, seen=seen)
    newest = item.proofs.first()
    swap(item, proven_at=newest and newest.at)
    record(actor, "campaigns.access_proof_withdrawn", item, changes={"proof": [proof.note, None]})
    if stored is not None:
        discard(stored)
    return item


@transaction.atomic
def prove_by_pull(actor, *, subjects, run_id, at):
    """A pull succeeded: it proves the access to its source and accounts ({type: [ids]}), once for each item.

    The proof renews itself: each item has one by pulls, which moves on. Done twice it is the same.
    """
    for item in AccessItem.objects.active().about(subjects).filter(workspace_id=actor.workspace_id):
        AccessProof.objects.update_or_create(
            item=item,
            kind=ProofKind.PULL,
            defaults={"at": at, "origin_id": run_id},
            create_defaults={
                "workspace_id": item.workspace_id,
                "campaign_id": item.campaign_id,
                "at": at,
                "origin_id": run_id,
            },
        )
        _renew(item.pk, at)


@transaction.atomic
def archive_access_item(actor, *, item, seen=None):
    """Take an item off the list; it can be restored."""
    require(can_plan(actor, item))
    return archive(actor, item, "access_item_archived", seen=seen)


@transaction.atomic
def restore_access_item(actor, *, item, seen=None):
    """Put an archived item back on the list."""
    require(can_plan(actor, item))
    with _named_once():
        return restore(actor, item, "access_item_restored", seen=seen)


@transaction.atomic
def warn_of_expiry(actor, *, item):
    """Have the owner told once that an access expires; another expiry is told anew."""
    if item.warned_date == item.expires_date:
        return
    swap(item, warned_date=item.expires_date)
    record(actor, "campaigns.access_expiry_warned", item, changes={"expires_date": [None, item.expires_date]})
    enqueue("campaigns.tell_expiring", workspace_id=item.workspace_id, item_id=item.pk)


def tell_expiring(item):
    """The mail to the owner of an access that expires soon."""
    user = item.owner
    with translation.override(user.language or item.workspace.language):
        place = [item.workspace.slug, item.campaign.code, item.pk]
        words = {"item": item, "user": user, "url": settings.BASE_URL + reverse("campaigns:access-item", args=place)}
        subject = " ".join(render_to_string("campaigns/mail/expiring_subject.txt", words).split())
        send_mail(subject, render_to_string("campaigns/mail/expiring.txt", words), None, [user.email])
