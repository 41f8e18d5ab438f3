"""A network that does nothing but wait: X's answers after a set time, for measuring our own cost.

`python -m tests.bench.quick_network PORT SECONDS LOG` answers each POST after SECONDS, and never
where the access token is “dead”. Each request is one line of LOG when it has come in. The
rehearsal checks each request and keeps each post, which costs more than what is measured here.
"""

import asyncio
import itertools
import json
import re
import sys
import time
from typing import TextIO

DEAD = "dead"
numbers = itertools.count(1)


async def serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pause: float, log: TextIO
) -> None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1]) if length else 0)
    except asyncio.IncompleteReadError:
        writer.close()
        return
    _note(log, head, body)
    if f'oauth_token="{DEAD}"' in head:
        await asyncio.sleep(3600)
    if head.startswith("POST"):
        await asyncio.sleep(pause)
        answer = _tweet(str(next(numbers)))
    else:
        answer = _tweet(head.split()[1].split("?")[0].rsplit("/", 1)[-1])
    writer.write(
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n"
        f"Connection: close\r\n\r\n{answer}".encode()
    )
    await writer.drain()
    writer.close()


def _tweet(number: str) -> str:
    tweet = {"id": number, "text": "", "edit_history_tweet_ids": [number]}
    return json.dumps({"data": tweet | {"reply_settings": "mentionedUsers"}})


def _note(log: TextIO, head: str, body: bytes) -> None:
    method, path, _ = head.split(" ", 2)
    posted = method == "POST" and path.startswith("/2/tweets")
    text = json.loads(body).get("text", "") if posted else ""
    line = {"at": time.monotonic(), "method": method, "path": path, "text": text}
    log.write(json.dumps(line) + "\n")
    log.flush()


async def main(port: int, pause: float, log: TextIO) -> None:
    server = await asyncio.start_server(
        lambda r, w: serve(r, w, pause, log), "127.0.0.1", port, backlog=256
    )
    await server.serve_forever()


if __name__ == "__main__":
    with open(sys.argv[3], "a") as file:
        asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), file))
