"""The languages in which words of ours may be written, by their codes (BCP 47)."""

# The tongues of these islands first, then those most spoken here.
LANGUAGES = [
    ("kw", "Cornish"),
    ("cy", "Welsh"),
    ("gd", "Scottish Gaelic"),
    ("ga", "Irish"),
    ("gv", "Manx"),
    ("en-GB", "English"),
    ("ar", "Arabic"),
    ("bn", "Bengali"),
    ("zh-Hans", "Chinese"),
    ("fr", "French"),
    ("de", "German"),
    ("gu", "Gujarati"),
    ("he", "Hebrew"),
    ("lt", "Lithuanian"),
    ("pa", "Panjabi"),
    ("fa", "Persian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("es", "Spanish"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
]


def languages() -> list[tuple[str, str]]:
    """As a function, so that a language more is no migration."""
    return LANGUAGES
