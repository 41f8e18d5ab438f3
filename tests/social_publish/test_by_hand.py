"""Channels on which a person posts: the same approval, the same record, no machine at all."""

import pytest
from django.urls import reverse
from django.utils import timezone

from news.models import NewsPage
from social_publish import alarms, outbox, tasks
from social_publish.models import Channel, State
from social_publish.networks import NETWORKS
from social_publish.networks.base import Account, NotSupported, Post
from tests.council import ANSWERED, Council, picture
from tests.social_publish.posts import decide, delivery, inspect

pytestmark = pytest.mark.django_db

ADDRESS = "https://nextdoor.co.uk/p/abc123"
POSTED = {"address": ADDRESS, "replies": "closed"}


@pytest.fixture
def nextdoor(council: Council) -> Channel:
    return Channel.objects.create(
        group=council.group,
        network="by_hand",
        name="Council on Nextdoor",
        handle="The Council",
        account_id="the-council",
        profile_url="https://nextdoor.co.uk/agency/the-council/",
        rehearsal=False,
        **ANSWERED,
    )


def approved(council: Council, channel: Channel) -> NewsPage:
    page = council.write(**{"channel_words-ticked": [str(channel.pk)], "image": str(picture().pk)})
    council.approve(page)
    council.deliver()
    return page


def alarm() -> str:
    """What is wrong with posts; the channel's own checks are another matter."""
    return " ".join(t.words for t in alarms.found(timezone.now()) if t.delivery)


def test_a_channel_without_keys_is_not_lost(council: Council, nextdoor: Channel) -> None:
    assert nextdoor.has_credentials
    screen = council.client("webmaster").get("/admin/social_publish/channel/").content.decode()
    assert "A person posts there as The Council" in screen
    Channel.objects.filter(pk=council.x.pk).update(sealed_credentials=b"")
    council.x.refresh_from_db()
    assert not council.x.has_credentials


def test_the_moderator_is_told_who_posts_it(council: Council, nextdoor: Channel) -> None:
    page = council.write(**{"channel_words-ticked": [str(nextdoor.pk)]})
    screen = council.review(page).content.decode()
    assert "A person posts it" in screen
    assert "of 8192 characters." in screen


def test_an_approved_post_waits_for_a_person_and_nothing_leaves(
    council: Council, nextdoor: Channel
) -> None:
    approved(council, nextdoor)
    assert delivery().state == State.NEEDS_PERSON
    assert "post it there yourself" in delivery().why
    assert "post it there yourself" in alarm()
    assert council.rehearsal.requests() == []


def test_words_and_picture_are_ready_to_copy(council: Council, nextdoor: Channel) -> None:
    approved(council, nextdoor)
    screen = inspect(council)
    assert f'data-w-clipboard-target="value">{delivery().text}</textarea>' in screen
    image = reverse("social_publish_picture", args=[delivery().pk])
    assert f'href="{image}" download="post.jpg"' in screen
    assert council.client("moderator").get(image).status_code == 200
    assert nextdoor.profile_url in screen
    assert "I posted it by hand" in screen
    assert "post it</a>" not in screen


def test_in_rehearsal_nobody_is_told_to_post_it_for_real(
    council: Council, nextdoor: Channel
) -> None:
    Channel.objects.filter(pk=nextdoor.pk).update(rehearsal=True)
    approved(council, nextdoor)
    assert "post it nowhere" in inspect(council)


def test_posted_at_this_address(council: Council, nextdoor: Channel) -> None:
    approved(council, nextdoor)
    assert "Recorded as posted" in decide(council, "there", **POSTED)
    post = delivery()
    assert (post.state, post.remote_url) == (State.POSTED, ADDRESS)
    assert (post.replies_given, post.replies_confirmed_at) == ("closed", None)
    assert [event.actor_name for event in post.events.filter(move__in=("confirm", "replies"))] == [
        "Moderator",
        "Moderator",
    ]
    screen = inspect(council)
    assert f'href="{ADDRESS}"' in screen
    assert "Nobody can reply. Not confirmed by a read yet." in screen
    assert alarm() == ""


