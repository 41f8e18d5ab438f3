"""The addresses that people copy out of a browser or an app."""

from dataclasses import replace

import pytest

from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted
from social_publish.networks.base import Account
from tests.networks.posting import plain, publish
from tests.rehearsal_server import RehearsalServer

PAGE, POST = "100064", "7788990011"
EXACT = {
    "https://x.com/council/status/123": ("x", "123"),
    "https://twitter.com/council/status/123?s=20": ("x", "123"),
    "https://mobile.twitter.com/council/statuses/123/photo/1": ("x", "123"),
    "x.com/i/web/status/123": ("x", "123"),
    f"https://www.facebook.com/{PAGE}/posts/{POST}": ("facebook", f"{PAGE}_{POST}"),
    "https://bsky.app/profile/council.example/post/3l3b5pcr7uoic": ("bluesky", "3l3b5pcr7uoic"),
    "bsky.app/profile/did:plc:2lb4rwouqbldd5kjzvw47n67/post/3l3b5pcr7uoic?ref=x": (
        "bluesky",
        "3l3b5pcr7uoic",
    ),
    "https://social.example/@council/115589284123456789": ("mastodon", "115589284123456789"),
    "social.example/users/council/statuses/115589284123456789": (
        "mastodon",
        "115589284123456789",
    ),
    "https://gts.example/@council/statuses/01KAJY9W8XJ3J4ZB6V5T7Q2RSE": (
        "gotosocial",
        "01KAJY9W8XJ3J4ZB6V5T7Q2RSE",
    ),
    "https://gts.example/users/council/statuses/01KAJY9W8XJ3J4ZB6V5T7Q2RSE": (
        "gotosocial",
        "01KAJY9W8XJ3J4ZB6V5T7Q2RSE",
    ),
    "https://www.linkedin.com/feed/update/urn:li:share:123/": ("linkedin", "urn:li:share:123"),
    "https://uk.linkedin.com/feed/update/urn%3Ali%3AugcPost%3A123?utm_source=x": (
        "linkedin",
        "urn:li:ugcPost:123",
    ),
    "https://www.tiktok.com/@council/photo/7301?lang=en": ("tiktok", "7301"),
}
WITHOUT_ID = {
    "https://x.com/council": "x",
    "https://www.facebook.com/towncouncil/posts/7788990011": "facebook",
    "https://www.facebook.com/towncouncil/posts/pfbid02abcDEF": "facebook",
    f"https://www.facebook.com/{PAGE}/posts/pfbid02abcDEF": "facebook",
    f"https://www.facebook.com/permalink.php?story_fbid=pfbid02abc&id={PAGE}": "facebook",
    f"https://www.facebook.com/permalink.php?story_fbid={POST}&id={PAGE}": "facebook",
    f"https://m.facebook.com/story.php?story_fbid={POST}&id={PAGE}&ref=x": "facebook",
    "https://www.facebook.com/photo?fbid=7788990011&set=a.1": "facebook",
    "fb.com/towncouncil": "facebook",
    "https://bsky.app/profile/council.example": "bluesky",
    "https://bsky.app/profile/council.example/post/short": "bluesky",
    "https://www.linkedin.com/posts/looe_late-opening-activity-7123-aBcD": "linkedin",
    "https://www.linkedin.com/feed/update/urn:li:activity:7123/": "linkedin",
    "https://vm.tiktok.com/ZMabcdef/": "tiktok",
    "https://www.tiktok.com/@council": "tiktok",
}
FOREIGN = [
    "https://example.com/council/status/123",
    "https://notx.com/council/status/123",
    "https://x.com.example/council/status/123",
    f"https://example.com/{PAGE}/posts/{POST}",
    "https://[x.com/status/123",
    # One server's number of another server's post.
    "https://social.example/@council@other.example/115589284123456789",
    "https://x.com:port/status/123",
    "",
]


@pytest.mark.parametrize("address", EXACT)
def test_an_address_with_the_id_gives_the_id(address: str) -> None:
    slug, remote_id = EXACT[address]
    assert NETWORKS[slug].owns_address(address)
    assert NETWORKS[slug].id_from_address(address) == remote_id


@pytest.mark.parametrize("address", WITHOUT_ID)
def test_an_address_without_the_id_is_known_as_the_networks_own(address: str) -> None:
    network = NETWORKS[WITHOUT_ID[address]]
    assert network.owns_address(address)
    assert network.id_from_address(address) == ""


@pytest.mark.parametrize("slug", sorted(NETWORKS))
@pytest.mark.parametrize("address", FOREIGN)
def test_an_address_elsewhere_is_refused(slug: str, address: str) -> None:
    assert not NETWORKS[slug].owns_address(address)
    assert NETWORKS[slug].id_from_address(address) == ""


def test_the_networks_do_not_take_each_others_addresses(rehearsal: RehearsalServer) -> None:
    for address, (slug, _) in EXACT.items():
        owners = [name for name, network in NETWORKS.items() if network.owns_address(address)]
        assert owners == [slug]
    own = f"{rehearsal.url}/timeline/x/9#post-123"
    assert NETWORKS["x"].id_from_address(own) == "123"
    assert not NETWORKS["facebook"].owns_address(own)
    assert not NETWORKS["x"].owns_address("http://127.0.0.1:1/timeline/x/9#post-123")


# What residents open, although the call went through a gateway.
PUBLIC = {
    "x": "https://x.com/council/status/{id}",
    "facebook": "https://www.facebook.com/{page}/posts/{post}",
    "linkedin": "https://www.linkedin.com/feed/update/{id}/",
    "bluesky": "https://bsky.app/profile/{page}/post/{id}",
    "mastodon": "https://social.example/@council/{id}",
    "gotosocial": "https://social.example/@council/statuses/{id}",
}


@pytest.mark.parametrize("slug", sorted(PUBLIC))
def test_a_live_channel_behind_a_gateway_has_the_networks_own_address(
    rehearsal: RehearsalServer, slug: str
) -> None:
    opened = rehearsal.open_account(slug)
    account = Account(
        opened["account_id"],
        opened["credentials"],
        rehearsal.url,
        "council",
        server="https://social.example",
    )
    live = publish(slug, account, plain(slug))
    assert isinstance(live, Accepted)
    page, _, post = live.remote_id.partition("_")
    whose = page if slug == "facebook" else account.account_id
    assert live.remote_url == PUBLIC[slug].format(id=live.remote_id, page=whose, post=post)
    assert NETWORKS[slug].id_from_address(live.remote_url) == live.remote_id

    rehearsal.reset()
    tried = publish(slug, replace(account, rehearsal=True), plain(slug))
    assert isinstance(tried, Accepted)
    assert tried.remote_url == (
        f"{rehearsal.url}/timeline/{slug}/{account.account_id}#post-{tried.remote_id}"
    )
