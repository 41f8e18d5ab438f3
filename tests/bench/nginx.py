"""nginx in front of the web server, with a cache; everything it writes lies in one folder."""

import getpass
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.bench import processes
from tests.bench.stack import FOLDER

STATIC = "/static-file/"
# One process, as the cache and the plain file must be served by the same means.
CONFIG = """
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
    keepalive_requests 1000000;
    default_type text/html;
    client_body_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    proxy_cache_path {folder}/kept keys_zone=pages:4m;
    server {{
        listen 127.0.0.1:{port};
        location {static} {{ alias {folder}/; }}
        location / {{
            proxy_pass {site};
            proxy_set_header Host council.example;
            proxy_cache pages;
            proxy_cache_valid 200 10m;
            proxy_cache_lock on;
            proxy_cache_use_stale updating error timeout http_500 http_502 http_503 http_504;
            proxy_cache_bypass $cookie_sessionid;
            proxy_no_cache $cookie_sessionid;
            add_header X-Kept $upstream_cache_status;
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Front:
    url: str
    process: "subprocess.Popen[bytes]"


def start(site: str) -> tuple[Front, Path]:
    """nginx before this site, and the folder whose files it serves below STATIC."""
    folder, port = FOLDER / "nginx", processes.free_port()
    folder.mkdir()
    config = folder / "nginx.conf"
    words = {"folder": folder, "port": port, "site": site, "static": STATIC}
    config.write_text(CONFIG.format(user=getpass.getuser(), **words))
    process = processes.start("nginx", "nginx", "-c", str(config), folder=FOLDER)
    processes.wait_for(lambda: processes.answers(port), "nginx")
    return Front(f"http://127.0.0.1:{port}", process), folder
