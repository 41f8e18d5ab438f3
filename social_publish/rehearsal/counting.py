"""How long a post is by the networks' published rules, counted here in a way of our own.

It shares no line with the sender's counts, so that the two cannot be wrong together.
"""

import re
import unicodedata

import regex

_LIGHT = [range(4352), range(8192, 8206), range(8208, 8224), range(8242, 8248)]
_ENDINGS = (
    "com|org|net|info|biz|edu|gov|int|mil|name|io|co|uk|eu|de|fr|ie|us|ca|au|nz|es|it|nl|se|no|dk|fi"
    "|ch|at|be|pl|pt|gr|cz|wales|cymru|scot|london|cornwall|travel|museum|coop|online|site|app|dev"
)
_ADDRESS = re.compile(
    r"(?<![\w@.$#\-/])(?:https?://)?(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+"
    rf"(?:{_ENDINGS})(?![\w@\-])(?::\d+)?(?:[/?][^\s]*[\w/=#+&\-])?",
    re.IGNORECASE,
)
_EMOJI_IN = regex.compile(r"[\p{Extended_Pictographic}\p{RI}\u20E3]")
_JOINER, _VARIATION = 0x200D, 0xFE0F


def weighted_length(text: str) -> int:
    """The weighted length on X: an address is 23, an emoji of any make 2, the rest 1 or 2."""
    text = unicodedata.normalize("NFC", text)
    addresses = len(_ADDRESS.findall(text))
    return 23 * addresses + sum(_weights(_ADDRESS.sub("", text)))


def threads_length(text: str) -> int:
    """The length of a post on Threads: an emoji counts its UTF-8 bytes, all else 1."""
    graphemes = regex.findall(r"\X", text)
    return sum(len(part.encode() if _EMOJI_IN.search(part) else part) for part in graphemes)


def _weights(text: str) -> list[int]:
    weights: list[int] = []
    points = [ord(char) for char in text]
    index = 0
    while index < len(points):
        end = _emoji_end(points, index)
        if end > index:
            weights.append(2)
            index = end
        else:
            weights.append(1 if any(points[index] in light for light in _LIGHT) else 2)
            index += 1
    return weights


def _emoji_end(points: list[int], start: int) -> int:
    """Where the emoji that begins here ends; `start` itself when none begins here."""
    if not _is_emoji(points[start]):
        return start
    if _is_flag_letter(points[start]):
        pair = start + 1 < len(points) and _is_flag_letter(points[start + 1])
        return start + 2 if pair else start
    end = start + 1
    while end < len(points):
        if (
            points[end] == _VARIATION
            or 0x1F3FB <= points[end] <= 0x1F3FF
            or 0xE0020 <= points[end] <= 0xE007F
        ):
            end += 1
        elif points[end] == _JOINER and end + 1 < len(points) and _is_emoji(points[end + 1]):
            end += 2
        else:
            break
    return end


def _is_flag_letter(point: int) -> bool:
    return 0x1F1E6 <= point <= 0x1F1FF


def _is_emoji(point: int) -> bool:
    return (
        0x1F000 <= point <= 0x1FAFF
        or 0x2600 <= point <= 0x27BF
        or point in (0x2B50, 0x2B55, 0x231A, 0x231B)
    )


def graphemes(text: str) -> int:
    """What a reader takes for one character: an emoji of any make, a letter with its marks."""
    points = [ord(char) for char in text]
    count, index = 0, 0
    while index < len(points):
        index = max(_emoji_end(points, index), index + 1)
        while index < len(points) and _belongs_to_the_last(text[index - 1], text[index]):
            index += 1
        count += 1
    return count


def _belongs_to_the_last(last: str, char: str) -> bool:
    mark = unicodedata.category(char) in ("Mn", "Me", "Mc") or ord(char) == _JOINER
    return mark or (last, char) == ("\r", "\n")


def mastodon_length(text: str) -> int:
    """Graphemes, but an address with its http(s) is 23 and an account has no server."""
    addresses = [found for found in _ADDRESS.findall(text) if found.lower().startswith("http")]
    for found in addresses:
        text = text.replace(found, "", 1)
    return 23 * len(addresses) + graphemes(re.sub(r"(?<![\w/])(@\w+)@[\w.\-]+\w", r"\1", text))


def utf16_units(text: str) -> int:
    """UTF-16 units, counted without encoding anything."""
    return sum(2 if ord(point) > 0xFFFF else 1 for point in text)
