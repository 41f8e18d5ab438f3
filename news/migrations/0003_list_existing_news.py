"""News that was there before knows its section too."""

from django.db import migrations

STEP = 4  # characters of a path for each level of the tree


def fill(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    NewsPage = apps.get_model("news", "NewsPage")
    sections = dict(Page.objects.filter(newsindexpage__isnull=False).values_list("path", "pk"))
    for path, pk in sections.items():
        below = Page.objects.filter(path__startswith=path, newspage__isnull=False)
        children = [c.pk for c in below.only("path") if c.path[:-STEP] == path]
        NewsPage.objects.filter(pk__in=children).update(listed_under=pk)


class Migration(migrations.Migration):
    dependencies = [("news", "0002_meetings_events_vacancies")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
