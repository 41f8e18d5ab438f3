"""LinkedIn: its text format, its two-step picture, comments closed by a second call."""

import json
from urllib.parse import quote

import pytest
from pytest_django import Settings

from social_publish import replies
from social_publish.networks import NETWORKS
from social_publish.networks.answers import Accepted, NotSent, Refused, Step, Trouble, Unknown
from social_publish.networks.base import Account, NotSupported, Post
from social_publish.networks.capabilities import ReplyControl
from social_publish.networks.linkedin import linkedin_length
from social_publish.rehearsal.counting import utf16_units
from tests.council import small_jpeg
from tests.networks.posting import LINK, TEXT, publish, with_picture
from tests.rehearsal_server import RehearsalServer

LINKEDIN = NETWORKS["linkedin"]
POST = Post(TEXT, LINK)


@pytest.fixture
def page(rehearsal: RehearsalServer) -> Account:
    opened = rehearsal.open_account("linkedin")
    return Account(
        opened["account_id"], opened["credentials"], rehearsal.url, "council", rehearsal=True
    )


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Ring (01503) 262255", r"Ring \(01503\) 262255"),
        ("a\\b|c{d}e@f[g]h<i>j#k*l_m~n", r"a\\b\|c\{d\}e\@f\[g\]h\<i\>j\#k\*l\_m\~n"),
        ("Plain words, £5 – “free”!", "Plain words, £5 – “free”!"),
        ("Tea 🫖", "Tea 🫖"),
    ],
)
def test_the_length_is_that_of_the_text_as_it_is_sent(
    page: Account, rehearsal: RehearsalServer, text: str, sent: str
) -> None:
    assert linkedin_length(text) == utf16_units(sent)
    assert isinstance(publish("linkedin", page, Post(text, LINK)), Accepted)
    assert rehearsal.requests("POST")[0].json["commentary"] == sent
    assert rehearsal.posts("linkedin", page.account_id)[0]["text"] == text


def test_the_requests_to_linkedin(
    page: Account, rehearsal: RehearsalServer, settings: Settings
) -> None:
    settings.LINKEDIN_API_VERSION = "202609"
    answer = publish("linkedin", page, with_picture())
    initialise, put, ready, create = rehearsal.requests()
    owner = f"urn:li:organization:{page.account_id}"
    assert initialise.query == [("action", "initializeUpload")]
    assert initialise.json == {"initializeUploadRequest": {"owner": owner}}
    assert (put.method, put.body) == ("PUT", small_jpeg())
    urn = f"urn:li:image:{put.path.split('/')[2]}"
    assert (ready.method, ready.path) == ("GET", f"/rest/images/{quote(urn, safe='')}")
    assert (create.method, create.path) == ("POST", "/rest/posts")
    assert create.json == {
        "author": owner,
        "commentary": TEXT.replace("(", r"\(").replace(")", r"\)"),
        "visibility": "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
        "content": {"media": {"id": urn, "altText": "A lit window"}},
    }
    for request in (initialise, ready, create):
        assert request.headers["linkedin-version"] == "202609"
        assert request.headers["x-restli-protocol-version"] == "2.0.0"
    (post,) = rehearsal.posts("linkedin", page.account_id)
    assert post["pictures"][0]["content"] == small_jpeg()
    assert answer.remote_url.endswith(f"#post-{post['id']}")


def test_comments_are_closed_by_a_second_call_and_read_back(
    page: Account, rehearsal: RehearsalServer
) -> None:
    remote_id = publish("linkedin", page, POST).remote_id
    assert LINKEDIN.read(page, remote_id).reply_control is ReplyControl.OPEN
    assert rehearsal.stranger_replies("linkedin", page.account_id, remote_id, "First!")
    assert [r.text for r in LINKEDIN.replies(page, remote_id).items] == ["First!"]
    checked = replies.check(LINKEDIN, page, remote_id)
    assert (checked.given, checked.confirmed) == (ReplyControl.CLOSED, True)
    assert not rehearsal.stranger_replies("linkedin", page.account_id, remote_id, "Second!")
    assert rehearsal.comments(remote_id) == []
    close = rehearsal.requests("POST /rest/socialMetadata")[0]
    assert close.path == f"/rest/socialMetadata/{quote(remote_id, safe='')}"
    assert close.query == [("actor", f"urn:li:organization:{page.account_id}")]
    assert close.headers["x-restli-method"] == "PARTIAL_UPDATE"
    assert close.json == {"patch": {"$set": {"commentsState": "CLOSED"}}}
    assert isinstance(LINKEDIN.close_replies(page, remote_id), Accepted)


def test_comments_that_stay_open_are_said_to_be_open(
    page: Account, rehearsal: RehearsalServer
) -> None:
    remote_id = publish("linkedin", page, POST).remote_id
    rehearsal.misbehave("forbidden", match="POST /rest/socialMetadata")
    assert isinstance(LINKEDIN.close_replies(page, remote_id), Refused)
    rehearsal.misbehave("forbidden", match="POST /rest/socialMetadata")
    checked = replies.check(LINKEDIN, page, remote_id)
    assert (checked.given, checked.confirmed) == (ReplyControl.OPEN, False)
    assert "Close them on LinkedIn by hand" in checked.reason


