"""Opening replies: for an opinion, with a reason, on someone's watch, and for a time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from news.models import NewsPage
from social_publish import openings, replies, tasks
from social_publish.models import Channel, Delivery, OpenReplies, State, Trouble
from social_publish.networks.capabilities import ReplyControl
from tests.council import ANSWERED, Council, picture
from tests.social_publish.posts import delivery

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LAST_DAY = 5


@pytest.fixture(autouse=True)
def address(settings: Settings) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://council.example"


def connected(council: Council, network: str) -> Channel:
    if network == "by_hand":
        opened: dict[str, Any] = {"account_id": "nextdoor", "credentials": {}}
    else:
        opened = council.rehearsal.open_account(network)
    channel = Channel.objects.create(
        group=council.group,
        network=network,
        name=f"Council on {network}",
        handle="council",
        account_id=opened["account_id"],
        server="https://social.example" if network in ("mastodon", "gotosocial") else "",
        **ANSWERED,
    )
    channel.seal(opened["credentials"])
    channel.save()
    return channel


def channel_on(council: Council, network: str) -> Channel:
    known = {"x": council.x, "facebook": council.facebook}
    return known.get(network) or connected(council, network)


def terms(council: Council, *channels: Channel, **changes: Any) -> dict[str, Any]:
    ids = [str(channel.pk) for channel in channels]
    until = timezone.localdate() + LAST_DAY * DAY
    return {
        "channel_words-ticked": ids,
        "channel_words-open": ids,
        "replies_opinion": "on",
        "replies_reason": "We ask what the park needs.",
        "replies_watcher": str(council.people["moderator2"].pk),
        "replies_until": until.isoformat(),
    } | changes


def posted(council: Council, *channels: Channel, **changes: Any) -> NewsPage:
    """Approved with open replies, and out."""
    extra = {"image": str(picture().pk)} if channels[0].network in ("instagram", "tiktok") else {}
    page = council.write(**terms(council, *channels, **changes) | extra)
    assert council.approve(page).status_code == 302
    mail.outbox.clear()
    sweep()
    return page


def sweep(after: timedelta = timedelta(0)) -> None:
    tasks.sweep(lambda: timezone.now() + after)


def act(council: Council, what: str, by: str = "moderator", **form: Any) -> Any:
    address = f"/admin/social/post/{delivery().pk}/{what}/"
    return council.client(by).post(address, form, follow=True)


def stranger(council: Council, words: str = "I like it") -> bool:
    row = delivery()
    return council.rehearsal.stranger_replies(
        row.channel.network, row.channel.account_id, row.remote_id, words
    )


def open_troubles() -> list[str]:
    return sorted(Trouble.objects.filter(over_at=None).values_list("kind", flat=True))


def mails_about(words: str) -> list[Any]:
    return [m for m in mail.outbox if words in m.subject]


# The last day is over at midnight, an hour later where the clocks went back.
AFTER_THE_END = (LAST_DAY + 1) * DAY + timedelta(hours=1)


# --- asking ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("replies_opinion", "", "Tick that it does, or leave replies closed."),
        ("replies_reason", " ", "Say why replies are opened."),
        ("replies_watcher", "", "Choose who watches the replies"),
        ("replies_until", "", "Choose the last day"),
        ("replies_until", "2020-01-01", "is over before the posts are out"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    council: Council, field: str, value: str, words: str
) -> None:
    given = terms(council, council.x, **{field: value})
    if not value:
        given.pop(field)
    answer = council.post_new(**given)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert words in str(form.errors[field])
    # Said once, and not again for each channel.
    assert answer.content.decode().count(words) == 1
    assert "Late opening" in answer.content.decode()
    assert not NewsPage.objects.filter(slug="late-opening").exists()


def test_only_someone_who_can_sign_in_and_has_mail_can_watch(council: Council) -> None:
    leaver = council.people["editor2"]
    for change in ({"is_active": False}, {"is_active": True, "email": ""}):
        type(leaver).objects.filter(pk=leaver.pk).update(**change)
        given = terms(council, council.x, replies_watcher=str(leaver.pk))
        assert "replies_watcher" in council.post_new(**given).context["form"].errors


def test_without_the_channels_tick_replies_stay_closed(council: Council) -> None:
    council.approve(council.write(**terms(council, council.x, **{"channel_words-open": []})))
    council.deliver()
    assert delivery().replies_wanted == "closed"
    assert not OpenReplies.objects.exists()
    assert not stranger(council)


def test_the_moderator_reads_what_will_really_happen(council: Council) -> None:
    page = council.write(
        **terms(council, council.x)
        | {"channel_words-ticked": [str(council.x.pk), str(council.facebook.pk)]}
    )
    shown = council.review(page).content.decode()
    assert "X lets no program close replies afterwards" in shown
    assert "Moderator2 watches them. Why they are open: We ask what the park needs." in shown
    assert "Each comment is hidden when we hear of it or find it." in shown
    assert "up to a minute in the first hour" in shown
    last = timezone.localdate() + LAST_DAY * DAY
    assert f"Open to the end of {last.day} {last:%B %Y}." in shown
    assert shown.count("This website can remove the post later") == 2


def test_another_watcher_or_day_is_another_proposal(council: Council) -> None:
    page = council.write(**terms(council, council.x))
    seen = council.review(page)
    changed = terms(council, council.x, replies_watcher=str(council.people["clerk"].pk))
    council.edit(page, by="moderator2", **changed)
    answer = council.approve(page, seen=seen)
    assert answer.status_code == 409
    assert "who watches the replies" in answer.content.decode()
    council.nothing_posted()


def test_a_name_may_be_mentioned_where_replies_are_open(council: Council) -> None:
    words = "What does @marlpark need?"
    assert council.post_new(**terms(council, council.x, summary=words)).status_code == 302
    closed = terms(council, council.x, summary=words, slug="other") | {"channel_words-open": []}
    assert council.post_new(**closed).status_code == 200


# --- being open ------------------------------------------------------------------------


def test_an_opened_post_is_open_and_stays_so_until_its_day(council: Council) -> None:
    posted(council, council.x)
    row = delivery()
    assert (row.state, row.replies_wanted, row.replies_given) == (State.POSTED, "open", "open")
    assert row.replies_confirmed_at
    assert stranger(council)
    sweep((LAST_DAY - 1) * DAY)
    assert delivery().replies_wanted == "open"
    assert open_troubles() == []
    page = council.client("moderator").get("/admin/").content.decode()
    assert "Posts with open replies" in page
    assert "Moderator2 watches them" in page
    post = (
        council.client("moderator")
        .get(f"/admin/social_publish/delivery/inspect/{row.pk}/")
        .content.decode()
    )
    assert "They should be open. Anyone can reply. Read back on" in post
    assert "Why they were opened: We ask what the park needs." in post


def test_comments_on_an_opened_facebook_post_are_not_hidden(council: Council) -> None:
    posted(council, council.facebook)
    stranger(council, "A swing, please")
    sweep(timedelta(minutes=2))
    assert [row["hidden"] for row in council.rehearsal.comments(delivery().remote_id)] == [0]
    assert delivery().replies_given == "open"


def test_who_watches_is_told_once_at_the_opening_and_once_before_the_end(council: Council) -> None:
    posted(council, council.x, council.facebook)
    sweep(timedelta(minutes=1))
    (told,) = mails_about("You watch the replies")
    assert told.to == ["moderator2@council.example"]
    assert "Council on x (rehearsal)" in told.body
    assert "Council on facebook (rehearsal)" in told.body
    assert "We ask what the park needs." in told.body
    until = delivery().replies_until
    assert until
    for _ in range(2):
        sweep(until - timedelta(hours=1) - timezone.now())
    (warned,) = mails_about("Replies are closed soon")
    assert warned.to == ["moderator2@council.example"]
    assert "Copy what the council must keep before then." in warned.body


def test_a_mail_that_failed_is_written_again(council: Council, settings: Settings) -> None:
    council.approve(council.write(**terms(council, council.x)))
    settings.EMAIL_BACKEND = "tests.social_publish.test_open_replies.NoMail"
    sweep()
    assert OpenReplies.objects.get().opening_told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sweep(timedelta(minutes=1))
    assert len(mails_about("You watch the replies")) == 1


class NoMail:
    """A mail server that does not answer."""

    def __init__(self, **options: Any) -> None:
        pass

    def send_messages(self, messages: Any) -> int:
        raise OSError


def test_another_person_can_take_over(council: Council) -> None:
    posted(council, council.x)
    assert "Choose who watches the replies." in act(council, "watch-replies").content.decode()
    clerk = council.people["clerk"]
    assert act(council, "watch-replies", by="editor", watcher=clerk.pk).redirect_chain
    assert OpenReplies.objects.get().watcher_name == "Moderator2"
    act(council, "watch-replies", watcher=clerk.pk)
    mail.outbox.clear()
    sweep(timedelta(minutes=1))
    assert [m.to for m in mails_about("You watch the replies")] == [["clerk@council.example"]]
    assert "Clerk watches the replies from now on." in delivery().events.last().why


def test_a_watcher_who_left_is_an_alarm(council: Council) -> None:
    posted(council, council.x)
    leaver = council.people["moderator2"]
    type(leaver).objects.filter(pk=leaver.pk).update(is_active=False)
    sweep(timedelta(minutes=1))
    assert open_troubles() == ["opened"]
    assert "Moderator2 can no longer sign in here" in Trouble.objects.get().words
    act(council, "watch-replies", watcher=council.people["clerk"].pk)
    sweep(timedelta(minutes=2))
    assert open_troubles() == []


def test_replies_that_the_network_did_not_open_are_told(council: Council) -> None:
    posted(council, council.x)
    council.rehearsal.store.write(
        """UPDATE posts SET facts = '{"reply_settings": "mentionedUsers", "media": []}'"""
    )
    Delivery.objects.update(replies_due_at=timezone.now())
    sweep()
    assert delivery().replies_given == "narrowed"
    assert open_troubles() == ["opened"]


# --- the end ---------------------------------------------------------------------------


@pytest.mark.parametrize("network", ["bluesky", "instagram", "linkedin"])
def test_where_the_network_can_replies_close_by_themselves(council: Council, network: str) -> None:
    posted(council, channel_on(council, network))
    assert delivery().replies_given == "open"
    assert stranger(council)
    sweep(AFTER_THE_END)
    row = delivery()
    assert (row.replies_wanted, row.replies_given) == ("closed", "closed")
    assert row.replies_confirmed_at
    assert row.replies_due_at is None
    assert not stranger(council)
    assert open_troubles() == []
    assert OpenReplies.objects.get().ended_at
    assert [e.why for e in row.events.filter(move="replies")][-2] == openings.OVER


def test_on_facebook_later_comments_are_hidden_and_earlier_ones_stay(council: Council) -> None:
    posted(council, council.facebook)
    stranger(council, "In time")
    council.rehearsal.store.now = lambda: (timezone.now() + AFTER_THE_END).timestamp()
    stranger(council, "Too late")
    sweep(AFTER_THE_END)
    comments = council.rehearsal.comments(delivery().remote_id)
    assert [(row["text"], row["hidden"]) for row in comments] == [("In time", 0), ("Too late", 1)]
    assert delivery().replies_given == "swept"
    assert open_troubles() == []


@pytest.mark.parametrize("network", ["x", "threads", "gotosocial"])
def test_where_it_cannot_a_person_is_told_until_a_read_shows_them_closed(
    council: Council, network: str
) -> None:
    posted(council, channel_on(council, network))
    for minutes in (0, 1):
        sweep(AFTER_THE_END + timedelta(minutes=minutes))
    assert delivery().replies_given == "open"
    assert open_troubles() == ["replies"]
    assert len(mails_about("People can reply to a post")) == 2  # two moderators, once each
    said = act(council, "replies-seen", replies="closed", seen="I changed it in the app.")
    assert "Recorded." in said.content.decode()
    sweep(AFTER_THE_END + timedelta(minutes=2))
    assert open_troubles() == ["replies"], "the network still shows them open"
    if network == "x":
        council.rehearsal.store.write(
            """UPDATE posts SET facts = '{"reply_settings": "mentionedUsers", "media": []}'"""
        )
        sweep(AFTER_THE_END + timedelta(days=2))
        assert delivery().replies_given == "narrowed"
        assert open_troubles() == []


@pytest.mark.parametrize("network", ["tiktok", "mastodon"])
def test_where_nothing_can_be_read_a_persons_word_ends_it(council: Council, network: str) -> None:
    posted(council, channel_on(council, network))
    assert delivery().state in (State.POSTED, State.UNKNOWN)
    sweep(timedelta(hours=1))
    sweep(AFTER_THE_END)
    assert open_troubles() == ["replies"]
    address = f"/admin/social_publish/delivery/inspect/{delivery().pk}/"
    assert "I saw to the replies" in council.client("moderator").get(address).content.decode()
    answer = act(council, "replies-seen", replies="", seen="").content.decode()
    assert "Choose whether people can reply to it." in answer
    assert "Write what you did and saw" in answer
    act(council, "replies-seen", replies="not possible", seen="I muted the post.")
    sweep(AFTER_THE_END + DAY)
    assert open_troubles() == []
    assert "I muted the post." in delivery().events.last().why


def test_by_hand_the_person_leaves_replies_on_and_is_asked_at_the_end(council: Council) -> None:
    posted(council, connected(council, "by_hand"))
    assert delivery().state == State.NEEDS_PERSON
    form = act(council, "there", address="https://nextdoor.co.uk/p/1").content.decode()
    assert "Yes, as was approved" in form
    act(council, "there", address="https://nextdoor.co.uk/p/1", replies="open")
    assert (delivery().state, delivery().replies_given) == (State.POSTED, "open")
    sweep(AFTER_THE_END)
    assert open_troubles() == ["replies"]
    act(council, "replies-seen", replies="closed", seen="I turned them off.")
    sweep(AFTER_THE_END + DAY)
    assert open_troubles() == []


def test_a_moderator_closes_them_early(council: Council) -> None:
    posted(council, connected(council, "bluesky"))
    client = council.client("moderator")
    address = f"/admin/social/post/{delivery().pk}/close-replies/"
    assert "They would stay open to the end of" in client.get(address).content.decode()
    assert delivery().replies_wanted == "open"
    act(council, "close-replies", by="editor")
    assert delivery().replies_wanted == "open"
    act(council, "close-replies")
    sweep()
    assert (delivery().replies_wanted, delivery().replies_given) == ("closed", "closed")
    assert not stranger(council)
    assert client.post(address).status_code == 404


def test_what_comes_out_after_its_last_day_comes_out_closed(council: Council) -> None:
    council.approve(council.write(**terms(council, council.x)))
    council.client("moderator").post(f"/admin/social/channel/{council.x.pk}/pause/")
    sweep(AFTER_THE_END)
    assert delivery().replies_wanted == "closed"
    council.client("moderator").post(f"/admin/social/channel/{council.x.pk}/resume/")
    if delivery().state != State.POSTED:
        act(council, "retry")
    council.deliver()
    assert delivery().state == State.POSTED
    assert not stranger(council)


def test_every_meeting_of_wanted_and_given_has_a_meaning() -> None:
    given = {"", *ReplyControl}
    assert set(replies.STANDINGS) == {(w, g) for w in ("open", "closed") for g in given}
