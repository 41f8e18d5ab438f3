"""F25 to F38: refusals, lists that mislead, removals, clocks, and channels in trouble."""

import pytest

from social_publish.models import Channel, Delivery, HoldReason, State, Trouble
from tests.council import ANSWERED
from tests.faults.cases import LATE, PUBLISH
from tests.faults.steps import delivery, posted_once, sweep_for
from tests.faults.world import World

pytestmark = pytest.mark.faults

DUPLICATE = {"detail": "You are not allowed to create a Tweet with duplicate content.", "code": 506}
SUSPENDED = {"detail": "Your account is suspended.", "code": 368}
LIST = r"GET .*/(tweets|published_posts)$"


def refuse_once(world: World, channel: Channel, **said: object) -> None:
    world.council.rehearsal.misbehave("forbidden", match=PUBLISH[channel.network], **said)


def lose_the_answer(world: World, channel: Channel) -> None:
    world.council.rehearsal.misbehave("drop_after", match=PUBLISH[channel.network])


# --- refusals --------------------------------------------------------------------------


def test_f25_a_duplicate_at_the_first_sending_is_looked_into(
    world: World, channel: Channel
) -> None:
    world.announce(channel)
    refuse_once(world, channel, **DUPLICATE)
    world.sweep_here()
    assert delivery().state == State.UNKNOWN
    assert world.council.rehearsal.requests("GET")
    world.sweep_until_rest()
    posted_once(world, channel, requests=2)


def test_f26_a_duplicate_after_an_unknown_means_it_is_there(world: World, channel: Channel) -> None:
    """The list is later than the settle window; the network's own memory is not."""
    world.announce(channel)
    world.council.rehearsal.store.lag = 16 * 60
    lose_the_answer(world, channel)
    world.sweep_here()
    refuse_once(world, channel, **DUPLICATE)
    sweep_for(world, 40, every=2)
    posted_once(world, channel, requests=2)


def test_f27_a_text_that_they_count_as_too_long(world: World) -> None:
    x = world.council.x
    world.announce(x)
    Delivery.objects.update(text="w" * 300)
    sweep_for(world, 30, every=2)
    assert delivery().state == State.REFUSED
    assert "Change its words" in delivery().why
    assert len(world.publishing(x)) == 1


def test_f28_a_suspended_account(world: World, channel: Channel) -> None:
    world.announce(channel)
    refuse_once(world, channel, **SUSPENDED)
    world.sweep_here()
    channel.refresh_from_db()
    assert channel.paused
    assert channel.trouble
    assert delivery().hold_reason == HoldReason.PAUSED
    sweep_for(world, 30, every=2)
    assert len(world.publishing(channel)) == 1


# --- lists -----------------------------------------------------------------------------


