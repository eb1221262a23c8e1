"""Mail without SMTP: every message waits on the operator's outbox page."""

from django.core.mail.backends.base import BaseEmailBackend

from core.models import OutboxMessage


class OutboxBackend(BaseEmailBackend):
    """Write each mail as an OutboxMessage of kind `mail`."""

    def send_messages(self, email_messages):
        rows = [
            OutboxMessage(kind="mail", payload={"to": m.to, "subject": m.subject, "body": m.body, "from": m.from_email})
            for m in email_messages
        ]
        return len(OutboxMessage.objects.bulk_create(rows))
