"""Fetching a picture from its address, as the networks do that take no uploads."""

import http.client
import io
import time
from urllib.parse import urlsplit

from PIL import Image

from social_publish.rehearsal.store import Store

HERE = {"127.0.0.1", "localhost", "::1"}
MOST_BYTES = 8 * 1000 * 1000
SECONDS = 10.0


class NotFetched(Exception):
    """The picture could not be had; the text says why."""


def fetch(store: Store, address: str) -> bytes:
    """The bytes at an address on this machine, really fetched from there.

    Nothing else is ever asked: an address elsewhere gives `store.elsewhere`. Raises NotFetched.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotFetched("It is no web address.")
    if parts.hostname not in HERE:
        if not store.elsewhere:
            raise NotFetched("The rehearsal asks only this machine for pictures.")
        return store.elsewhere
    try:
        return _get(parts.hostname, parts.port or 80, parts.path)
    except (OSError, http.client.HTTPException) as error:
        raise NotFetched("Nothing answers there.") from error


def _get(host: str, port: int, path: str) -> bytes:
    ends = time.monotonic() + SECONDS
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path or "/")
        response = connection.getresponse()
        if response.status != 200:
            raise NotFetched(f"The answer there is {response.status}.")
        content = b""
        while piece := response.read1(65536):
            content += piece
            if len(content) > MOST_BYTES or time.monotonic() > ends:
                raise NotFetched("It is too large or comes too slowly.")
        return content
    finally:
        connection.close()


def jpeg_shape(content: bytes) -> float:
    """Width divided by height. Raises NotFetched when it is no JPEG."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
            return picture.width / picture.height
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotFetched("It is no JPEG.") from error
