"""What WAGTAIL_FINISH_WORKFLOW_ACTION names. Wagtail loads this before any model exists."""

from typing import Any


def finish(workflow_state: Any, user: Any = None) -> None:
    """Publish what was approved, or refuse."""
    from social_publish import approval  # noqa: PLC0415 - see above

    approval.finish(workflow_state, user=user)
