"""What the pretend X answers when it says no, as its problem documents are (docs.x.com)."""

from typing import Any

from social_publish.rehearsal.wire import Answer


def invalid(detail: str) -> Answer:
    return Answer(
        400,
        {
            "errors": [{"message": detail}],
            "title": "Invalid Request",
            "detail": detail,
            "type": "https://api.twitter.com/2/problems/invalid-request",
        },
    )


def problem(status: int, title: str, detail: str) -> Answer:
    return Answer(
        status, {"title": title, "detail": detail, "type": "about:blank", "status": status}
    )


def fault_in_fields(body: Any, known: set[str], name: str) -> Answer | None:
    """X allows no other fields, at any depth. name: of the part, "" for the whole body."""
    if not isinstance(body, dict):
        return invalid(f"{name or 'The body'} is not a JSON object.")
    unknown = sorted(f"{name}.{field}" if name else field for field in set(body) - known)
    return invalid(f"Unknown fields: {', '.join(unknown)}.") if unknown else None
