"""Counting as the networks count, in one place for editor, approval and wire; X: `x_text`.

Bluesky: the limits of app.bsky.feed.post, in graphemes and in bytes.
Mastodon: its own length validator; GoToSocial counts code points.
"""

import re

import regex

from social_publish.networks.x_text import EMOJI, URL_WEIGHT, addresses


def plain_length(text: str) -> int:
    """Code points, as Facebook counts."""
    return len(text)


def no_mentions(text: str) -> list[str]:
    """For networks whose reply control does not depend on mentions."""
    return []


def bluesky_length(text: str) -> int:
    """Graphemes; or tenths of the bytes where those reach their limit (3,000) first."""
    graphemes = len(regex.findall(r"\X", text))
    return max(graphemes, -(-len(text.encode()) // 10))


_WITH_SERVER = regex.compile(r"(?<![\w/])(@\w[\w.-]*)@[\w.-]*\w")
_FEDIVERSE_MENTION = regex.compile(r"(?<![\w@/.-])@\w[\w.-]*(?:@[\w.-]*\w)?")


def mastodon_length(text: str) -> int:
    """Graphemes; an address with http(s) before it is 23, an account counts without its server."""
    words, end = "", 0
    for address in addresses(text):
        if not address.bare:
            words += text[end : address.start] + "x" * URL_WEIGHT
            end = address.end
    return len(regex.findall(r"\X", _WITH_SERVER.sub(r"\1", words + text[end:])))


def fediverse_mentions(text: str) -> list[str]:
    """The accounts a post would address, with or without their server."""
    return [match[0] for match in _FEDIVERSE_MENTION.finditer(text)]


def utf16_length(text: str) -> int:
    """UTF-16 units: an emoji outside the basic plane counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# © and ® are emoji there, where X takes them for letters.
_EMOJI_OR_SIGN = regex.compile(rf"{EMOJI.pattern}|[©®]")


def threads_length(text: str) -> int:
    """Characters, but an emoji counts as many as it has UTF-8 bytes."""
    rest, _ = _EMOJI_OR_SIGN.subn("", text)
    return len(rest) + sum(len(emoji.encode()) for emoji in _EMOJI_OR_SIGN.findall(text))


_TOPIC = regex.compile(r"(?<![\w&#/])[#\uFF03]\w*[^\W\d_]\w*")
_INSTAGRAM_HASHTAG, _INSTAGRAM_MENTION = (regex.compile(rf"(?<!\w){mark}\w") for mark in "#@")
INSTAGRAM_HASHTAGS, INSTAGRAM_MENTIONS, THREADS_LINKS, THREADS_TOPICS = 30, 20, 5, 1


def instagram_objections(caption: str) -> list[str]:
    """Instagram's limits on hashtags and mentions (`docs/sources.md`)."""
    tags = len(_INSTAGRAM_HASHTAG.findall(caption))
    names = len(_INSTAGRAM_MENTION.findall(caption))
    return _too_many(tags, INSTAGRAM_HASHTAGS, "words with #", "Instagram") + _too_many(
        names, INSTAGRAM_MENTIONS, "names with @", "Instagram"
    )


def threads_objections(text: str) -> list[str]:
    """Threads' limits on addresses and topics (`docs/sources.md`)."""
    links = {text[found.start : found.end] for found in addresses(text) if found.bare}
    links |= set(re.findall(r"https?://\S+", text))
    tags = len(_TOPIC.findall(text))
    return _too_many(len(links), THREADS_LINKS, "web addresses", "Threads") + _too_many(
        tags, THREADS_TOPICS, "words with #", "Threads"
    )


def _too_many(number: int, most: int, what: str, network: str) -> list[str]:
    if number <= most:
        return []
    return [f"{network} takes at most {most} {what} in a post, and this one has {number}."]


# --- addresses that nobody can follow --------------------------------------------------


def as_words(text: str) -> str:
    """Addresses as people say and type them, where they could not be followed anyhow."""
    return re.sub(r"https?://", "", text)


def carries(text: str, link: str) -> bool:
    """Does the link stand in the text, as an address or in words?"""
    return not {link, as_words(link)}.isdisjoint(text.split())


def links_in_words(text: str) -> tuple[str, ...]:
    """What may be an address among the words, with each beginning that it may have."""
    words = [word for word in text.split() if "/" in word]
    return tuple(
        address
        for word in words
        for address in ([word] if "://" in word else [f"https://{word}", f"http://{word}"])
    )
