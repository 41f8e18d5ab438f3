"""What a network says of a channel, in words for somebody who is only just connecting it."""

from social_publish.networks.identities import AGAIN_LATER

# The longer ones come first, as a shorter one may be a part of them.
_INSTEAD = (
    (AGAIN_LATER, "Try again in a few minutes."),
    ("Connect the channel again, and allow", "Sign in once more, and allow"),
    ("Connect the channel again", "Try once more"),
    ("connect the channel again", "try once more"),
    ("Connect it again.", "Check what you gave, and try once more."),
    ("connect it again", "try once more"),
    ("this channel's app password", "this account name with this app password"),
    ("This channel's", "This"),
    ("this channel's keys", "these keys"),
    ("this channel's", "this"),
    ("Whoever connected this channel", "Whoever signed in"),
    ("whoever connected this channel", "whoever signed in"),
)


def in_the_wizard(words: str) -> str:
    """The same sentence, where there is no channel yet to be connected again."""
    for of_a_channel, while_connecting in _INSTEAD:
        words = words.replace(of_a_channel, while_connecting)
    return words
