"""What a clerk does in the wizard, and what a tester does at the rehearsal, over real HTTP."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.test import Client
from django.urls import reverse

from social_publish.models import Channel
from tests.council import Council

APP = {"app_id": "practice-app", "app_secret": "practice-app-secret"}
SERVER = "https://social.example"
SIGN_INS = ("x", "facebook", "instagram", "threads", "linkedin", "tiktok", "mastodon", "gotosocial")
WITH_SERVER = ("mastodon", "gotosocial", "bluesky")


@dataclass
class Wizard:
    """One person's browser in the wizard."""

    council: Council
    client: Client

    def choose(self, network: str, where: str = "rehearsal") -> Any:
        form = {"network": network, "group": self.council.group.pk, "where": where}
        return self.post("connect", form)

    def post(self, name: str, form: dict[str, Any], *args: Any) -> Any:
        """Press a button; a step of the wizard is opened before, with what its form carries."""
        hidden = self.hidden(name) if name in ("sign_in", "whose") else {}
        address = reverse(f"social_publish_{name}", args=args)
        return self.client.post(address, {**hidden, **form}, follow=True)

    def hidden(self, name: str) -> dict[str, str]:
        shown = self.get(name).content.decode()
        return dict(re.findall(r'name="(errand|use)" value="([^"]+)"', shown))

    def get(self, name: str, *args: Any) -> Any:
        return self.client.get(reverse(f"social_publish_{name}", args=args), follow=True)

    def leave(self, network: str, **form: str) -> str:
        """Begin the sign-in; gives the address of the network's own page."""
        server = {"server": SERVER} if network in WITH_SERVER else {}
        shown = self.post("sign_in", {"way": "sign_in", **server, **form})
        found = re.search(r'class="button" href="([^"]+)"', shown.content.decode())
        assert found, shown.content.decode()[-3000:]
        return unescape(found[1])

    def allow(
        self,
        address: str,
        account: str,
        *,
        decision: str = "allow",
        left_out: str = "",
        **form: str,
    ) -> str:
        """Press the button on the network's page; gives where it sends the browser.

        left_out: a right whose tick is taken out.
        """
        page = requests.get(address, timeout=60)
        assert page.ok, page.text
        rights = re.findall(r'name="(scope\d+)" value="([^"]+)"', page.text)
        fields = {name: right for name, right in rights if right != left_out}
        field = re.findall(rf'name="(account\d*)" value="{re.escape(account)}"', page.text)
        assert field, page.text
        sent = {**fields, field[0]: account, "decision": decision} | form
        answer = requests.post(address, sent, timeout=60, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def come_back(self, address: str) -> Any:
        parts = urlsplit(address)
        assert parts.path == reverse("social_publish_back")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return self.client.get(parts.path, query, follow=True)

    def sign_in(self, network: str, account: str) -> Any:
        """The whole of step 2."""
        return self.come_back(self.allow(self.leave(network), account))

    def use(self, name: str = "") -> Any:
        """Take the account, under a name that no other channel has."""
        return self.post("whose", {"name": name or f"Channel {Channel.objects.count() + 1}"})

    def connect(self, network: str, account: str) -> Channel:
        """Steps 1 to 3."""
        self.choose(network)
        self.sign_in(network, account)
        shown = self.use()
        assert shown.redirect_chain, shown.content.decode()[-3000:]
        return Channel.objects.get(network=network, account_id=account)


def wizard(council: Council, role: str = "clerk") -> Wizard:
    return Wizard(council, council.client(role))


def said(response: Any) -> str:
    """A page as a person reads it."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
