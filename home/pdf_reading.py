"""Looks into one PDF, as a program of its own: bytes come in, one word about them goes out.

A file made to harm may want hours, or all memory; then only this process ends, by its limits.
"""

import io
import resource
import sys

from pypdf import PasswordType, PdfReader

MOST_SECONDS = 20  # of the processor
MOST_MEMORY = 1024**3  # bytes
MOST_PAGES = 10  # are looked at for words: a scan has none on any of them


def finding(content: bytes) -> str:
    """One of the words that PdfCheck.Finding knows; empty where nothing is wrong."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        return "locked"
    pages = reader.pages[:MOST_PAGES]
    if not any(letter.isalnum() for page in pages for letter in page.extract_text()):
        return "scan"
    return "" if _has_tags(reader) else "no tags"


def _has_tags(reader: PdfReader) -> bool:
    """ISO 32000-1, 14.7 and 14.8: a tree of the structure, and the mark that it is used."""
    marks = reader.root_object.get("/MarkInfo")
    is_marked = marks is not None and marks.get_object().get("/Marked")
    return bool(is_marked and reader.root_object.get("/StructTreeRoot"))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.stdout.write(f"read:{finding(sys.stdin.buffer.read())}")
