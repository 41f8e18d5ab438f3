"""What one claimed delivery needs of its network: send, look, remove, check the replies.

A job's `call` talks to the network in a thread and touches no database; its `settle` records
the answer in the worker's own thread, and may give the next step.
"""

from social_publish.jobs.answers import (
    DATABASE_AWAY,
    accept_together,
    answer_of,
    dropping,
    is_posted,
    record,
)
from social_publish.jobs.preparing import prepare
from social_publish.jobs.sending import begin, settle_sending
from social_publish.jobs.work import Job, account_of, post_of

__all__ = [
    "DATABASE_AWAY",
    "Job",
    "accept_together",
    "account_of",
    "answer_of",
    "begin",
    "dropping",
    "is_posted",
    "post_of",
    "prepare",
    "record",
    "settle_sending",
]
