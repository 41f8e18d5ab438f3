"""The one function that turns words into a post. Preview, approval and worker all show its result.

Pure: no database, no network. The link and the office contact are always in the post (ILM
moderation: "Office contact details"), and are never what gets cut, because nothing is cut.
"""

import unicodedata
from dataclasses import dataclass

from social_publish.networks.capabilities import Limits
from social_publish.networks.text import as_words

# Characters that reorder or hide text: a reader and an approver would see different words.
_DECEIVING = frozenset(
    "\u200b\u2060\ufeff\ufffe\uffff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


@dataclass(frozen=True)
class Composed:
    """One post for one network. length and maximum by that network's own count.

    problems: sentences for the editor; a post with problems cannot be proposed.
    """

    text: str
    length: int
    maximum: int
    problems: tuple[str, ...] = ()


def tidy(words: str) -> str:
    """The words as they will be posted: NFC, plain line ends, no blank space around."""
    lines = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in lines.split("\n")).strip()


def compose(
    words: str,
    *,
    link: str,
    contact_forms: tuple[str, ...],
    limits: Limits,
    replies_closed: bool = True,
) -> Composed:
    """Compose the exact post for one network's limits.

    contact_forms: the office contact in words, longest first (OfficeContact.forms); the
    longest that fits is used, and the shortest stays when none does. Where nobody can follow an
    address, none pretends that they could.
    """
    words, contact, text = tidy(words), "", ""
    if not limits.links_work:
        link, contact_forms = as_words(link), tuple(map(as_words, contact_forms))
    for contact in contact_forms or ("",):
        text = "\n".join((words, "", link, contact)).strip()
        if limits.count(text) <= limits.maximum:
            break
    length = limits.count(text)
    problems = [] if words else ["Write the words of the post."]
    problems += _faults_in(words, "words", limits, replies_closed)
    problems += _faults_in(contact, "office contact", limits, replies_closed)
    problems += limits.objections(text)
    if not contact_forms:
        problems.append("The office contact is missing, and every post must carry it.")
    if words and length > limits.maximum:
        problems.append(
            f"{length - limits.maximum} characters too long. With the link and the office contact"
            f" the post has {length} of at most {limits.maximum}. Shorten the words."
        )
    return Composed(text, length, limits.maximum, tuple(problems))


def _faults_in(part: str, place: str, limits: Limits, replies_closed: bool) -> list[str]:
    """What must not stand in one part of the post; place: the part's name on the screen."""
    faults = []
    if any(
        c in _DECEIVING or (unicodedata.category(c) in ("Cc", "Cs") and c != "\n") for c in part
    ):
        faults.append(
            f"There are hidden characters in the {place}. Type that part again instead of pasting it."
        )
    if replies_closed and (names := limits.mentions(part)):
        faults.append(
            f"Take out {', '.join(names)} from the {place}: accounts that a post mentions could"
            " reply to it, and replies are closed."
        )
    return faults
