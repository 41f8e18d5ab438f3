"""Keeping secrets out of the logs."""

import logging
import re

_SECRETS = (
    re.compile(
        r"((?:access_token|appsecret_proof|client_secret|refresh_token|fb_exchange_token|input_token"
        r"|page_token|app_secret|app_password|accessJwt|refreshJwt|consumer_secret|oauth_\w+)[\"']?\s*[=:]\s*[\"']?)[^\s&\"',;}]+",
        re.I,
    ),
    re.compile(r"((?:Bearer|OAuth|Basic)\s+)[\w\-.=+/%\"',\s]{8,}", re.I),
)


def redact(text: str) -> str:
    """The text with every token, proof and signature taken out."""
    for pattern in _SECRETS:
        text = pattern.sub(r"\1[removed]", text)
    return text


class RedactSecrets(logging.Filter):
    """Keeps secrets out of every log line, tracebacks included."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True
