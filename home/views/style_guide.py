"""The style guide: every component on one page, with harmless words."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from home.blocks import BodyBlock
from home.letterbox import LetterForm
from home.models import Alert


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Not for search engines, and not linked; whoever designs or checks the site opens it."""
    now = timezone.now()
    form = LetterForm(QueryDict("words="), page=SimpleNamespace(is_concern=True, pk=0))
    context = {
        "levels": [_alert(level, now) for level in Alert.Level],
        "blocks": _blocks(),
        "form": form,
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "home/style_guide.html", context)


def _alert(level: Alert.Level, now: Any) -> Alert:
    return Alert(
        level=level,
        title=f"An alert of the level “{level.label}”",
        text="What people should do stands here, in one or two sentences.",
        starts_at=now,
        ends_at=now + timedelta(days=1),
    )


def _blocks() -> list[tuple[str, Any]]:
    """Each block of a page's body that can be shown without a picture or file of its own."""
    samples = {
        "heading": "A heading",
        "text": "<p>Text, with <b>weight</b>.</p><h3>A small heading</h3><ul><li>A list</li></ul>",
    }
    found = []
    for name, block in BodyBlock().child_blocks.items():
        if name in samples:
            value = block.to_python(samples[name])
        elif hasattr(block.meta, "preview_value"):
            value = block.get_preview_value()
        else:
            continue
        found.append((str(block.label), block.render(value)))
    return found
