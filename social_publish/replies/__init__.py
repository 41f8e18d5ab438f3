"""Replies as people want them: read back, closed again, hidden where they still arrive.

What is wanted, given and confirmed stands in the delivery; `STANDINGS` says what that means. Its
parts: `wanted`, `checking` over the network with `hiding`, what was `checked`, the `rhythm` of
checks, `settling`.
"""

from social_publish.replies.checked import Checked
from social_publish.replies.checking import check
from social_publish.replies.settling import not_checked, settle
from social_publish.replies.wanted import STANDINGS, Standing, can_be_asked, standing, wish_of

__all__ = [
    "STANDINGS",
    "Checked",
    "Standing",
    "can_be_asked",
    "check",
    "not_checked",
    "settle",
    "standing",
    "wish_of",
]
