"""Reads PDFs for what screen readers need; a task does it, never anybody's request."""

import logging
import subprocess
import sys
from pathlib import Path

from wagtail.documents.models import AbstractDocument

from home.models import PdfCheck

logger = logging.getLogger(__name__)

MOST_BYTES = 30 * 1024 * 1024  # above what may be put up; older files can be larger
MOST_SECONDS = 40
PROGRAM = Path(__file__).with_name("pdf_reading.py")


def read(document: AbstractDocument) -> None:
    """Remember what is wrong with this PDF. A file that is away just now is left unread."""
    try:
        file_hash = document.get_file_hash()
        with document.open_file() as file:
            content = file.read(MOST_BYTES + 1)
    except OSError:
        logger.warning("A PDF could not be opened", extra={"event": "pdf.away"})
        return
    found = {"file_hash": file_hash, "finding": finding(content)}
    PdfCheck.objects.update_or_create(document=document, defaults=found)


def finding(content: bytes) -> str:
    """One of PdfCheck.Finding; empty where nothing is wrong."""
    if len(content) > MOST_BYTES:
        return PdfCheck.Finding.UNREADABLE
    try:
        # Isolated, and without our environment: the file is a stranger's, the keys are ours.
        done = subprocess.run(  # noqa: S603 - the command is our own
            [sys.executable, "-I", PROGRAM],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return PdfCheck.Finding.UNREADABLE
    if done.returncode or not done.stdout.startswith(b"read:"):
        return PdfCheck.Finding.UNREADABLE
    return done.stdout.removeprefix(b"read:").decode()
