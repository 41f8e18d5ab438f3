"""Opening practice accounts, and the keys that a person would copy out of a network's settings."""

from html import escape

from social_publish.rehearsal.accounts import CREDENTIALS, open_account
from social_publish.rehearsal.bluesky_sessions import handle_of
from social_publish.rehearsal.pages import NAMES, whole_page
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request

MOST_NAME = 60


def answer(store: Store, request: Request) -> Answer:
    said = _open(store, request) if request.method == "POST" else ""
    options = "".join(f'<option value="{slug}">{escape(NAMES[slug])}</option>' for slug in NAMES)
    form = (
        '<form method="post" action="/keys/"><h2>Open a practice account</h2>'
        f'<label for="network">Network</label><select id="network" name="network">{options}</select>'
        f'<label for="name">Name</label><input id="name" name="name" maxlength="{MOST_NAME}" required>'
        '<label for="handle">Account name, without @</label>'
        f'<input id="handle" name="handle" maxlength="{MOST_NAME}" pattern="[A-Za-z0-9_.]+" required>'
        "<button>Open it</button></form>"
    )
    listed = "".join(_keys(account) for account in store.accounts())
    return whole_page("Practice accounts and their keys", said + form + listed)


def _open(store: Store, request: Request) -> str:
    network, name = request.form.get("network", ""), request.form.get("name", "").strip()
    handle = request.form.get("handle", "").strip()
    known = any(account.handle == handle for account in store.accounts(network))
    if network not in CREDENTIALS or not name or not handle or known:
        words = "Choose a network, a name, and an account name that is still free."
    else:
        open_account(store.path.parent, network, handle=handle, name=name[:MOST_NAME])
        words = f"{name} on {NAMES[network]} is open."
    return f'<p class="note" role="status">{escape(words)}</p>'


def _name_to_type(account: Account) -> str:
    return handle_of(account) if account.network == "bluesky" else account.handle


def _keys(account: Account) -> str:
    rows = "".join(
        f"<li>{escape(field)}: <code>{escape(value)}</code></li>"
        for field, value in account.credentials.items()
    )
    return (
        f"<article><h2>{escape(account.name)} on {NAMES[account.network]}</h2>"
        f"<p>Account name: <code>{escape(_name_to_type(account))}</code>, number:"
        f" <code>{escape(account.account_id)}</code></p>"
        f"<details><summary>Its keys, for practice</summary><ul>{rows}</ul></details></article>"
    )