def test_f29_a_list_that_is_eight_minutes_late(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.council.rehearsal.store.lag = LATE
    lose_the_answer(world, channel)
    world.sweep_here()
    assert delivery().state == State.UNKNOWN
    sweep_for(world, 14)
    posted_once(world, channel, requests=1)


def test_f30_five_hundred_newer_posts(world: World, channel: Channel) -> None:
    world.announce(channel)
    lose_the_answer(world, channel)
    world.council.rehearsal.misbehave("many_posts", match=LIST, times=999, count=500)
    sweep_for(world, 40, every=2)
    assert delivery().state in (State.POSTED, State.NEEDS_PERSON)
    assert len(world.publishing(channel)) == 1


@pytest.mark.parametrize("mode", ["no_list", "foreign_list", "empty_object", "html_200"])
def test_f31_a_list_that_shows_no_truth_proves_nothing(
    world: World, channel: Channel, mode: str
) -> None:
    world.announce(channel)
    lose_the_answer(world, channel)
    world.council.rehearsal.misbehave(mode, match=LIST, times=999)
    sweep_for(world, 40, every=2)
    assert delivery().state == State.NEEDS_PERSON
    assert len(world.publishing(channel)) == 1


def test_f31_another_accounts_post_with_our_link_is_not_ours(
    world: World, channel: Channel
) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("drop_before", match=PUBLISH[channel.network])
    quoted = f"Look: {delivery().link}"
    world.council.rehearsal.misbehave("foreign_list", match=LIST, times=999, text=quoted)
    sweep_for(world, 40, every=2)
    assert delivery().state == State.NEEDS_PERSON
    assert not delivery().remote_id


def test_f32_two_copies_are_there_already(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.council.rehearsal.misbehave("drop_before", match=PUBLISH[channel.network])
    account = world.council.rehearsal.account(channel.network, channel.account_id)
    ids = ["11", "12"] if channel.network == "x" else [f"{channel.account_id}_{n}" for n in (1, 2)]
    world.sweep_here()
    for number in ids:
        world.council.rehearsal.store.add_post(account, number, delivery().text, {"media": []})
    world.doubles_expected = True
    sweep_for(world, 10)
    assert delivery().state == State.POSTED
    assert delivery().remote_id == ids[0]
    assert delivery().events.filter(move="second copy").count() == 1
    assert ids[1] in delivery().other_copies[0]
    assert len(world.publishing(channel)) == 1


# --- pictures --------------------------------------------------------------------------


def uploads(world: World) -> int:
    asked = world.council.rehearsal.requests("POST")
    return sum(request.path.endswith(("/upload", "/photos")) for request in asked)


def test_f33_the_picture_is_there_and_the_post_is_not(world: World, channel: Channel) -> None:
    world.announce(channel, picture=True)
    world.council.rehearsal.misbehave("drop_before", match=PUBLISH[channel.network])
    world.sweep_until_rest()
    posted_once(world, channel, requests=2)
    assert world.council.posts(channel)[0]["pictures"]


def test_f33_the_picture_is_lost(world: World, channel: Channel) -> None:
    world.announce(channel, picture=True)
    world.council.rehearsal.misbehave("drop_after", match=r"POST .*/(upload|photos)$")
    world.sweep_here()
    assert world.publishing(channel) == []
    world.sweep_until_rest()
    posted_once(world, channel, requests=1)
    assert uploads(world) == 2


# --- channels and clocks ---------------------------------------------------------------


def test_f34_one_of_eight_channels_is_down_for_a_day(world: World) -> None:
    pages = [more_facebook(world, number) for number in range(7)]
    dead = world.council.facebook
    world.announce(dead, *pages)
    world.council.rehearsal.misbehave(
        "error_before", match=rf"POST /v\d+\.\d+/{dead.account_id}/feed", times=9999
    )
    world.sweep_here()
    others = Delivery.objects.exclude(channel=dead)
    assert {d.state for d in others} == {State.POSTED}
    for _ in range(24):
        world.pass_minutes(60)
        world.sweep_here()
    assert Delivery.objects.get(channel=dead).state == State.NEEDS_PERSON
    assert len(world.publishing(dead)) <= 2


def more_facebook(world: World, number: int) -> Channel:
    """Another Facebook Page of the council; it goes with the case."""
    account = world.council.rehearsal.open_account("facebook", handle=f"page{number}")
    channel = Channel.objects.create(
        group=world.council.group,
        network="facebook",
        name=f"Page {number}",
        handle=account["handle"],
        account_id=account["account_id"],
        **ANSWERED,
    )
    channel.seal(account["credentials"])
    channel.save()
    return channel


@pytest.mark.parametrize("minutes", [-10, 10], ids=["behind", "ahead"])
def test_f35_the_networks_clock_is_wrong(world: World, channel: Channel, minutes: float) -> None:
    world.announce(channel)
    lose_the_answer(world, channel)
    ours = world.council.rehearsal.store.now
    world.council.rehearsal.store.now = lambda: ours() + minutes * 60
    sweep_for(world, 30, every=2)
    posted_once(world, channel, requests=1)


@pytest.mark.parametrize("minutes", [-60, 60], ids=["back", "on"])
@pytest.mark.parametrize("mode", ["drop_before", "drop_after"])
def test_f35_our_clock_jumps(world: World, channel: Channel, minutes: float, mode: str) -> None:
    """The network's lists are late and its clock stays right."""
    world.announce(channel)
    started = world.council.rehearsal.store.now()
    world.council.rehearsal.store.now = lambda: started
    world.council.rehearsal.store.lag = 1.0
    world.council.rehearsal.misbehave(mode, match=PUBLISH[channel.network])
    world.sweep_here()
    world.pass_minutes(minutes)
    for _ in range(3):
        world.sweep_here()
    assert len(world.publishing(channel)) == 1, "It was sent again at once."
    world.council.rehearsal.store.lag = 0.0
    sweep_for(world, 90, every=5)
    # After a jump a person may have to be asked, but is never surprised by a second post.
    assert delivery().state in (State.POSTED, State.NEEDS_PERSON)


# --- removals --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("slow", {"seconds": 0}),
        ("error_before", {"status": 404}),
        ("error_before", {"status": 410}),
        ("error_after", {"status": 204}),
        ("drop_after", {}),
        ("drop_before", {}),
        ("error_before", {"status": 500}),
    ],
    ids=lambda value: str(value),
)
def test_f36_a_removal_is_proved(
    world: World, channel: Channel, mode: str, options: dict[str, int]
) -> None:
    world.announce(channel)
    world.sweep_here()
    world.withdraw(delivery())
    world.council.rehearsal.misbehave(mode, match="DELETE", **options)
    sweep_for(world, 5)
    assert delivery().state == State.REMOVED
    assert world.council.posts(channel) == []


def test_f36_a_removal_that_fails_for_ever_is_told(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.sweep_here()
    world.withdraw(delivery())
    world.council.rehearsal.misbehave("error_before", match="DELETE", times=999)
    sweep_for(world, 10)
    assert delivery().state == State.NEEDS_PERSON
    told = Trouble.objects.get(delivery=delivery(), over_at=None)
    assert told.kind == Trouble.Kind.STILL_THERE
    assert told.told_words == told.words


def test_f36_removed_by_others_before_us(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.sweep_here()
    world.withdraw(delivery())
    world.council.rehearsal.store.write("UPDATE posts SET deleted = 1")
    world.sweep_here()
    assert delivery().state == State.REMOVED


def test_f37_someone_removes_the_post_at_the_network(world: World, channel: Channel) -> None:
    world.announce(channel)
    world.sweep_here()
    world.council.rehearsal.store.write("UPDATE posts SET deleted = 1")
    Delivery.objects.update(replies_due_at=world.now())
    sweep_for(world, 3)
    assert delivery().state == State.GONE
    assert len(world.publishing(channel)) == 1


def test_f38_their_version_is_gone(world: World) -> None:
    facebook = world.council.facebook
    world.announce(facebook)
    refuse_once(world, facebook, code=2635)
    world.sweep_here()
    assert delivery().state in (State.REFUSED, State.HELD)
    assert "Change its words" not in delivery().why, "It is not the editor's fault."
    told = Trouble.objects.get(kind=Trouble.Kind.CHANNEL, channel=facebook, over_at=None)
    assert told.told_words == told.words
    assert told.words.startswith(Channel.objects.get(pk=facebook.pk).trouble)
