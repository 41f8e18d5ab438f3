"""The pieces a page's body is made of."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    StructBlockValidationError,
    TextBlock,
    URLBlock,
)
from wagtail.contrib.typed_table_block.blocks import (
    TypedTable,
    TypedTableBlock,
    TypedTableBlockValidationError,
)
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from home.languages import LANGUAGES

RICH_TEXT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class CalloutBlock(StructBlock):
    """A short notice that stands out from the text around it."""

    heading = CharBlock(max_length=80)
    text = TextBlock()

    class Meta:
        icon = "warning"
        label = "Notice"
        template = "components/callout.html"
        description = "A short notice that stands out from the text around it."
        preview_value = {
            "heading": "The office is closed on Friday",
            "text": "We open again on Monday at 10am.",
        }


class DetailsBlock(StructBlock):
    """A question that opens to show its answer; it works without any script."""

    question = CharBlock(max_length=150)
    answer = RichTextBlock(features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "help"
        label = "Question and answer"
        template = "components/details.html"
        description = "A question that opens to show its answer."
        preview_value = {
            "question": "Can I bring my dog?",
            "answer": "<p>Yes, on a lead, in every park of ours.</p>",
        }


class ButtonBlock(StructBlock):
    """The one thing to do next: book, apply, pay."""

    label = CharBlock(max_length=60)
    page = PageChooserBlock(required=False)
    address = URLBlock(required=False, help_text="Where it is not a page of ours.")

    class Meta:
        icon = "link"
        label = "Button"
        template = "components/button.html"
        description = "The one thing to do next. One on a page is enough."
        preview_value = {"label": "Book the hall", "address": "https://council.example/book"}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned.get("page") and not cleaned.get("address"):
            missing = ValidationError("Choose a page, or give an address: where does it lead?")
            raise StructBlockValidationError(block_errors={"address": missing})
        return cleaned


class LanguageBlock(StructBlock):
    """Text that screen readers pronounce as its own language, in its own direction."""

    language = ChoiceBlock(choices=LANGUAGES)
    text = RichTextBlock(features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "globe"
        label = "Text in another language"
        template = "components/language.html"
        description = "Screen readers speak it as that language; Arabic runs from the right."
        preview_value = {"language": "kw", "text": "<p>Dynnargh dhe’n dre.</p>"}


class FileBlock(StructBlock):
    """A document to download, with its kind and size."""

    title = CharBlock(max_length=150)
    document = DocumentChooserBlock()

    class Meta:
        icon = "doc-full"
        label = "Document"
        template = "components/file.html"
        description = "A document to download. Put what matters into the page's text as well."
        preview_value = {
            "title": "Budget for next year",
            "document": SimpleNamespace(url="#", title="", file_extension="pdf", file_size=120_000),
        }


class FactBlock(StructBlock):
    """One line of a list of facts."""

    name = CharBlock(max_length=60)
    value = CharBlock(max_length=200)


class FactsBlock(StructBlock):
    """Names and values side by side: prices, hours, sizes."""

    facts = ListBlock(FactBlock(), min_num=1)

    class Meta:
        icon = "list-ul"
        label = "List of facts"
        template = "components/facts.html"
        description = "Names and values side by side: prices, hours, sizes."
        preview_value = {
            "facts": [{"name": "Main hall", "value": "£14 an hour"}],
        }


class TableBlock(TypedTableBlock):
    """Fees and spending: rows and columns that screen readers can follow."""

    name = CharBlock(label="Name of the row", max_length=200, required=False)
    words = CharBlock(label="Words", max_length=500, required=False)
    amount = CharBlock(label="Amount", max_length=40, required=False)

    class Meta:
        icon = "table"
        label = "Table"
        template = "components/table.html"
        description = "Fees, spending, times: rows and columns under a caption."
        help_text = "Begin with a column of names: screen readers say the name with each cell."
        preview_value = {
            "caption": "What the hall costs",
            "columns": [
                {"type": "name", "heading": "Room"},
                {"type": "words", "heading": "Seats"},
                {"type": "amount", "heading": "An hour"},
            ],
            "rows": [
                {"values": ["Main hall", "120, with a stage and a kitchen", "£14.00"]},
                {"values": ["Committee room", "16 around one table", "£6.50"]},
            ],
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not self.is_deferred_validation:
            # Wagtail puts an empty row at the end of what was written.
            cleaned.row_data = [row for row in cleaned.row_data if any(row["values"])]
            missing = list(_missing(cleaned))
            if missing:
                raise TypedTableBlockValidationError(non_block_errors=missing)
        return cleaned


def _missing(table: TypedTable) -> Iterator[str]:
    """What a screen reader needs to say where one is in the table."""
    if not table.caption.strip():
        yield "Give the table a caption: what does it show?"
    if not table.row_data:
        yield "Add a column and a row, or take the table away."
    if not all(column["heading"].strip() for column in table.columns):
        yield "Give each column a heading."
    if not all(cell.value for row in table.rows for cell in row if cell.block.name == "name"):
        yield "Give each row its name."


class BodyBlock(StreamBlock):
    """Headings, text, pictures and notices, in any order."""

    heading = CharBlock(
        max_length=100,
        icon="title",
        form_classname="title",
        template="components/heading.html",
        description="Says what the next part is about. People read the headings first.",
        preview_value="Opening hours",
    )
    text = RichTextBlock(
        features=RICH_TEXT_FEATURES,
        template="components/text.html",
        description="Paragraphs, lists and small headings.",
        preview_value="<p>The hall seats <b>120</b>.</p><h3>To bring</h3><ul><li>Your key</li></ul>",
    )
    picture = ImageBlock(
        template="components/picture.html",
        description="A picture with words for those who do not see it.",
    )
    notice = CalloutBlock()
    facts = FactsBlock()
    table = TableBlock()
    question = DetailsBlock()
    button = ButtonBlock()
    file = FileBlock()
    language = LanguageBlock()
