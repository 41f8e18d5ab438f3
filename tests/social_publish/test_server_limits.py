"""Networks of many servers: what the account's own server allows is what is counted against."""

import io

import pytest
from PIL import Image

from social_publish.models import Channel, Delivery
from social_publish.networks import NETWORKS
from social_publish.networks.base import Account
from tests.council import Council, picture
from tests.rehearsal_server import RehearsalServer
from tests.social_publish.connecting import wizard
from tests.social_publish.tended import DAY, read, sweep

SAID = {"characters": 1000, "alt_text": 200, "picture_bytes": 60_000, "picture_side": 640}


@pytest.fixture
def mastodon(council: Council) -> Channel:
    account = council.rehearsal.open_account("mastodon")
    channel = Channel.objects.create(
        group=council.group,
        network="mastodon",
        name="Council on Mastodon",
        account_id=account["account_id"],
        policy_answer="named",
        replies_accepted_by="The clerk",
        server_limits=SAID,
    )
    channel.seal(account["credentials"])
    channel.save()
    return channel


@pytest.mark.parametrize(
    ("network", "characters"), [("mastodon", 500), ("gotosocial", 5000), ("bluesky", None)]
)
def test_a_server_says_its_limits(
    rehearsal: RehearsalServer, network: str, characters: int | None
) -> None:
    opened = rehearsal.open_account(network)
    account = Account(opened["account_id"], opened["credentials"], rehearsal.url)
    said = NETWORKS[network].verify(account).server_limits
    assert said.get("characters") == characters
    if characters:
        assert (said["alt_text"], said["picture_side"]) == (1500, 5760)


def test_connecting_keeps_what_the_server_says(council: Council) -> None:
    account = council.rehearsal.open_account("mastodon", "tourism", "Looe Tourism")
    channel = wizard(council).connect("mastodon", account["account_id"])
    assert channel.server_limits["characters"] == 500


def test_the_daily_check_keeps_them_up_to_date(council: Council, mastodon: Channel) -> None:
    sweep(council)
    sweep(council, DAY)
    assert read(mastodon).server_limits["characters"] == 500


def test_editor_and_moderator_count_against_it(council: Council, mastodon: Channel) -> None:
    words = "w" * 600
    counted = (
        council.client("editor")
        .post("/admin/social/count/", {f"words-{mastodon.pk}": words})
        .json()[str(mastodon.pk)]
    )
    assert "of 1000 characters" in counted["short"]
    assert counted["problems"] == []
    page = council.write(summary=words, **{"channel_words-ticked": [str(mastodon.pk)]})
    assert "of 1000 characters" in council.review(page).content.decode()
    edit = council.client("editor").get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "takes posts of at most 1000 characters and pictures of at most 58.6" in edit


def test_a_shorter_limit_is_kept_before_anything_is_proposed(
    council: Council, mastodon: Channel
) -> None:
    Channel.objects.filter(pk=mastodon.pk).update(server_limits={"characters": 140})
    answer = council.post_new(
        summary="w" * 150, **{"channel_words-ticked": [str(mastodon.pk)]}
    ).content.decode()
    assert "of at most 140" in answer
    assert not Delivery.objects.exists()


def test_pictures_are_made_to_fit_it(council: Council, mastodon: Channel) -> None:
    ticked = {"channel_words-ticked": [str(mastodon.pk)]}
    page = council.write(image=str(picture().pk), **ticked)
    council.approve(page)
    council.deliver()
    (post,) = council.posts(mastodon)
    content = post["pictures"][0]["content"]
    with Image.open(io.BytesIO(content)) as opened:
        assert max(opened.size) <= 640
    assert len(content) <= 60_000


def test_its_shorter_descriptions_are_kept(council: Council, mastodon: Channel) -> None:
    image = picture("d" * 201)
    answer = council.post_new(
        image=str(image.pk), **{"channel_words-ticked": [str(mastodon.pk)]}
    ).content.decode()
    assert "at most 200 characters" in answer
