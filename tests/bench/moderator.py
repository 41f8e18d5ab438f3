"""A moderator at the real web server: opens the review screen, ticks all, approves."""

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser

import requests
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from tests.bench.processes import Failure

Fields = list[tuple[str, str]]


class _Forms(HTMLParser):
    """The input fields of each form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Fields] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.forms.append([])
        elif tag == "input" and values.get("name") and self.forms:
            self.forms[-1].append((str(values["name"]), str(values.get("value") or "on")))


@dataclass
class Moderator:
    site: str
    user: User
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        client = Client()
        client.force_login(self.user)
        for name, cookie in client.cookies.items():
            self.session.cookies.set(name, cookie.value)

    def open(self, page: Page) -> Fields:
        """The review screen's form, with every post ticked."""
        answer = self.session.get(self._address(page))
        for form in _Forms(answer.text).forms:
            if {"digest", "page_read"} <= {name for name, _ in form}:
                return [(name, value) for name, value in form if name != "no_posts"]
        raise Failure(f"No page to approve at {answer.url} ({answer.status_code}).")

    def approve(self, page: Page, form: Fields) -> float:
        """Send the form; seconds until the answer is there."""
        began = time.monotonic()
        answer = self.session.post(self._address(page), data=form, allow_redirects=False)
        seconds = time.monotonic() - began
        if answer.status_code != 302:
            raise Failure(f"The approval was answered with {answer.status_code}.")
        return seconds

    def _address(self, page: Page) -> str:
        return self.site + reverse("social_publish_review", args=[page.pk])
