"""The words with which a channel presents itself: ready to copy, within the network's own limit.

Pure: no database, no network. ILM sharing (R71) and "only staffed 9-5" (R73) say what they hold.
"""

from dataclasses import dataclass

from social_publish.networks.base import Network, ReplyControl


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
    bio, notice = network.bio, _notice(network)
    hours = f"Office staffed {office.hours}" if office.hours else ""
    both = ", ".join(part for part in (office.phone, office.email) if part)
    forms = {
        "Long": (
            _joined(
                f"{office.council}: its official account",
                f"{hours}: {both}" if hours else f"Office: {both}",
                f"{notice} Ask us there instead",
                "What we share from others is not the council's own, and the council does not"
                " answer for it",
                office.website,
            ),
            (),
        ),
        "Medium": (
            _joined(
                office.council,
                f"Staffed {office.hours}" if office.hours else "",
                office.contact,
                notice,
                "Not responsible for shared material",
                _bare(office.website),
            ),
            (),
        ),
        "Short": (
            _joined(office.council, office.contact, _brief(notice), "Shares are not ours"),
            ("the office hours", "the website"),
        ),
    }
    lacks = () if office.hours else ("the office hours",)
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
