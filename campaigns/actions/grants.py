"""What managers are told of accesses to a campaign that end soon."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import Membership
from core.jobs import enqueue

DAYS_BEFORE = 7


def warn_of_ending(grant):
    """Have each manager told once that an access ends; another last day is told anew."""
    managers = Membership.objects.filter(workspace=grant.workspace_id, role__in=("owner", "manager")).of_people()
    for membership in managers.filter(user__is_active=True):
        key = f"grant-ends:{grant.pk}:{grant.finish_date}:{membership.pk}"
        ids = {"grant_id": grant.pk, "membership_id": membership.pk}
        enqueue("campaigns.tell_ending", workspace_id=grant.workspace_id, key=key, **ids)


def tell_ending(grant, campaign, membership):
    """The mail to a manager about an access that ends soon."""
    user = membership.user
    with translation.override(user.language or campaign.workspace.language):
        place = [campaign.workspace.slug, campaign.code, grant.pk]
        words = {"grant": grant, "campaign": campaign, "user": user}
        words["url"] = settings.BASE_URL + reverse("campaigns:grant", args=place)
        subject = " ".join(render_to_string("campaigns/mail/ending_subject.txt", words).split())
        send_mail(subject, render_to_string("campaigns/mail/ending.txt", words), None, [user.email])
