"""What is wrong, read from the facts, in words that say what happened and what to do next.

The words of one trouble stay the same while nothing changes: no counts of minutes in them.
"""

from social_publish.alarms.channels import sign_in_words
from social_publish.alarms.looks import found

__all__ = ["found", "sign_in_words"]
