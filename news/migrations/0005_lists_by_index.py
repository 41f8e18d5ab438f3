"""Indexes in the order in which lists of news are read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("news", "0004_replies_and_checks")]

    operations = [
        migrations.AddIndex(
            model_name="newspage",
            index=models.Index(fields=["listed_under", "-date", "-page_ptr"], name="news_of_list"),
        ),
        migrations.AddIndex(
            model_name="newspage",
            index=models.Index(
                fields=["listed_under", "purpose", "-date", "-page_ptr"], name="news_of_purpose"
            ),
        ),
    ]
