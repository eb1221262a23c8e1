"""Who is asked at a level of review, until when, and who counts as an author."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models.functions import Lower
from django.utils import timezone

from accounts.choices import UserKind
from accounts.models import Grant, Invitation, Membership, Seat, User
from campaigns.models import CampaignMember, Delegation
from core.time import today_in
from tasks.actions.loading import PeopleCalendars

ONE_PERSON = timedelta(hours=24)


def authors_of(asset):
    """Everybody who handed in a version of an asset, and its maker: they never review it. Nor does whoever does not
    count as another person than one of them."""
    uploaders = asset.versions.exclude(uploader=None).values_list("uploader_id", flat=True)
    makers = {*uploaders.order_by().distinct(), *filter(None, [asset.maker_id])}
    return makers | doubles_of(makers)


def doubles_of(people):
    """Users that do not count as other people than these: who has the same e-mail, and seats of which one brought the
    other to its PIN within a day, by an invitation."""
    seats = list(Seat.objects.filter(user__in=people).values_list("user_id", "email"))
    members = User.objects.filter(pk__in=people).exclude(email=None).values_list("pk", "email")
    mails = {mail.lower() for _user, mail in (*seats, *members) if mail}
    if not mails:
        return set()
    invited = Invitation.objects.filter(is_seat=True, made_by__kind=UserKind.SEAT).exclude(email="")
    invited = invited.filter(used_at__gte=timezone.now() - ONE_PERSON)
    pairs = [(maker, mail.lower()) for maker, mail in invited.values_list("made_by", "email")]
    helped = {mail for maker, mail in pairs if maker in people}
    helpers = {maker for maker, mail in pairs if mail in mails}
    same = Seat.objects.annotate(mail=Lower("email")).filter(mail__in=mails | helped).values_list("user_id", flat=True)
    persons = User.objects.annotate(mail=Lower("email")).filter(mail__in=mails).values_list("pk", flat=True)
    return {*same, *persons, *helpers}


def asked_at(level, campaign, *, without):
    """[values of a StepReviewer] of a RouteLevel or of a step of an earlier round, authors and leavers left out.

    Who is away today is stood in for by their delegate.
    """
    people = _repeated(level) if hasattr(level, "reviewers") else _named(level, campaign)
    members = set(Membership.objects.filter(user_id__in=people, user__is_active=True).values_list("user_id", flat=True))
    members |= seats_at(campaign, user_id__in=people)
    stand_ins, asked = _stand_ins(campaign, people), {}
    for user_id, function in people.items():
        other = stand_ins.get(user_id)
        chosen = other if other and other not in without else user_id
        if chosen in without or (chosen == user_id and user_id not in members):
            continue
        how = {"delegated_by_id": user_id} if chosen != user_id else {}
        asked.setdefault(chosen, {"user_id": chosen, "function": function, **how})
    return list(asked.values())


def _repeated(step):
    return dict(step.reviewers.filter(released_at=None).values_list("user_id", "function"))


def _named(level, campaign):
    """{user id: function} of a level: its people, the members of its functions, the members of its organisation."""
    found = dict.fromkeys(level.users.values_list("pk", flat=True), "")
    of_campaign = CampaignMember.objects.filter(campaign=campaign)
    for user_id, function in of_campaign.filter(function__in=level.functions).values_list("user_id", "function"):
        found.setdefault(user_id, function)
    if level.organization_id:
        inside = Membership.objects.filter(organization_id=level.organization_id).values("user_id")
        for user_id in of_campaign.filter(user_id__in=inside).values_list("user_id", flat=True):
            found.setdefault(user_id, "")
        for user_id in sorted(seats_at(campaign, organization=level.organization_id)):
            found.setdefault(user_id, "")
    return found


def seats_at(campaign, **which):
    """Users of the seats that may decide in a campaign now: their door lets them, and it is granted."""
    granted = Grant.objects.of_campaign(campaign.pk).on(today_in(campaign.workspace.time_zone))
    partners = [one.organization_id for one in granted if one.areas.get("reviews") == "write"]
    rows = Seat.objects.who_may_decide(now=timezone.now()).filter(organization__in=partners, **which)
    return set(rows.values_list("user_id", flat=True))


def _stand_ins(campaign, people):
    today = timezone.localdate(timezone=ZoneInfo(campaign.time_zone))
    rows = Delegation.objects.filter(campaign=campaign, member__user_id__in=people).on(today)
    return dict(rows.values_list("member__user_id", "delegate_id"))


def due_date(step, user):
    """The last day to decide: `due_days` working days of the reviewer's own calendar after today."""
    today = timezone.localdate(timezone=ZoneInfo(step.campaign.time_zone))
    return PeopleCalendars(step.workspace_id, [user.pk]).of(user.pk).add(today, step.due_days)
