"""Background work of assets."""

from datetime import UTC, datetime

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.backends import actor_in
from accounts.models import Membership, Seat
from assets import actions
from assets.actions import telling
from assets.actions.notices import Reader
from assets.models import Asset, AssetVersion, Review, ReviewStep
from core.jobs import job, periodic

HOUR = 3600


@job("assets.check_version")
def check_version(*, version_id):
    """Measure what was handed in and draw its small pictures."""
    rows = AssetVersion.objects.select_related("asset", "asset__standard", "file", "workspace")
    version = rows.filter(pk=version_id, checked_at=None).first()
    if version is not None:
        actions.check_version(version)


@periodic("assets.forget_dropped", seconds=HOUR)
def forget_dropped():
    """Files that were dropped and never placed go after a day."""
    with scopes_disabled():
        actions.forget_dropped(timezone.now())


def people_with_mail(keys):
    """Persons who still belong to the workspace and can be written to."""
    rows = Membership.objects.of_people().filter(user_id__in=keys, user__is_active=True).select_related("user")
    return [row.user for row in rows if row.user.email]


def readers(keys, campaign, area="assets"):
    """Who of these can be written to, and where: persons of the workspace, and partners' seats that are open and to
    which the section of the campaign is still granted."""
    seats = Seat.objects.open(now=timezone.now()).filter(user__in=keys, organization__door__frozen_at=None)
    seats = seats.exclude(email="").select_related("user", "workspace")
    found = [Reader(user, user.email, is_seat=False) for user in people_with_mail(keys)]
    for seat in seats:
        if campaign.pk in (actor_in(seat.user, seat.workspace.slug).campaigns_of(area) or ()):
            found.append(Reader(seat.user, seat.email, is_seat=True))
    return found


@job("assets.tell_reviewer")
def tell_reviewer(*, step_id, user_id, occasion):
    """The mail to somebody whose verdict is asked for, while it still is."""
    related = ("workspace", "campaign", "review", "review__asset")
    step = ReviewStep.objects.select_related(*related).filter(pk=step_id).first()
    for reader in readers([user_id], step.campaign, "reviews") if step else ():
        telling.tell_reviewer(step, reader, occasion)


@job("assets.tell_makers")
def tell_makers(*, review_id):
    """The mail about how a review ended."""
    related = ("workspace", "campaign", "asset", "asset__workspace", "asset__campaign", "version")
    review = Review.objects.select_related(*related).filter(pk=review_id).first()
    if review:
        told = {review.submitted_by_id, review.asset.maker_id, review.version.uploader_id}
        telling.tell_makers(review, readers(told - {None}, review.campaign))


@periodic("assets.remind_reviewers", seconds=HOUR)
def remind_reviewers():
    """The working day before, on the day and once it is past: each reviewer is reminded by itself."""
    with scopes_disabled():
        rows = list(telling.to_remind())
    for row in rows:
        with scope(workspace=row.workspace_id):
            telling.remind(row)


@job("assets.tell_remarks")
def tell_remarks(*, asset_id, user_id, slot):
    """The mail about what was said in one hour, while the person belongs to the workspace, or sits at its door."""
    asset = Asset.objects.select_related("workspace", "campaign").filter(pk=asset_id).first()
    for reader in readers([user_id], asset.campaign) if asset else ():
        since = datetime.fromtimestamp(int(slot) * 3600, UTC)
        actions.tell_remarks(asset, actor_in(reader.user, asset.workspace.slug), reader, since=since)
