"""The mails of doors and seats: the first line of each template is its subject."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import Membership
from accounts.permissions import MANAGERS
from accounts.rules import doors as rules


def send_page(name, to, *, language, **words):
    """A mail from accounts/mail/<name>.txt."""
    with translation.override(language):
        subject, _end, body = render_to_string(f"accounts/mail/{name}.txt", words).strip().partition("\n")
        send_mail(subject.strip(), body.strip() + "\n", None, [to])


def send_to_seat(seat, what, words):
    """Tell a seat by mail. The digits of a code are made here from their seed, so that no job carries them."""
    if what == "code":
        digits = rules.mail_code(words["seed"], seat_id=seat.pk, pepper=settings.PIN_PEPPER)
        words = {"digits": digits, "minutes": int(rules.CODE_LASTS.total_seconds()) // 60}
    language = seat.user.language or seat.workspace.language
    named = {"seat": seat, "door_url": settings.BASE_URL.rstrip("/") + reverse("accounts:door")}
    send_page(f"seat_{what}", seat.email, language=language, **named, **words)


def send_pin_alarm(organization):
    """Tell the workspace's owners and managers."""
    rows = Membership.objects.filter(role__in=MANAGERS, user__is_active=True).of_people().select_related("user")
    address = reverse("accounts:organization", args=[organization.workspace.slug, organization.pk])
    for row in rows:
        language = row.user.language or organization.workspace.language
        words = {"organization": organization, "url": settings.BASE_URL.rstrip("/") + address}
        send_page("pin_alarm", row.user.email, language=language, count=rules.ALARM_AT, **words)
