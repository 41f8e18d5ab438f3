"""nginx in front of the web server, as deploy/nginx.conf has it; what it writes lies in one folder."""

import getpass
import gzip
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench import processes
from tests.bench.stack import FOLDER

DEPLOYED = Path(__file__).parents[2] / "deploy" / "nginx.conf"
STATIC = "/static-file/"
# One process, as the cache and the plain file must be served by the same means.
AROUND = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/pid;
error_log {folder}/errors.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 10000000;
    default_type text/html;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    {council}
}}
"""
# What nginx says of a file by itself.
_ITS_OWN = {"content-type", "content-length", "content-encoding", "connection"}
_ITS_OWN |= {"date", "server", "etag", "vary"}


@dataclass(frozen=True)
class Front:
    url: str
    process: "subprocess.Popen[bytes]"


def start(site: str, body: bytes, headers: Mapping[str, str]) -> Front:
    """nginx before this site; below STATIC it serves page.html, with these bytes and headers."""
    folder, port = FOLDER / "nginx", processes.free_port()
    (folder / "static").mkdir(parents=True)
    (folder / "static" / "page.html").write_bytes(body)
    (folder / "static" / "page.html.gz").write_bytes(gzip.compress(body, mtime=0))
    said = [
        f'add_header {name} "{value}";'
        for name, value in headers.items()
        if name.lower() not in _ITS_OWN
    ]
    static = f"location {STATIC} {{ alias {folder}/static/; gzip_static on; {' '.join(said)} }}"
    council = DEPLOYED.read_text()
    for line, ours in {
        "/var/cache/nginx/council": f"{folder}/kept",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "ssl_certificate     /etc/ssl/your-council.example/fullchain.pem;": "",
        "ssl_certificate_key /etc/ssl/your-council.example/privkey.pem;": "",
        "http://127.0.0.1:8000;": f"{site};",
        "location / {": f"{static} location / {{",
    }.items():
        if line not in council:
            raise processes.Failure(f"{DEPLOYED} has no “{line}” any more.")
        council = council.replace(line, ours)
    config = folder / "nginx.conf"
    config.write_text(AROUND.format(user=getpass.getuser(), folder=folder, council=council))
    process = processes.start("nginx", "nginx", "-c", str(config), folder=FOLDER)
    processes.wait_for(lambda: processes.answers(port), "nginx")
    return Front(f"http://127.0.0.1:{port}", process)
