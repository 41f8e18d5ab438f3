"""Words as people paste them, made fit for files that machines read."""

import re

# Word's line breaks and other signs that XML and calendars do not allow.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")


def printable(words: str) -> str:
    """The words with a blank for each run of control characters; tabs and line ends stay."""
    return _CONTROLS.sub(" ", words)
