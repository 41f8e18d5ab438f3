"""What the public would see on the pretend networks, and a stranger who tries to reply."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from social_publish.rehearsal import (
    bluesky,
    instagram,
    linkedin,
    mastodon,
    telling,
    threads,
    tiktok,
    x,
)
from social_publish.rehearsal.store import Account, Store
from social_publish.rehearsal.wire import Answer, Request


def _anyone(post: dict[str, Any], stranger: str) -> bool:
    return True


@dataclass(frozen=True)
class Place:
    """How a network looks to the public.

    may_reply: would it let this stranger reply to this post? closed: what it says where not.
    """

    name: str
    may_reply: Callable[[dict[str, Any], str], bool] = _anyone
    closed: str = "Nobody can reply."
    open: str = "Anyone can reply."
    links_work: bool = True
    takes_alt_text: bool = True
    # Posts go away in the network's own app only.
    removed_in_app: bool = False


NO_COMMENTS, ANYONE_COMMENTS = "Comments are turned off.", "Anyone can comment."
ONLY_MENTIONED = "Only accounts that this post mentions can reply."
PLACES = {
    "x": Place("X", x.may_reply, ONLY_MENTIONED),
    "facebook": Place("Facebook", open=ANYONE_COMMENTS),
    "instagram": Place(
        "Instagram", instagram.may_reply, NO_COMMENTS, ANYONE_COMMENTS, links_work=False
    ),
    "threads": Place("Threads", threads.may_reply, ONLY_MENTIONED),
    "bluesky": Place("Bluesky", bluesky.may_reply),
    "mastodon": Place("Mastodon"),
    "gotosocial": Place("GoToSocial", mastodon.may_reply),
    "linkedin": Place("LinkedIn", linkedin.may_reply, NO_COMMENTS, ANYONE_COMMENTS),
    "tiktok": Place(
        "TikTok",
        tiktok.may_reply,
        NO_COMMENTS,
        ANYONE_COMMENTS,
        links_work=False,
        takes_alt_text=False,
        removed_in_app=True,
    ),
}
NAMES = {slug: place.name for slug, place in PLACES.items()}
LONDON = ZoneInfo("Europe/London")
STYLE = b"""
:root { color-scheme: light dark; --line: light-dark(#b9c4c9, #44545b); --note: light-dark(#eef2f4, #1d282c); }
body { font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif; margin: 0 auto; max-width: 40rem; padding: 1rem; }
.banner a { color: #fff; } .banner { background: #7a3b00; color: #fff; padding: .6rem 1rem; margin: 0 0 1rem; border-radius: .4rem; }
article { border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 0 1.2rem; overflow-wrap: anywhere; }
.words { white-space: pre-wrap; } .small { font-size: .9rem; }
img { max-width: 100%; height: auto; border-radius: .4rem; } h2 { font-size: 1.1rem; }
.note { background: var(--note); padding: .5rem .8rem; border-radius: .4rem; }
label { display: block; margin: .5rem 0 .2rem; } input, select { font: inherit; width: 100%; padding: .4rem; box-sizing: border-box; }
button { font: inherit; padding: .5rem 1rem; margin-top: .7rem; } .choice { display: flex; gap: .6rem; align-items: center; margin: .3rem 0; }
.choice input { width: auto; } .choice label { margin: 0; overflow-wrap: anywhere; } code { overflow-wrap: anywhere; } a:focus, input:focus, button:focus { outline: 3px solid #c26a00; }
"""


def answer(store: Store, request: Request) -> Answer:
    if request.path == "/style.css":
        return Answer(200, STYLE, kind="text/css; charset=utf-8")
    if match := re.fullmatch(r"/media/([\w-]+)", request.path):
        media = store.media(match[1])
        return (
            Answer(200, media["content"], kind="image/jpeg")
            if media
            else whole_page("Not found", "", 404)
        )
    if match := re.fullmatch(r"/timeline/(\w+)/([\w:.-]+)", request.path):
        account = _account(store, match[1], match[2])
        if account is None:
            return whole_page("Not found", "<p>There is no such account.</p>", 404)
        said = _carry_out(store, account, request) if request.method == "POST" else ""
        return whole_page(
            f"{account.name} on {PLACES[account.network].name}", said + _timeline(store, account)
        )
    if request.path == "/":
        return whole_page("The rehearsal networks", _index(store))
    return whole_page("Not found", "<p>There is nothing at this address.</p>", 404)


def _account(store: Store, network: str, account_id: str) -> Account | None:
    return next((a for a in store.accounts(network) if a.account_id == account_id), None)


def _index(store: Store) -> str:
    items = "".join(
        f'<li><a href="/timeline/{a.network}/{a.account_id}">{escape(a.name)} on {PLACES[a.network].name}</a></li>'
        for a in store.accounts()
    )
    listed = (
        f"<ul>{items}</ul>"
        if items
        else "<p>Accounts will be listed here once they are opened.</p>"
    )
    return listed + '<p><a href="/keys/">Open a practice account, or see the keys of one</a></p>'


def _timeline(store: Store, account: Account) -> str:
    posts = store.posts(account)
    if not posts:
        return "<p>Nothing has been posted here yet.</p>"
    return "".join(_post(store, account, post) for post in posts)


def _post(store: Store, account: Account, post: dict[str, Any]) -> str:
    when = datetime.fromtimestamp(post["created"], LONDON).strftime("%d %B %Y at %H:%M")
    key = escape(post["id"])
    return (
        f'<article id="post-{key}" aria-labelledby="when-{key}">'
        f'<h2 id="when-{key}">{escape(account.name)}, {when}</h2>'
        f'<p class="words">{_words(account, post)}</p>{_pictures(store, account, post)}{_card(post)}'
        f'<p class="small note">{_who_may_reply(account, post)}</p>'
        f"{_comments(store, post)}{_form(account, key)}</article>"
    )


def _words(account: Account, post: dict[str, Any]) -> str:
    words = escape(post["text"])
    if not PLACES[account.network].links_work:
        return words
    return re.sub(r"(https?://[^\s<]+)", r'<a href="\1">\1</a>', words)


def _pictures(store: Store, account: Account, post: dict[str, Any]) -> str:
    shown, takes = "", PLACES[account.network].takes_alt_text
    for media_id in post["facts"].get("media", []):
        alt = escape((store.media(media_id) or {}).get("alt_text", ""))
        said = (alt or "none") if takes else f"{PLACES[account.network].name} takes none"
        shown += f'<img src="/media/{media_id}" alt="{alt}"><p class="small">Alt text: {said}</p>'
    return shown


def _card(post: dict[str, Any]) -> str:
    embed = (post["facts"].get("record") or {}).get("embed") or {}
    card = embed.get("external")
    if not card:
        return ""
    return f'<p class="card"><a href="{escape(card["uri"])}">{escape(card["title"])}</a></p>'


def _who_may_reply(account: Account, post: dict[str, Any]) -> str:
    place, facts = PLACES[account.network], post["facts"]
    said = [place.open if place.may_reply(post, "") else place.closed]
    if facts.get("reply_approvals"):
        said.append("Replies are shown once the account lets them.")
    if facts.get("quotes") == "nobody":
        said.append("Nobody can quote it.")
    return " ".join(said)


def _comments(store: Store, post: dict[str, Any]) -> str:
    rows = store.comments(post["id"])
    shown = "".join(
        f"<li><strong>{escape(row['author'])}</strong>: {escape(row['text'])}</li>"
        for row in rows
        if not row["hidden"]
    )
    hidden = sum(row["hidden"] for row in rows)
    words = "1 comment is hidden." if hidden == 1 else f"{hidden} comments are hidden."
    return (f"<ul>{shown}</ul>" if shown else "") + (
        f'<p class="small">{words}</p>' if hidden else ""
    )


def _form(account: Account, key: str) -> str:
    return (
        f'<details><summary>Reply as a stranger</summary><form method="post" action="/timeline/{account.network}/{account.account_id}">'
        f'<input type="hidden" name="post" value="{key}">'
        f'<label for="name-{key}">Name</label><input id="name-{key}" name="name" value="stranger">'
        f'<label for="words-{key}">Words</label><input id="words-{key}" name="words" required>'
        f"<button>Reply</button></form></details>{_app(account, key)}"
    )


def _app(account: Account, key: str) -> str:
    """What the council's own people do by hand, where no program can."""
    place = PLACES[account.network]
    if not place.removed_in_app:
        return ""
    return (
        f'<details><summary>Act as the council, in the {place.name} app</summary><form method="post" action="/timeline/{account.network}/{account.account_id}">'
        f'<input type="hidden" name="post" value="{key}"><button name="remove" value="yes">Delete the post</button></form></details>'
    )


def stranger_replies(store: Store, account: Account, post_id: str, name: str, words: str) -> bool:
    """A stranger tries to reply. Was it let through?"""
    post = store.post(account, post_id)
    if post is None or not PLACES[account.network].may_reply(post, name):
        return False
    comment_id = str(store.next_number())
    store.add_comment(comment_id, post_id, name, words)
    if account.network == "facebook":
        telling.tell(store, account, post_id, comment_id)
    return True


def _carry_out(store: Store, account: Account, request: Request) -> str:
    form = request.form
    if "remove" in form and PLACES[account.network].removed_in_app:
        store.write(
            "UPDATE posts SET deleted = 1 WHERE id = ? AND account_id = ? AND network = ?",
            form.get("post", ""),
            account.account_id,
            account.network,
        )
        return '<p class="note" role="status">The post is deleted.</p>'
    taken = stranger_replies(
        store, account, form.get("post", ""), form.get("name", "stranger"), form.get("words", "")
    )
    words = "Your reply is there." if taken else "You cannot reply: the post does not let you."
    return f'<p class="note" role="status">{words}</p>'


def whole_page(title: str, body: str, status: int = 200) -> Answer:
    html = (
        '<!doctype html><html lang="en-gb"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} – rehearsal</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>'
        '<body><header><p class="banner">This is a rehearsal. Nothing here is public. <a href="/">All accounts</a></p></header>'
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return Answer(status, html.encode(), kind="text/html; charset=utf-8")
