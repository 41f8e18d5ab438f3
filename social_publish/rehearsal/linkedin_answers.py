"""The pretend LinkedIn's way to say no, and its name for a page."""

from typing import Any
from urllib.parse import quote

from social_publish.rehearsal.store import Account
from social_publish.rehearsal.wire import Answer


def urn_of(account: Account) -> str:
    return f"urn:li:organization:{account.account_id}"


def duplicate(urn: str) -> Answer:
    said = f"Content is a duplicate of {urn}"
    fault = {"code": "DUPLICATE_POST", "description": said, "input": {"inputPath": {}}}
    return error(422, "UNPROCESSABLE_ENTITY", said, details={"inputErrors": [fault]})


def not_there(urn: str) -> Answer:
    return error(404, "NOT_FOUND", f"Entity {quote(urn)} not found")


def error(status: int, code: str, message: str, *, service: int = 0, details: Any = None) -> Answer:
    """A refusal in LinkedIn's words; service: its own number for the reason, 0 for none."""
    fault = {"status": status, "code": code, "message": message}
    if service:
        fault["serviceErrorCode"] = service
    if details:
        fault["errorDetails"] = details
    return Answer(status, fault)
