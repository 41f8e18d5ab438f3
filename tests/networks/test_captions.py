"""What networks refuse besides length, and addresses where nobody can follow them."""

from typing import Any

import pytest

from social_publish.compose import Composed, compose
from social_publish.models import Channel, Delivery
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted
from social_publish.networks.base import Account, Post
from social_publish.networks.capabilities import ReplyControl
from social_publish.networks.text import carries, links_in_words, threads_length, utf16_length
from tests.council import Council, picture
from tests.networks.posting import LINK, publish, with_picture
from tests.rehearsal_server import RehearsalServer

CONTACT = "Council office: (01632) 960 123\nhttps://www.council.example/contact"
NO_LINKS = ("instagram", "tiktok")


def composed(network: str, words: str) -> Composed:
    limits = NETWORKS[network].limits
    return compose(words, link=LINK, contact_forms=(CONTACT,), limits=limits)


@pytest.mark.parametrize(
    ("network", "words", "fits"),
    [
        ("instagram", " ".join(f"#tag{n}" for n in range(30)), True),
        ("instagram", " ".join(f"#tag{n}" for n in range(31)), False),
        ("instagram", " ".join(f"@name{n}" for n in range(20)), True),
        ("instagram", " ".join(f"@name{n}" for n in range(21)), False),
        ("instagram", "#1 " * 31, False),
        ("instagram", "office@council.example " * 30, True),
        # The link and the contact page are two already.
        ("threads", "a.uk b.uk c.uk", True),
        ("threads", "a.uk b.uk c.uk d.uk", False),
        ("threads", "a.uk a.uk a.uk a.uk", True),
        ("threads", "#Looe", True),
        ("threads", "#Looe #Library", False),
        ("threads", "Item #1 of #2", True),
        ("x", " ".join(f"#t{n}" for n in range(31)), True),
        ("bluesky", "#Looe #Library", True),
    ],
)
def test_other_rules_of_a_network_are_kept_before_approval(
    network: str, words: str, fits: bool
) -> None:
    problems = composed(network, words).problems
    assert any("takes at most" in problem for problem in problems) is not fits


@pytest.mark.parametrize("network", [slug for slug in NETWORKS if slug != "by_hand"])
def test_no_address_pretends_to_be_a_link(network: str) -> None:
    text = composed(network, "Open late.").text
    assert ("https://" in text) is (network not in NO_LINKS)
    assert "council.example/n/abcdefghij" in text
    assert "www.council.example/contact" in text
    assert "(01632) 960 123" in text


def test_a_link_is_found_again_in_words() -> None:
    assert carries("See council.example/n/abcdefghij now", LINK)
    assert carries(f"See {LINK} now", LINK)
    assert not carries("See council.example/n/abcdefghijk now", LINK)
    assert LINK in links_in_words("See council.example/n/abcdefghij now")
    assert links_in_words("Nothing here.") == ()


@pytest.mark.parametrize(
    ("count", "text", "length"),
    [
        (threads_length, "👋", 4),
        (threads_length, "👨‍👩‍👧‍👦", 25),
        (threads_length, "café 日本", 7),
        (threads_length, "©", 2),
        (utf16_length, "👋a", 3),
        (NETWORKS["linkedin"].limits.count, "(01632) 960 123", 17),
        (NETWORKS["mastodon"].limits.count, "@looe@social.example https://looe.gov.uk/n/abc", 29),
        (NETWORKS["gotosocial"].limits.count, LINK, len(LINK)),
        (NETWORKS["tiktok"].limits.count, "👋" * 10, 20),
        (NETWORKS["instagram"].limits.count, "👋é", 3),
    ],
)
def test_each_counts_by_its_published_rule(count: Any, text: str, length: int) -> None:
    assert count(text) == length


def test_instagram_finds_and_reads_a_post_whose_link_is_in_words(
    rehearsal: RehearsalServer,
) -> None:
    opened = rehearsal.open_account("instagram")
    account = Account(opened["account_id"], opened["credentials"], rehearsal.url, "council")
    instagram = NETWORKS["instagram"]
    words = with_picture(composed("instagram", "Open late.").text)
    published = publish("instagram", account, words)
    assert isinstance(published, Accepted)
    look = instagram.look(account, words, 0, {})
    assert [found.remote_id for found in look.found] == [published.remote_id]
    reading = instagram.read(account, published.remote_id)
    assert (reading.found, LINK in reading.links) == (True, True)
    assert reading.reply_control is ReplyControl.OPEN
    other = Post(words.text, "https://council.example/n/zzzzzzzzzz", words.picture)
    assert instagram.look(account, other, 0, {}).found == ()


def test_the_editor_is_told_that_addresses_are_dead_there(council: Council) -> None:
    opened = council.rehearsal.open_account("instagram")
    channel = Channel.objects.create(
        group=council.group,
        network="instagram",
        name="Council on Instagram",
        account_id=opened["account_id"],
        policy_answer="named",
    )
    channel.seal(opened["credentials"])
    channel.save()
    page = council.write(
        image=str(picture().pk), **{"channel_words-ticked": [str(channel.pk), str(council.x.pk)]}
    )
    edit = council.client("editor").get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "Addresses stand there as plain words: Instagram lets nobody follow them" in edit
    assert "X lets nobody follow them" not in edit
    texts = {d.channel.network: d.text for d in Delivery.objects.select_related("channel")}
    assert "https://" in texts["x"]
    assert "https://" not in texts["instagram"]
