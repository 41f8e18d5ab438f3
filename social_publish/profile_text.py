"""The words with which a channel presents itself: ready to copy, within the network's own limit.

Pure: no database, no network. ILM sharing and "only staffed 9-5" say what they hold.
"""

from dataclasses import dataclass

from social_publish.networks.base import Network
from social_publish.networks.capabilities import ReplyControl


@dataclass(frozen=True)
class Office:
    """Who is behind the channel: the council's name, its website, how its office is reached."""

    council: str
    website: str
    phone: str = ""
    email: str = ""
    hours: str = ""

    @property
    def contact(self) -> str:
        return self.phone or self.email


@dataclass(frozen=True)
class Text:
    """One form of the text. length by the network's count; missing: what this form leaves out."""

    form: str
    words: str
    length: int
    fits: bool
    missing: tuple[str, ...]


def texts(office: Office, network: Network) -> list[Text]:
    """The long, the medium and the short form for one network; the longest that fits is best."""
    forms = {
        "Long": (_long(office, network), ()),
        "Medium": (_medium(office, network), ()),
        "Short": (_short(office, network), ("the office hours", "the website")),
    }
    bio, lacks = network.bio, () if office.hours else ("the office hours",)
    return [
        Text(
            name,
            words,
            bio.count(words),
            not bio.maximum or bio.count(words) <= bio.maximum,
            tuple(dict.fromkeys((*lacks, *missing))),
        )
        for name, (words, missing) in forms.items()
    ]


def _long(office: Office, network: Network) -> str:
    both = ", ".join(part for part in (office.phone, office.email) if part)
    return _joined(
        f"{office.council}: its official account",
        f"Office staffed {office.hours}: {both}" if office.hours else f"Office: {both}",
        f"{_notice(network)} Ask us there instead",
        "What we share from others is not the council's own, and the council does not"
        " answer for it",
        office.website,
    )


def _medium(office: Office, network: Network) -> str:
    return _joined(
        office.council,
        f"Staffed {office.hours}" if office.hours else "",
        office.contact,
        _notice(network),
        "Not responsible for shared material",
        _bare(office.website),
    )


def _short(office: Office, network: Network) -> str:
    notice = _brief(_notice(network))
    return _joined(office.council, office.contact, notice, "Shares are not ours")


def _notice(network: Network) -> str:
    closed = network.capabilities.reply_control in (ReplyControl.CLOSED, ReplyControl.NARROWED)
    return "Replies are closed." if closed else "Replies are not monitored."


def _brief(notice: str) -> str:
    return notice.replace(" are ", " ")


def _joined(*parts: str) -> str:
    """Sentences in a row; a web address takes no full stop."""
    kept = [part.strip().rstrip(".") for part in parts if part.strip(" .")]
    words = ". ".join(kept)
    return words if "/" in kept[-1] or _is_address(kept[-1]) else f"{words}."


def _is_address(part: str) -> bool:
    return " " not in part and "." in part


def _bare(address: str) -> str:
    """An address as people say it: without its scheme and the slash at its end."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/") or address
