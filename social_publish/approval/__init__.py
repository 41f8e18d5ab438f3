"""The only way to "approved": exactly what was seen is published and released, in one transaction.

Its parts, in the order in which a page passes them: `drafts` (what would be posted),
`proposing` (stored by a signal at submit), `authors` (who may not approve), `approving` (called
by the review screen, and by Wagtail through the gate), `following` (called by signals and by the
sweep, as the page comes out or goes away).
"""

from social_publish.approval.approving import Refusal, approve, finish, seen_digest
from social_publish.approval.authors import authors_of
from social_publish.approval.drafts import Draft, drafts_of, opening_faults, problems_of
from social_publish.approval.following import (
    follow_all_publications,
    follow_publication,
    withdraw_of_hidden_pages,
    withdraw_posts,
)
from social_publish.approval.proposing import is_announced, proposal_of, propose, wants_posts

__all__ = [
    "Draft",
    "Refusal",
    "approve",
    "authors_of",
    "drafts_of",
    "finish",
    "follow_all_publications",
    "follow_publication",
    "is_announced",
    "opening_faults",
    "problems_of",
    "proposal_of",
    "propose",
    "seen_digest",
    "wants_posts",
    "withdraw_of_hidden_pages",
    "withdraw_posts",
]
