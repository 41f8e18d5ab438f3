"""The site's pictures, and each picture made to size."""

from datetime import datetime

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import ModelLogEntry


class CouncilImage(AbstractImage):
    """A picture; its description is the alt text wherever it is shown or posted."""

    credit = models.CharField(
        max_length=150, blank=True, help_text="Who made the picture, and by whose leave we show it."
    )

    admin_form_fields = (*Image.admin_form_fields, "credit")

    def changed_by(self, since: datetime) -> set[int]:
        """The ids of the people who made or changed this picture, or its description, since then."""
        entries = ModelLogEntry.objects.for_instance(self).filter(
            timestamp__gte=since, action__in=("wagtail.create", "wagtail.edit"), user__isnull=False
        )
        return set(entries.values_list("user_id", flat=True))


class CouncilRendition(AbstractRendition):
    """A picture made to size."""

    image = models.ForeignKey(CouncilImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="one_rendition_per_size"
            )
        ]
