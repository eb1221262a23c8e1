"""The head of the logbook's chain, told to whoever looks after the installation."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import User
from core.chain import note

logger = logging.getLogger("pharos.audit")


def note_head():
    """Check what was sealed since the last time, and write the new head into the log and to every operator.

    Whoever later cuts off the end of the chain cannot cut it out of the log and the mail.
    """
    report = note(timezone.now())
    if report.fault:
        logger.error("audit chain broken: %s", report.fault)
    else:
        logger.info("audit chain ends at %s with head %s", report.length, report.head)
    for user in User.objects.filter(is_staff=True, is_active=True).exclude(email=None):
        _tell(user, report)
    return report


def _tell(user, report):
    with translation.override(user.language or "en"):
        words = {"user": user, "report": report, "url": settings.BASE_URL}
        words["command"] = "python manage.py audit_verify" + ("" if report.fault else f" --head {report.head}")
        subject = " ".join(render_to_string("accounts/mail/head_subject.txt", words).split())
        send_mail(subject, render_to_string("accounts/mail/head.txt", words), None, [user.email])
