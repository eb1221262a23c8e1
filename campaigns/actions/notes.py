"""Acts on annotations."""

from django.db import transaction

from campaigns.choices import AnnotationKind
from campaigns.models import Annotation
from campaigns.permissions import can_create_campaign, can_plan
from campaigns.rules.plan import check_period
from core.audit import record
from core.errors import require
from core.swap import erase, swap


@transaction.atomic
def annotate(actor, *, campaign=None, text, start_date, finish_date=None, kind=AnnotationKind.NOTE):
    """Note what happened on some days; without a campaign it shows on the charts of all of them."""
    require(can_plan(actor, campaign) if campaign else can_create_campaign(actor))
    check_period(start_date, finish_date)
    annotation = Annotation.objects.create(
        workspace=actor.workspace,
        campaign=campaign,
        kind=kind,
        text=text,
        start_date=start_date,
        finish_date=finish_date or start_date,
        author=actor.user,
    )
    record(actor, "campaigns.annotation_added", annotation)
    return annotation


@transaction.atomic
def update_annotation(actor, *, annotation, seen=None, **changes):
    """Change an annotation's text, days or kind."""
    require(can_plan(actor, annotation))
    check_period(changes.get("start_date", annotation.start_date), changes.get("finish_date", annotation.finish_date))
    diff = swap(annotation, seen=seen, **changes)
    record(actor, "campaigns.annotation_changed", annotation, changes=diff)
    return annotation


@transaction.atomic
def delete_annotation(actor, *, annotation, seen=None):
    """Take an annotation off the charts."""
    require(can_plan(actor, annotation))
    record(actor, "campaigns.annotation_deleted", annotation)
    erase(annotation, seen=seen)
