"""The live counter of the editor's page: the very function that composes what is sent."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from social_publish.models import PREVIEW_TOKEN, Channel, short_link


@require_POST
def count(request: HttpRequest) -> JsonResponse:
    """{channel id: {name, sentence, short, problems}} for the words of each `words-<id>` field."""
    counts = {}
    for channel in Channel.objects.select_related("group__office_contact"):
        words = request.POST.get(f"words-{channel.pk}")
        if words is not None:
            opened = f"open-{channel.pk}" in request.POST
            counts[str(channel.pk)] = _counted(channel, words, opened=opened)
    return JsonResponse(counts)


def _counted(channel: Channel, words: str, *, opened: bool) -> dict[str, object]:
    link = short_link(PREVIEW_TOKEN)
    composed = channel.compose(words, link=link, replies_closed=not opened)
    short = f"{composed.length} of {composed.maximum} characters"
    return {
        "name": channel.name,
        "short": short,
        "sentence": f"{short}, with the link and the office contact",
        "problems": list(composed.problems) if words else [],
    }
