"""The style guide: every component on one page, with harmless words."""

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from home import samples
from home.blocks import BodyBlock
from home.letterbox import LetterForm
from home.models import Alert


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Not for search engines, and not linked; whoever designs or checks the site opens it."""
    now = timezone.now()
    form = LetterForm(QueryDict("words="), page=SimpleNamespace(is_concern=True, pk=0))
    context = {
        "levels": [samples.alert(level, now) for level in Alert.Level],
        "blocks": _blocks(),
        "form": form,
        "meetings": [samples.meeting(), samples.meeting(has_minutes=False, cancelled="Storm")],
        "event": samples.event(),
        "vacancy": samples.vacancy(),
        "news": samples.news(),
        "shared_news": samples.news(title="News of a partner", partner="Coastshire Police"),
        "dates": samples.key_dates(),
        "person": samples.person(),
        "shared": samples.shared(),
        "document": samples.document(),
        "batch": samples.batch(),
    }
    return TemplateResponse(request, "home/style_guide.html", context)


def _blocks() -> list[tuple[str, Any]]:
    """Each block of a page's body that can be shown without a picture or file of its own."""
    found = []
    for block in BodyBlock().child_blocks.values():
        if hasattr(block.meta, "preview_value"):
            found.append((str(block.label), block.render(block.get_preview_value())))
    return found
