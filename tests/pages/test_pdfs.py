"""PDFs that not everyone can read are found by the queue, and staff are told what to do."""

import io
import re
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ
from PIL import Image
from pypdf import PdfReader, PdfWriter
from wagtail.documents import get_document_model
from wagtail.models import Collection, ReferenceIndex

from cms.demo.files import small_pdf
from home import tasks
from home.models import DocumentEntry, DocumentsPage
from tests.council import Council
from tests.residents import publish

pytestmark = pytest.mark.django_db

SCAN = "This PDF is a scan: a screen reader finds no words in it. Put the words on the page,"
NO_TAGS = "This PDF has no tags: a screen reader finds no headings, lists or tables in it."
LOCKED = "This PDF opens only with a password, so residents cannot read it."
UNREADABLE = "This PDF could not be read: it is damaged, or too large. Open it yourself."


def scan() -> bytes:
    out = io.BytesIO()
    Image.new("L", (300, 400), 200).save(out, "PDF")
    return out.getvalue()


def tagged() -> bytes:
    return small_pdf("Minutes", ["The council met."])


def untagged(**changes: Any) -> bytes:
    """The same words as their text only, as old word processors save them."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(PdfReader(io.BytesIO(tagged())))
    for name in ("/MarkInfo", "/StructTreeRoot"):
        writer.root_object.pop(name, None)
    if changes:
        writer.encrypt(**changes, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def endless() -> bytes:
    """A list of pages that holds itself."""
    return tagged().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")


FILES = {
    "scan.pdf": (scan, SCAN),
    "SCAN.PDF": (scan, SCAN),
    "untagged.pdf": (untagged, NO_TAGS),
    "locked.pdf": (lambda: untagged(user_password="only-us"), LOCKED),
    "unchangeable.pdf": (lambda: untagged(user_password="", owner_password="us"), NO_TAGS),
    "cut.pdf": (lambda: tagged()[:300], UNREADABLE),
    "nonsense.pdf": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, UNREADABLE),
    "empty.pdf": (lambda: b"%PDF-1.4\n", UNREADABLE),
    "endless.pdf": (endless, UNREADABLE),
    "tagged.pdf": (tagged, ""),
    "notes.txt": (lambda: b"No PDF at all.", ""),
    "sheet.csv": (scan, ""),
}


def put_up(client: Client, name: str, content: bytes, title: str = "Minutes of May") -> Any:
    """Through the form of the admin; returns the new document."""
    send(client, "/admin/documents/add/", name, content, title)
    return get_document_model().objects.latest("pk")


def put_anew(client: Client, document: Any, name: str, content: bytes) -> None:
    send(client, f"/admin/documents/edit/{document.pk}/", name, content, document.title)


def send(client: Client, address: str, name: str, content: bytes, title: str) -> None:
    form = {
        "title": title,
        "file": SimpleUploadedFile(name, content),
        "collection": Collection.get_first_root_node().pk,
    }
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(address, form).status_code == 302


def run_queue() -> None:
    """What the queue was given, in its order."""
    for queued in OrmQ.objects.order_by("pk"):
        task = queued.task
        if task["func"].startswith("home.tasks.read_"):
            getattr(tasks, task["func"].rpartition(".")[2])(*task["args"])
        queued.delete()


def edit_form(client: Client, document: Any) -> str:
    answer = client.get(f"/admin/documents/edit/{document.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", FILES)
def test_staff_are_told_what_is_wrong_and_what_to_do(council: Council, name: str) -> None:
    content, words = FILES[name]
    webmaster = council.client("webmaster")
    document = put_up(webmaster, name, content())
    assert "This PDF" not in edit_form(webmaster, document), "nobody's request reads it"
    run_queue()
    form = edit_form(webmaster, document)
    report = webmaster.get("/admin/reports/check/").content.decode()
    assert ("This PDF" in form) == bool(words)
    assert words in form
    assert (f'/admin/documents/edit/{document.pk}/"' in report) == bool(words)
    assert words in report


def test_a_better_file_ends_the_word(council: Council) -> None:
    webmaster = council.client("webmaster")
    document = put_up(webmaster, "minutes.pdf", scan())
    run_queue()
    assert "1 page or document to check" in webmaster.get("/admin/").content.decode()
    put_anew(webmaster, document, "minutes.pdf", tagged())
    assert SCAN not in edit_form(webmaster, document), "it was said of another file"
    run_queue()
    assert "This PDF" not in edit_form(webmaster, document)
    assert "to check</a>" not in webmaster.get("/admin/").content.decode()
    put_anew(webmaster, document, "minutes.pdf", untagged())
    run_queue()
    assert NO_TAGS in edit_form(webmaster, document)


def test_the_hourly_task_reads_what_was_missed_and_what_is_away_waits(council: Council) -> None:
    webmaster = council.client("webmaster")
    documents = [put_up(webmaster, f"{n}.pdf", scan(), f"Paper {n}") for n in range(4)]
    OrmQ.objects.all().delete()
    storage, name = documents[1].file.storage, documents[1].file.name
    storage.delete(name)
    assert tasks.read_unread_pdfs()
    assert OrmQ.objects.count() == 1, "one after the other, so that posts wait for no more"
    while OrmQ.objects.exists():
        run_queue()
    read = [SCAN in edit_form(webmaster, document) for document in documents]
    assert read == [True, False, True, True]
    storage.save(name, io.BytesIO(scan()))
    assert not tasks.read_unread_pdfs()
    assert SCAN in edit_form(webmaster, documents[1])


def test_a_file_that_a_script_put_up_is_read_too(council: Council) -> None:
    document = get_document_model()(title="By a script")
    with TestCase.captureOnCommitCallbacks(execute=True):
        document.file.save("old.pdf", io.BytesIO(scan()))
    run_queue()
    assert SCAN in council.client("webmaster").get("/admin/reports/check/").content.decode()


def test_a_file_that_wants_all_memory_ends_nobody_else(council: Council) -> None:
    bomb = zlib.compress(zlib.compress(b"BT " + b"( ) Tj " * 20_000_000))
    head = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n" % len(bomb)
    content = re.sub(
        rb"<< /Length \d+ >>\nstream\n.*?(?=\nendstream)", lambda _: head + bomb, tagged()
    )
    webmaster = council.client("webmaster")
    document = put_up(webmaster, "bomb.pdf", content)
    run_queue()
    assert UNREADABLE in edit_form(webmaster, document)


def test_residents_and_the_lists_of_uses_notice_nothing(council: Council) -> None:
    webmaster = council.client("webmaster")
    document = put_up(webmaster, "minutes.pdf", scan())
    library = DocumentsPage(title="Documents", slug="documents")
    library.entries = [DocumentEntry(title="Minutes", document=document)]
    publish(council.home, library)
    resident = Client()
    before = resident.get("/documents/").content
    run_queue()
    with CaptureQueriesContext(connection) as asked:
        assert resident.get("/documents/").content == before
        assert b"".join(resident.get(document.url).streaming_content).startswith(b"%PDF")
    assert not [one for one in asked if "pdfcheck" in one["sql"]]
    assert ReferenceIndex.get_references_to(document).count() == 1