def test_it_is_never_checked_afterwards(council: Council, nextdoor: Channel) -> None:
    approved(council, nextdoor)
    decide(council, "there", **POSTED | {"replies": "not possible"})
    assert delivery().replies_due_at is None
    tasks.sweep()
    assert delivery().state == State.POSTED
    assert delivery().replies_given == "not possible"
    assert "this network cannot close replies" in inspect(council)
    assert council.rehearsal.requests() == []


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"address": ADDRESS}, "Choose whether people can reply"),
        ({"replies": "closed"}, "Paste the address"),
        (POSTED | {"address": "on the front page"}, "This is not an address"),
        (POSTED | {"address": f"{ADDRESS}/{'a' * 500}"}, "too long"),
        (POSTED | {"replies": "open"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(
    council: Council, nextdoor: Channel, form: dict[str, str], words: str
) -> None:
    approved(council, nextdoor)
    assert words in decide(council, "there", **form)
    assert delivery().state == State.NEEDS_PERSON


def test_leaving_it_unposted_is_recorded(council: Council, nextdoor: Channel) -> None:
    approved(council, nextdoor)
    assert "Recorded" in decide(council, "leave")
    assert delivery().state == State.CANCELLED
    assert alarm() == ""


def test_an_editor_decides_nothing(council: Council, nextdoor: Channel) -> None:
    approved(council, nextdoor)
    decide(council, "there", by="editor", **POSTED)
    assert delivery().state == State.NEEDS_PERSON


# --- taken down ---


def taken_down(council: Council, channel: Channel) -> None:
    page = approved(council, channel)
    decide(council, "there", **POSTED)
    address = f"/admin/social/take-down/{page.pk}/"
    asked = council.client("moderator").get(address).content.decode()
    assert "remove it there yourself" in asked
    council.client("moderator").post(address, {"ground": "It is a mistake of ours"})
    council.deliver()


def test_removal_is_a_persons_task_that_alarms_until_it_is_ticked_off(
    council: Council, nextdoor: Channel
) -> None:
    taken_down(council, nextdoor)
    assert delivery().state == State.NEEDS_PERSON
    assert "may still be on the network" in alarm()
    assert "let the website try again" not in alarm()
    screen = inspect(council)
    assert "I saw that it is gone" in screen
    # Whoever removes it there has to find it.
    assert f'href="{ADDRESS}"' in screen
    assert f'href="{ADDRESS}"' in decide(council, "leave")
    assert "Try to remove it again" not in screen
    assert "Write what you saw" in decide(council, "leave")
    assert "may still be on the network" in alarm()
    decide(council, "leave", seen="Deleted it; the address says “not available”.")
    assert delivery().state == State.REMOVED
    assert "the address says “not available”" in delivery().events.last().why
    assert alarm() == ""


def test_taken_down_before_it_was_posted_a_person_says_so(
    council: Council, nextdoor: Channel
) -> None:
    page = approved(council, nextdoor)
    council.client("moderator").post(
        f"/admin/social/take-down/{page.pk}/", {"ground": "It is a mistake of ours"}
    )
    screen = inspect(council)
    assert "I posted it by hand" not in screen
    assert "Copy the words" not in screen
    decide(council, "leave")
    assert delivery().state == State.CANCELLED


def test_posted_although_it_was_withdrawn_is_to_be_removed(
    council: Council, nextdoor: Channel
) -> None:
    page = approved(council, nextdoor)
    council.client("moderator").post(
        f"/admin/social/take-down/{page.pk}/", {"ground": "It is a mistake of ours"}
    )
    decide(council, "there", **POSTED)
    council.deliver()
    assert delivery().state == State.NEEDS_PERSON
    assert "Remove it there by hand" in alarm()


# --- what other networks refused may be posted by hand too ---


def test_a_refused_post_may_be_posted_by_hand_where_the_network_agrees(council: Council) -> None:
    council.write(**{"channel_words-ticked": [str(council.x.pk)]})
    council.approve(NewsPage.objects.latest("pk"))
    council.rehearsal.misbehave("forbidden", match="POST /2/tweets")
    council.deliver()
    assert delivery().state == State.REFUSED
    assert "Copy the words" in inspect(council)
    address = "https://x.com/council/status/123"
    assert "no such post" in decide(council, "there", address=address)
    known = council.rehearsal.account("x", council.x.account_id)
    council.rehearsal.store.add_post(known, "123", delivery().text, {"media": []})
    decide(council, "there", address=address)
    assert (delivery().state, delivery().remote_id) == (State.POSTED, "123")


def test_no_machine_is_ever_asked() -> None:
    network, account = NETWORKS["by_hand"], Account("1", {}, "")
    for call in (
        lambda: network.publish(account, Post("Words", "link"), {}),
        lambda: network.remove(account, "1"),
        lambda: network.close_replies(account, "1"),
        lambda: network.hide_reply(account, "1"),
    ):
        with pytest.raises(NotSupported):
            call()
    assert network.look(account, Post("Words", "link"), 0, {}).impossible
    assert network.read(account, "1").found is None
    assert not network.replies(account, "1").readable
    assert network.verify(account).reason


def test_the_emergency_stop_holds_it_too(council: Council, nextdoor: Channel) -> None:
    page = council.write(**{"channel_words-ticked": [str(nextdoor.pk)]})
    outbox.stop_everything(now=timezone.now(), actor=council.people["superuser"])
    council.approve(page)
    council.deliver()
    assert delivery().state == State.HELD
