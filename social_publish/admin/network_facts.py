"""What a clerk should know of each network before connecting it: what it takes, what it costs.

The longer texts are docs/channels/; what closed replies mean stands with each network itself.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """takes: what the council needs and how long that may last; costs: in money and work."""

    takes: str
    costs: str


FACTS: dict[str, Facts] = {
    "x": Facts(
        "An account of the council, and an app in X's developer console with the right to read and"
        " write. It takes about half an hour.",
        "X charges for each post, and more for one with a web address in it.",
    ),
    "facebook": Facts(
        "A Facebook Page, a person who manages it, and an app at Meta. Meta may review the app"
        " first, and names no time for that.",
        "We know of no charge.",
    ),
    "linkedin": Facts(
        "A page of the council, its administrator, and an app with the Community Management API."
        " LinkedIn looks at each application itself and names no time. Sign in again once a year.",
        "We know of no charge.",
    ),
    "tiktok": Facts(
        "An account of the council, and an app that TikTok has audited. Until then TikTok refuses"
        " public posts, and a person posts by hand.",
        "We know of no charge.",
    ),
    "by_hand": Facts(
        "Nothing but the address of the council's profile. For Nextdoor, or any network that lets"
        " no program in: the words are made ready here, and a person posts them there.",
        "A person's time for each post.",
    ),
    "instagram": Facts(
        "A professional account, joined to the council's Facebook Page, and the app at Meta. Every"
        " post needs a picture.",
        "We know of no charge.",
    ),
    "threads": Facts(
        "A Threads profile of the council, and an app at Meta for Threads. Sign in again every 60"
        " days unless the website has renewed it.",
        "We know of no charge.",
    ),
    "bluesky": Facts(
        "An account of the council and an app password, made in Bluesky's settings. It takes five"
        " minutes.",
        "Nothing.",
    ),
    "mastodon": Facts(
        "An account on a Mastodon server, and that server's address. It takes five minutes.",
        "Nothing, unless the server's owner asks for something.",
    ),
    "gotosocial": Facts(
        "An account on a GoToSocial server, and that server's address. It takes five minutes.",
        "Nothing, unless the server's owner asks for something.",
    ),
}
