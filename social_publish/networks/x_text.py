"""Counting as X counts: twitter-text's published rules and its configuration, version 3.

What counts as an address is defined there in great detail, and each is weighed as 23 however
long it is. The one library for it does not run on newer versions of Python.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex
import tldextract

URL_WEIGHT = 23
LONGEST_ADDRESS, LONGEST_LABEL, LONGEST_TCO = 4096, 63, 40
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

# One emoji, of however many code points: flags, keycaps, families joined by U+200D. A variation
# selector belongs to signs that also exist as text; © and ® are emoji only with it.
_ALSO_TEXT = "⌚⌛◽◾☔☕♈-♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯"
_ONE = (
    r"(?:\p{Emoji_Modifier_Base}\uFE0F?\p{Emoji_Modifier}"
    rf"|[©®]\uFE0F|[{_ALSO_TEXT}]\uFE0F?|\p{{Emoji_Presentation}}"
    r"|(?![©®0-9#*])\p{Emoji}\uFE0F?)"
)
EMOJI = regex.compile(
    rf"\p{{RI}}\p{{RI}}|[0-9#*]\uFE0F?\u20E3|{_ONE}[\U000E0020-\U000E007F]*(?:\u200D{_ONE})*"
)

_TURNS = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_NONE = r"\uFFFE\uFEFF\uFFFF"
_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_ACCENTS = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268"
    r"\u026F\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_LETTERS = rf"a-z0-9\u0400-\u04FF{_ACCENTS}"
_NOT_IN_HOST = rf"!'#%&()*+,\\./:;<=>?@\[\]^{{|}}~${_SPACES}{_NONE}{_TURNS}"
_IN_HOST, _OR_DASH, _OR_LINE = (rf"[^{more}{_NOT_IN_HOST}]" for more in (r"\-_", "_", ""))
_IN_PATH = rf"[{_LETTERS}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_BRACKETS = rf"\((?:{_IN_PATH}+|{_IN_PATH}*\({_IN_PATH}+\){_IN_PATH}*)\)"
_PATH_END = rf"(?:[{_LETTERS}+\-=_#/]|{_BRACKETS})"
_PATH = rf"(?:{_IN_PATH}*(?:{_BRACKETS}{_IN_PATH}*)*{_PATH_END}|@{_IN_PATH}+/)"
# Longer ones are no addresses anyhow; without a bound they take long to be seen as such.
_LABEL = rf"(?:{_IN_HOST}{_OR_DASH}{{0,250}})?{_IN_HOST}\."
_LABELS = rf"(?:(?:{_IN_HOST}{_OR_LINE}{{0,250}})?{_IN_HOST}\.){{0,12}}"
_ENDING = r"(?:\L<tops>(?![0-9a-z@+\-])|xn--[-0-9a-z]+)"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
_ADDRESS = (
    rf"(?P<before>[^A-Za-z0-9@\uFF20$#\uFF03{_NONE}]|^)"
    rf"(?P<scheme>https?://)?(?P<host>{_LABELS}{_LABEL}{_ENDING})"
    rf"(?::[0-9]+)?(?P<path>/{_PATH}*)?(?P<query>{_QUERY})?"
)
_PLAIN_HOST = rf"(?:[\-a-z0-9{_ACCENTS}]{{1,250}}\.){{1,12}}{_ENDING}"
_TCO = regex.compile(rf"https?://t\.co/([a-z0-9]+)(?:{_QUERY})?", regex.I)
_MENTION = regex.compile(
    r"(?:(?<![a-zA-Z0-9_!#$%&*@\uFF20])|(?<=RT:?))[@\uFF20]([a-zA-Z0-9_]{1,20})"
    rf"(?![@\uFF20{_ACCENTS}]|://|[a-zA-Z0-9_])"
)


@dataclass(frozen=True)
class Address:
    """An address in a text, from start to before end. bare: without http(s) before it."""

    start: int
    end: int
    bare: bool


@cache
def _compiled(pattern: str) -> "regex.Pattern[str]":
    """The pattern, with `tops` in it for any top-level domain."""
    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    tops = {suffix.rsplit(".", 1)[-1] for suffix in extract.tlds}
    return regex.compile(pattern, regex.I, tops=tops)


def addresses(text: str) -> Iterator[Address]:
    """The addresses that X would shorten, in their order."""
    for match in _compiled(_ADDRESS).finditer(text):
        if not _fits(match):
            continue
        start = match.end("before")
        if match["scheme"]:
            if end := _end(match):
                yield Address(start, end, False)
        elif not match["before"] or match["before"] not in "-_./":
            yield from _bare(match)


def _fits(match: "regex.Match[str]") -> bool:
    try:
        labels = [_as_sent(label) for label in match["host"].split(".")]
    except UnicodeError:
        return False
    longer = sum(map(len, labels)) + len(labels) - 1 - len(match["host"])
    length = match.end() - match.end("before") + len("https://") + longer
    return length <= LONGEST_ADDRESS and all(len(label) <= LONGEST_LABEL for label in labels)


def _as_sent(label: str) -> str:
    """A part of a host's name in the letters that the internet's directory takes."""
    return label if label.isascii() else f"xn--{label.lower().encode('punycode').decode()}"


def _end(match: "regex.Match[str]") -> int:
    """X's own short addresses end after their one word; 0 where that is too long to be one."""
    start = match.end("before")
    word = _TCO.match(match.string, start, match.end())
    if not word:
        return match.end()
    return word.end() if len(word[1]) <= LONGEST_TCO else 0


def _bare(match: "regex.Match[str]") -> Iterator[Address]:
    """Without a scheme only the plainly written parts of a host count."""
    hosts = list(
        _compiled(_PLAIN_HOST).finditer(match.string, match.start("host"), match.end("host"))
    )
    for host in hosts:
        with_path = host is hosts[-1] and match["path"]
        yield Address(host.start(), match.end() if with_path else host.end(), True)


def x_length(text: str) -> int:
    """The weighted length of a post on X."""
    text = unicodedata.normalize("NFC", text)
    length, end = 0, 0
    for address in addresses(text):
        length += _weigh(text[end : address.start]) + URL_WEIGHT
        end = address.end
    return length + _weigh(text[end:])


def _weigh(text: str) -> int:
    rest, emoji = EMOJI.subn("", text)
    return 2 * emoji + sum(1 if _is_light(ord(char)) else 2 for char in rest)


def _is_light(point: int) -> bool:
    return any(first <= point <= last for first, last in _LIGHT)


def x_mentions(text: str) -> list[str]:
    """The accounts a post on X would address; an e-mail or a web address is none."""
    taken = list(addresses(text))
    return [
        f"@{match[1]}"
        for match in _MENTION.finditer(text)
        if not any(address.start < match.start() < address.end for address in taken)
    ]
