"""The page on which a person allows a website to post: what is asked, for which account."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from social_publish.rehearsal.pages import NAMES, whole_page
from social_publish.rehearsal.store import Store
from social_publish.rehearsal.wire import Answer


def page(store: Store, networks: tuple[str, ...], scopes: list[str], several: bool) -> Answer:
    """Which account, which rights; posted to the very address at which it was asked."""
    accounts = [account for network in networks for account in store.accounts(network)]
    kind = "checkbox" if several else "radio"
    choices = "".join(
        _choice(
            kind,
            f"account{i if several else ''}",
            account.account_id,
            f"{account.name} on {NAMES[account.network]} (@{account.handle.lstrip('@')})",
            ticked=not several and i == 0,
        )
        for i, account in enumerate(accounts)
    )
    if not accounts:
        choices = '<p>There is no account yet. <a href="/keys/">Open a practice account</a>, then come back to this page.</p>'
    rights = "".join(
        _choice("checkbox", f"scope{i}", scope, scope, ticked=True)
        for i, scope in enumerate(scopes)
    )
    name = " or ".join(NAMES[network] for network in networks)
    body = (
        f"<p>The council's website asks to post for an account on {escape(name)}.</p>"
        f'<form method="post" action=""><fieldset><legend>For which account?</legend>{choices}</fieldset>'
        + (f"<fieldset><legend>What may it do?</legend>{rights}</fieldset>" if rights else "")
        + '<p><button name="decision" value="allow">Allow</button> '
        '<button name="decision" value="deny">Do not allow</button></p></form>'
    )
    return whole_page(f"Sign in at {name}", body)


def _choice(kind: str, name: str, value: str, label: str, *, ticked: bool) -> str:
    key = f"{name}-{value}"
    return (
        f'<p class="choice"><input type="{kind}" id="{escape(key)}" name="{escape(name)}"'
        f' value="{escape(value)}"{" checked" if ticked else ""}>'
        f' <label for="{escape(key)}">{escape(label)}</label></p>'
    )


def refused(words: str, status: int = 400) -> Answer:
    return whole_page("This cannot be allowed", f"<p>{escape(words)}</p>", status)


def back_to(address: str, **values: Any) -> Answer:
    return Answer(302, b"", headers={"Location": f"{address}?{urlencode(values)}"}, kind="")