def test_comments_that_cannot_be_read_confirm_nothing(
    page: Account, rehearsal: RehearsalServer
) -> None:
    remote_id = publish("linkedin", page, POST).remote_id
    rehearsal.misbehave("error_before", match="GET /rest/socialMetadata")
    reading = LINKEDIN.read(page, remote_id)
    assert (reading.found, reading.reply_control) == (True, None)
    assert LINK in reading.links
    assert "fault" in reading.reason


def test_one_reply_cannot_be_hidden(page: Account) -> None:
    with pytest.raises(NotSupported):
        LINKEDIN.hide_reply(page, "1")


# --- the same words again ---


def test_a_duplicate_that_carries_our_link_is_the_lost_post_itself(
    page: Account, rehearsal: RehearsalServer
) -> None:
    rehearsal.misbehave("drop_after", match="POST /rest/posts")
    assert isinstance(publish("linkedin", page, POST), Unknown)
    (stored,) = rehearsal.posts("linkedin", page.account_id)
    again = publish("linkedin", page, POST)
    assert isinstance(again, Accepted)
    assert again.remote_id == stored["id"]


def test_a_duplicate_of_a_removed_post_is_unknown(
    page: Account, rehearsal: RehearsalServer
) -> None:
    remote_id = publish("linkedin", page, POST).remote_id
    LINKEDIN.remove(page, remote_id)
    again = publish("linkedin", page, POST)
    assert isinstance(again, Unknown)
    assert remote_id in again.reason


def test_a_duplicate_of_another_post_is_unknown(page: Account, rehearsal: RehearsalServer) -> None:
    publish("linkedin", page, POST)
    assert isinstance(publish("linkedin", page, Post(TEXT, f"{LINK}x")), Unknown)


# --- the picture ---


def test_a_picture_that_is_not_ready_is_waited_for_and_not_for_ever(
    page: Account, rehearsal: RehearsalServer
) -> None:
    step = LINKEDIN.publish(page, with_picture(), {})
    assert isinstance(step, Step)
    rehearsal.misbehave("empty_object", match="GET /rest/images", times=99)
    waits = 0
    while isinstance(step, Step):
        waits += 1
        assert waits < 50
        step = LINKEDIN.publish(page, with_picture(), step.handles)
        assert not isinstance(step, Step) or step.after
    assert isinstance(step, Refused)
    assert "picture" in step.reason
    assert rehearsal.all_posts() == []


@pytest.mark.parametrize("mode", ["error_before", "drop_before", "html_200"])
def test_not_knowing_whether_the_picture_is_ready_posts_nothing(
    page: Account, rehearsal: RehearsalServer, mode: str
) -> None:
    rehearsal.misbehave(mode, match="GET /rest/images")
    assert isinstance(publish("linkedin", page, with_picture()), NotSent)
    assert rehearsal.all_posts() == []


@pytest.mark.parametrize("mode", ["wrong_type", "empty_object"])
def test_a_place_for_the_picture_that_is_no_place_is_not_used(
    page: Account, rehearsal: RehearsalServer, mode: str
) -> None:
    rehearsal.misbehave(mode, match="POST /rest/images")
    assert isinstance(publish("linkedin", page, with_picture()), NotSent)
    assert not rehearsal.requests("PUT")


# --- the channel ---


def test_a_version_that_has_ended_is_a_matter_for_whoever_runs_the_site(
    page: Account, rehearsal: RehearsalServer, settings: Settings
) -> None:
    settings.LINKEDIN_API_VERSION = "202401"
    answer = publish("linkedin", page, POST)
    assert isinstance(answer, Refused)
    assert answer.trouble is not None
    assert "LINKEDIN_API_VERSION" in answer.reason
    assert rehearsal.all_posts() == []


def test_missing_rights_are_said_in_words(page: Account, rehearsal: RehearsalServer) -> None:
    rehearsal.misbehave("forbidden", match="POST /rest/posts")
    answer = publish("linkedin", page, POST)
    assert isinstance(answer, Refused)
    assert answer.trouble is Trouble.RIGHTS
    assert "administrator" in answer.reason


def test_only_an_administrator_of_this_page_may_connect_it(
    page: Account, rehearsal: RehearsalServer
) -> None:
    assert LINKEDIN.verify(page).name == "The Council"
    other = Account("1", page.credentials, page.base_url)
    assert "no administrator" in LINKEDIN.verify(other).reason
    rehearsal.misbehave("unauthorised")
    assert "Connect it again" in LINKEDIN.verify(page).reason


def test_removing_without_the_right_to_is_refused(
    page: Account, rehearsal: RehearsalServer
) -> None:
    remote_id = publish("linkedin", page, POST).remote_id
    rehearsal.misbehave("forbidden", match="DELETE")
    assert isinstance(LINKEDIN.remove(page, remote_id), Refused)
    rehearsal.misbehave("unauthorised", match="DELETE")
    answer = LINKEDIN.remove(page, remote_id)
    assert isinstance(answer, Refused)
    assert answer.trouble is Trouble.SIGN_IN


def test_a_list_without_a_shape_proves_nothing(page: Account, rehearsal: RehearsalServer) -> None:
    known = rehearsal.account("linkedin", page.account_id)
    rehearsal.store.add_post(known, "urn:li:share:1", json.dumps({}), {"media": []})
    rehearsal.misbehave("wrong_type", match="GET /rest/posts")
    assert not LINKEDIN.look(page, POST, 0, {}).complete
