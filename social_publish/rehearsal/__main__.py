"""`python -m social_publish.rehearsal PORT FOLDER`: the pretend networks without the site.

`manage.py rehearse` does the same; this one is up at once, as it need not load the site.
"""

import sys
from pathlib import Path

from social_publish.rehearsal.server import RehearsalHTTPServer

if __name__ == "__main__":
    port, folder = sys.argv[1:]
    RehearsalHTTPServer(int(port), Path(folder)).serve_forever()
