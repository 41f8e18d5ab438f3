"""Public addresses as people copy them out of a browser or an app."""

from urllib.parse import urlsplit

from django.conf import settings

from social_publish.networks.base import Account


def is_on(address: str, hosts: set[str], slug: str) -> bool:
    """Is the address on one of a network's hosts, or on the network's rehearsal pages?"""
    try:
        parts = urlsplit(address.strip() if "//" in address else f"https://{address.strip()}")
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if any(host == own or host.endswith(f".{own}") for own in hosts):
        return True
    rehearsal = urlsplit(settings.REHEARSAL_URL)
    return (host, port) == (rehearsal.hostname, rehearsal.port) and parts.path.startswith(
        f"/timeline/{slug}/"
    )


def rehearsed(account: Account, slug: str, remote_id: str) -> str:
    """Where the rehearsal shows a post; "" for a live account, through a gateway too."""
    if not account.rehearsal:
        return ""
    return f"{account.base_url}/timeline/{slug}/{account.account_id}#post-{remote_id}"
