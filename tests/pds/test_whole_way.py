"""From a page that is written to its removal, with Bluesky's own server at the end of the wire."""

import pytest
from pytest_django import Settings

from social_publish.models import Channel, Delivery, State
from social_publish.networks.bluesky_post import POST, POST_GATE, THREAD_GATE
from tests.council import ANSWERED, Council, picture
from tests.pds.server import PersonalDataServer

pytestmark = pytest.mark.pds

GROUND = {"ground": "It is a mistake of ours"}


@pytest.fixture
def channel(
    council: Council, pds: PersonalDataServer, opened: dict[str, str], settings: Settings
) -> Channel:
    settings.REHEARSAL_URL = pds.url
    made = Channel.objects.create(
        group=council.group,
        network="bluesky",
        name="Council on Bluesky",
        handle=opened["handle"],
        account_id=opened["did"],
        **ANSWERED,
    )
    made.seal({"app_password": opened["app_password"]})
    made.save()
    return made


def test_a_page_is_posted_checked_and_taken_down(
    council: Council, channel: Channel, pds: PersonalDataServer
) -> None:
    page = council.write(**{"channel_words-ticked": [str(channel.pk)], "image": str(picture().pk)})
    council.approve(page)
    council.deliver()
    delivery = Delivery.objects.get(channel=channel)
    assert delivery.state == State.POSTED, delivery.why
    assert (delivery.replies_given, bool(delivery.replies_confirmed_at)) == ("closed", True)
    (record,) = pds.records(channel.account_id, POST).values()
    assert record["text"] == delivery.text
    assert record["embed"]["images"][0]["alt"] == "Shelves of books"

    council.client("moderator").post(f"/admin/social/take-down/{page.pk}/", GROUND)
    council.deliver()
    delivery.refresh_from_db()
    assert delivery.state == State.REMOVED
    for kind in (POST, THREAD_GATE, POST_GATE):
        assert pds.records(channel.account_id, kind) == {}
