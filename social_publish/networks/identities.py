"""What a look at a channel's own account tells, in plain words: the same for every network."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from social_publish.networks.answers import Identity, NotSent, Refused, Trouble, Unknown

CONNECT_AGAIN = "Connect the channel again, and allow everything that is asked for."
OUTDATED = (
    "{} no longer serves the version of its interface that this website uses. Ask whoever looks"
    " after the website to update it."
)
AGAIN_LATER = "The website asks again by itself."
WEB_PAGE = (
    "{} answers with a web page where its interface should answer: it may be out of order, or"
    " something blocks this website. The website asks again by itself, and then goes on. If this"
    " stays for a day, ask whoever looks after the website."
)


@dataclass(frozen=True)
class Right:
    """Something this site does at a network. scopes: each of them alone gives it.

    words: as they follow on "may". needed: without it nothing is posted there, because a promise
    of the council's (replies closed, posts taken down) could not be kept.
    """

    words: str
    scopes: frozenset[str]
    needed: bool = True


def right(words: str, *scopes: str, needed: bool = True) -> Right:
    """See `Right`; scopes as the network names them."""
    return Right(words, frozenset(scopes), needed)


def not_learnt(answer: object, name: str) -> Identity:
    """Why nothing was learnt of an account, from the answer that came instead."""
    trouble = getattr(answer, "trouble", None)
    if isinstance(answer, Refused):
        return Identity(reason=answer.reason, trouble=trouble)
    if trouble is Trouble.RATE_LIMIT:
        return Identity(reason=f"{name} asked us to wait. {AGAIN_LATER}", trouble=trouble)
    if isinstance(answer, NotSent):
        return Identity(
            reason=f"{name} could not be reached. {AGAIN_LATER} If it stays so, ask whoever looks"
            " after the website."
        )
    return Identity(
        reason=f"{name} gave an answer that makes no sense, perhaps because it is out of order."
        f" {AGAIN_LATER}"
    )


def page_instead(name: str) -> Unknown:
    """What it means that a web page came back."""
    return Unknown(WEB_PAGE.format(name), trouble=Trouble.WEB_PAGE)


def with_rights(
    known: Identity, rights: Sequence[Right], granted: Collection[str], name: str
) -> Identity:
    """The same account, with what it may do by the scopes that the network says were granted."""
    held = [one for one in rights if one.scopes & set(granted)]
    missing = [one for one in rights if one not in held]
    known = replace(
        known,
        rights=tuple(one.words for one in held),
        lacks=tuple(one.words for one in missing),
    )
    needed = [one.words for one in missing if one.needed]
    if not needed or known.trouble:
        return known
    return replace(known, trouble=Trouble.RIGHTS, reason=missing_sentence(needed, name))


def missing_sentence(missing: Sequence[str], name: str) -> str:
    """What a person reads when rights are missing; missing: `Right.words`, at least one."""
    return f"{name} does not let this website {_joined(missing)}. {CONNECT_AGAIN}"


def _joined(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
