"""What residents write: kept whatever happens, told to the right people, deleted on time."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from pytest_django import Settings

from home import tasks
from home.models import ContactPage, ResidentMessage, SiteDetails
from tests.council import Council
from tests.residents import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(council: Council) -> ContactPage:
    page: ContactPage = publish(council.home, ContactPage(title="Contact", slug="contact"))
    details = SiteDetails.for_site(page.get_site())
    details.office = council.group.office_contact
    details.save()
    return page


@pytest.fixture
def concern(council: Council) -> ContactPage:
    page: ContactPage = publish(
        council.home, ContactPage(title="Raise a concern", slug="concern", subject="concern")
    )
    return page


class Resident:
    """Opens a page's form, and sends it so many seconds later."""

    def __init__(self, page: ContactPage) -> None:
        self.page, self.client = page, Client()
        self.opened = timezone.now()
        with time_machine.travel(self.opened, tick=False):
            answer = self.client.get(page.get_url())
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        found = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
        assert found
        self.token = found[1]

    def send(self, *, after: float = 20, words: str = "When do you open?", **more: str):
        form = {"words": words, "token": self.token, "name": "", "reply_to": "", "website": ""}
        with time_machine.travel(self.opened + timedelta(seconds=after), tick=False):
            return self.client.post(f"/letters/{self.page.pk}/", form | more)


def test_a_message_is_kept_and_told(council: Council, contact: ContactPage) -> None:
    answer = Resident(contact).send(reply_to="ann@home.example", name="Ann")
    assert answer.status_code == 302
    assert not answer.cookies
    thanks = Client().get(answer.url).content.decode()
    assert "Thank you, we have your message" in thanks
    message = ResidentMessage.objects.get()
    assert (message.words, message.reply_to) == ("When do you open?", "ann@home.example")
    tasks.tell_staff(message.pk)
    assert mail.outbox[0].to == ["office@council.example"]
    assert "When do you open?" not in mail.outbox[0].body
    assert f"/{message.pk}/" in mail.outbox[0].body


