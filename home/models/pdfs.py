"""What is wrong with a PDF for those who cannot see it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, QuerySet
from wagtail.documents import get_document_model, get_document_model_string
from wagtail.documents.models import AbstractDocument


class PdfCheck(models.Model):
    """What was found in the file that a document held when it was read."""

    class Finding(models.TextChoices):
        SCAN = "scan", "A scan"
        NO_TAGS = "no tags", "No tags"
        LOCKED = "locked", "Locked by a password"
        UNREADABLE = "unreadable", "Not readable"

    WORDS: ClassVar[dict[str, str]] = {
        Finding.SCAN: "This PDF is a scan: a screen reader finds no words in it. Put the words on"
        " the page, or save it from the word processor as a PDF with tags and put it up again.",
        Finding.NO_TAGS: "This PDF has no tags: a screen reader finds no headings, lists or tables"
        " in it. Put the words on the page, or save it from the word processor as a PDF with tags"
        " and put it up again.",
        Finding.LOCKED: "This PDF opens only with a password, so residents cannot read it. Save it"
        " without a password and put it up again.",
        Finding.UNREADABLE: "This PDF could not be read: it is damaged, or too large. Open it"
        " yourself. If it does not open, save it anew and put it up again; if it does, put the"
        " words on the page.",
    }

    document = models.OneToOneField(
        get_document_model_string(), on_delete=models.CASCADE, related_name="pdf_check"
    )
    file_hash = models.CharField(max_length=40)
    finding = models.CharField(max_length=10, choices=Finding, blank=True)

    # It is no use of the document, and must not stand among its uses.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.get_finding_display() or "Nothing wrong"

    @property
    def words(self) -> str:
        """What happened and what to do next; empty where nothing is wrong, or the file is new."""
        is_of_this_file = self.file_hash == self.document.file_hash
        return self.WORDS.get(self.finding, "") if is_of_this_file else ""


def is_pdf(document: AbstractDocument) -> bool:
    return document.file_extension.lower() == "pdf"


def unread_pdfs() -> QuerySet[AbstractDocument]:
    """Every PDF whose present file was not read yet."""
    pdfs = get_document_model().objects.filter(file__iendswith=".pdf")
    return pdfs.exclude(pdf_check__file_hash=F("file_hash"))


def pdfs_with_trouble() -> QuerySet[PdfCheck]:
    """What was found in the present files of documents."""
    wrong = PdfCheck.objects.exclude(finding="").filter(file_hash=F("document__file_hash"))
    return wrong.select_related("document__uploaded_by_user").order_by("document__title", "pk")
