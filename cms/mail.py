"""Mail that cannot undo what it reports."""

import logging
from collections.abc import Sequence
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

logger = logging.getLogger(__name__)


class ForgivingEmailBackend(BaseEmailBackend):
    """Sends through FORGIVING_EMAIL_BACKEND; a failure is logged and nothing is raised.

    Wagtail sends its notices inside the approval's transaction: a name that does not resolve
    would roll the approval back, and a server that hangs would keep every other writer waiting.
    So mail of a transaction leaves after its commit, and never after a rollback; it counts as sent.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        messages = list(email_messages)
        if transaction.get_connection().in_atomic_block:
            transaction.on_commit(partial(_send, messages))
            return len(messages)
        return _send(messages)


def _send(messages: list[EmailMessage]) -> int:
    try:
        connection = get_connection(settings.FORGIVING_EMAIL_BACKEND)
        return connection.send_messages(messages) or 0
    except Exception:
        logger.exception("Mail could not be sent", extra={"event": "mail.failed"})
        return 0
