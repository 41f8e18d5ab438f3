"""What one claimed delivery needs of its network: send, look, remove, check the replies.

A job's `call` talks to the network in a thread and touches no database; its `settle` records
the answer in the worker's own thread, and may give the next step.
"""

from social_publish.jobs.preparing import prepare
from social_publish.jobs.sending import begin, settle_sending
from social_publish.jobs.work import Job, account_of, post_of

__all__ = ["Job", "account_of", "begin", "post_of", "prepare", "settle_sending"]
