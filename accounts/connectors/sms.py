"""Senders of one-time codes by short message. SMS_SENDER names one by its dotted path.

A sender is a function with the keywords below. Gateways in China take a template that was approved beforehand and fill
in the code and the minutes; elsewhere it makes a sentence of them. It calls out through core.safe_fetch, and raises
when the message was not taken: the job then tries again.
"""

import logging

log = logging.getLogger("pharos.sms")


def to_the_log(*, phone, code, minutes, language):
    """The default: whoever runs the installation reads the code in the log."""
    log.warning("Code %s for %s, good for %s minutes (%s)", code, phone, minutes, language)
