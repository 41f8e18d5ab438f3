"""The words for a profile: every part that the policies want, within the network's own limit."""

import pytest

from social_publish.networks import NETWORKS
from social_publish.profile_text import Office, texts
from tests.council import Council

LOOE = Office(
    council="Looe Town Council",
    website="https://www.looetowncouncil.example/",
    phone="01632 960 123",
    email="office@looetowncouncil.example",
    hours="Mon to Fri, 10am to 3pm",
)


@pytest.mark.parametrize("slug", sorted(NETWORKS))
def test_a_form_fits_every_network(slug: str) -> None:
    network = NETWORKS[slug]
    forms = texts(LOOE, network)
    assert [text.form for text in forms] == ["Long", "Medium", "Short"]
    assert [text.length for text in forms] == [network.bio.count(text.words) for text in forms]
    best = next(text for text in forms if text.fits)
    assert best.length <= (network.bio.maximum or 9999)
    for text in forms:
        assert text.words.startswith("Looe Town Council")
        assert "01632 960 123" in text.words
        assert "closed" in text.words or "not monitored" in text.words
        assert "does not answer for it" in text.words or "not ours" in text.words.replace(
            "Not responsible", "not ours"
        )


def test_the_longer_forms_hold_all_that_the_policies_want() -> None:
    long, medium, short = texts(LOOE, NETWORKS["mastodon"])
    assert long.words == (
        "Looe Town Council: its official account. Office staffed Mon to Fri, 10am to 3pm:"
        " 01632 960 123, office@looetowncouncil.example. Replies are not monitored. Ask us there"
        " instead. What we share from others is not the council's own, and the council does not"
        " answer for it. https://www.looetowncouncil.example/"
    )
    assert medium.words == (
        "Looe Town Council. Staffed Mon to Fri, 10am to 3pm. 01632 960 123. Replies are not"
        " monitored. Not responsible for shared material. looetowncouncil.example"
    )
    assert (long.missing, medium.missing) == ((), ())
    assert short.missing == ("the office hours", "the website")


def test_what_is_not_known_is_said_to_be_missing() -> None:
    bare = Office("Looe Town Council", "https://looe.example", email="office@looe.example")
    for text in texts(bare, NETWORKS["x"]):
        assert "the office hours" in text.missing
        assert "staffed" not in text.words.lower()
        assert "office@looe.example" in text.words
        assert ". ." not in text.words


def test_a_name_that_is_too_long_is_told() -> None:
    long_name = Office("The Town Council of " + "Much " * 12, "https://a.example", phone="1")
    assert not any(text.fits for text in texts(long_name, NETWORKS["tiktok"]))


@pytest.mark.django_db
def test_they_stand_ready_to_copy_on_the_channels_page(council: Council) -> None:
    shown = council.client("clerk").get(f"/admin/social/security/{council.x.pk}/").content.decode()
    assert "which takes 160 characters" in shown
    assert "Council office" in shown
    assert "Replies are closed." in shown
    assert "Too long for this profile." in shown
    assert shown.count("w-clipboard#copy") >= 1
