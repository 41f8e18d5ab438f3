"""The post that is composed: link and contact always there, nothing ever cut."""

from hypothesis import given
from hypothesis import strategies as st

from social_publish.compose import compose
from social_publish.networks import NETWORKS

LINK = "https://council.example/n/abcdefghij"
FORMS = ("Office: 01632 960 123, office@council.example\nMonday to Friday", "Office: 01632 960 123")


def text_of(words: str, network: str = "x") -> str:
    return compose(words, link=LINK, contact_forms=FORMS, limits=NETWORKS[network].limits).text


def test_the_link_is_in_every_post() -> None:
    for slug, network in NETWORKS.items():
        link = LINK if network.limits.links_work else LINK.removeprefix("https://")
        assert link in text_of("Hello.", slug).split()


def test_the_office_contact_is_in_every_post() -> None:
    assert all("Office: 01632 960 123" in text_of("Hello.", network) for network in NETWORKS)


def test_the_longest_contact_that_fits_is_used() -> None:
    assert "Monday to Friday" in text_of("Hello.")
    long = text_of("w" * 225)
    assert "Monday" not in long
    assert long.endswith("Office: 01632 960 123")


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=600),
    st.sampled_from(["x", "facebook"]),
)
def test_words_are_never_cut(words: str, network: str) -> None:
    limits = NETWORKS[network].limits
    composed = compose(words, link=LINK, contact_forms=FORMS, limits=limits)
    assert LINK in composed.text
    assert "Office: 01632 960 123" in composed.text
    assert composed.length == limits.count(composed.text)
    assert bool(composed.problems) or composed.length <= limits.maximum
    again = compose(words, link=LINK, contact_forms=FORMS, limits=limits)
    assert again == composed


def test_hidden_characters_are_refused() -> None:
    composed = compose(
        "Open\u202elate", link=LINK, contact_forms=FORMS, limits=NETWORKS["x"].limits
    )
    assert "hidden characters" in composed.problems[0]