def test_it_is_kept_even_when_the_mail_fails(
    council: Council, contact: ContactPage, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "cms.mail.ForgivingEmailBackend"
    settings.FORGIVING_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert Resident(contact).send().status_code == 302
    message = ResidentMessage.objects.get()
    assert OrmQ.objects.filter(key="council").exists()
    tasks.tell_staff(message.pk)
    shown = council.client("clerk").get("/admin/").content.decode()
    assert "1 message from residents" in shown


def test_sending_twice_is_one_message(contact: ContactPage) -> None:
    resident = Resident(contact)
    assert resident.send().url == resident.send(after=25).url
    assert ResidentMessage.objects.count() == 1


def test_another_message_from_the_same_opened_form_is_kept_too(contact: ContactPage) -> None:
    resident = Resident(contact)
    resident.send(words="When do you open?")
    resident.send(words="And where do I park?", after=90)
    resident.send(words="And where do I park?", after=91)
    kept = ResidentMessage.objects.order_by("received_at").values_list("words", flat=True)
    assert list(kept) == ["When do you open?", "And where do I park?"]


def test_programs_are_thanked_and_not_kept(contact: ContactPage) -> None:
    assert Resident(contact).send(website="http://buy.example").status_code == 302
    assert not ResidentMessage.objects.exists()


def test_a_flood_of_messages_is_held_back_and_loses_nobodys_words(contact: ContactPage) -> None:
    first, later = Resident(contact), Resident(contact)
    assert first.send(words="Before the flood").status_code == 302
    for number in range(59):
        ResidentMessage.objects.create(
            words="Buy!",
            form_token=str(number),
            site=contact.get_site(),
            received_at=timezone.now(),
        )
    held = later.send(words="A long story")
    assert held.status_code == 422
    assert "A long story" in held.content.decode()
    assert "in an hour, or phone the office" in held.content.decode()
    # Who presses Send twice hears nothing else the second time.
    assert first.send(words="Before the flood").status_code == 302
    assert ResidentMessage.objects.count() == 60
    assert later.send(words="A long story", after=3700).status_code == 302
    assert ResidentMessage.objects.filter(words="A long story").count() == 1


@pytest.mark.parametrize(
    "how", [{"after": 25 * 3600}, {"token": "forged"}, {"token": ""}, {"after": 1}]
)
def test_a_stale_or_quick_form_comes_back_with_its_words_and_works(
    contact: ContactPage, how: dict[str, Any]
) -> None:
    resident = Resident(contact)
    again = resident.send(words="A long story", **how)
    assert again.status_code == 422
    page = again.content.decode()
    assert "A long story" in page
    assert "press Send once more" in page
    assert not ResidentMessage.objects.exists()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    after = float(how.get("after", 20)) + 1
    assert resident.send(words="A long story", token=found[1], after=after).status_code == 302
    assert ResidentMessage.objects.get().words == "A long story"


def test_a_token_is_for_one_page(contact: ContactPage, concern: ContactPage) -> None:
    token = Resident(contact).token
    assert Resident(concern).send(token=token).status_code == 422


def test_an_empty_message_is_told_beside_the_field(contact: ContactPage) -> None:
    answer = Resident(contact).send(words="  ", name="Ann")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert 'href="#form-words"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="form-words-error"' in page
    assert 'value="Ann"' in page
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize("words", ["x" * 5001, "\x00", "<script>alert(1)</script>", "שלום " * 900])
def test_wrong_and_strange_input(contact: ContactPage, words: str) -> None:
    answer = Resident(contact).send(words=words)
    assert answer.status_code in (302, 422)
    assert "<script>alert" not in answer.content.decode()


def test_a_concern_goes_to_the_clerk_and_the_moderators(
    council: Council, concern: ContactPage
) -> None:
    Resident(concern).send(words="This is unfair.", about="The post about the railings")
    tasks.tell_staff(ResidentMessage.objects.get().pk)
    assert mail.outbox[0].to == [
        "clerk@council.example",
        "moderator2@council.example",
        "moderator@council.example",
    ]


def test_a_concern_about_a_page_goes_to_that_sections_officers(
    council: Council, concern: ContactPage
) -> None:
    page = council.write()
    council.approve(page)
    Resident(concern).send(words="No!", about=f"See {page.full_url}?x=1 please")
    tasks.tell_staff(ResidentMessage.objects.get().pk)
    assert "webmaster@council.example" in mail.outbox[-1].to
    assert "clerk@council.example" in mail.outbox[-1].to
    assert "editor@council.example" not in mail.outbox[-1].to


def test_messages_are_deleted_on_time_and_the_notice_says_when(
    council: Council, contact: ContactPage
) -> None:
    details = SiteDetails.for_site(contact.get_site())
    details.keep_messages_days = 30
    details.save()
    assert "30 days" in Client().get("/contact/").content.decode()
    Resident(contact).send()
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        call_command("forget_messages")
        assert ResidentMessage.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert tasks.forget() == 1
    assert not ResidentMessage.objects.exists()
    planned = Schedule.objects.get(func="home.tasks.forget")
    assert planned.schedule_type == Schedule.HOURLY


def test_who_may_read_messages(council: Council, contact: ContactPage) -> None:
    Resident(contact).send(words="Private words")
    message = ResidentMessage.objects.get()
    for role, may in (
        ("clerk", True),
        ("moderator", True),
        ("editor", False),
        ("councillor", False),
    ):
        client = council.client(role)
        for address in ("/admin/messages/", f"/admin/messages/edit/{message.pk}/"):
            assert (client.get(address).status_code == 200) is may, (role, address)
    shown = council.client("clerk").get(f"/admin/messages/edit/{message.pk}/")
    assert "Private words" in shown.content.decode()
    council.client("clerk").post(f"/admin/messages/edit/{message.pk}/", {"handled": "on"})
    message.refresh_from_db()
    assert message.handled
    assert message.words == "Private words"
    assert council.client("clerk").get("/admin/messages/new/").status_code == 302
