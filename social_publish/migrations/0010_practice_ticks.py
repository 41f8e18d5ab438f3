from typing import Any

from django.db import migrations, models


def mark_what_was_practised(apps: Any, schema_editor: Any) -> None:
    ticks = apps.get_model("social_publish", "SecurityTick").objects
    ticks.filter(channel__rehearsal=True).update(rehearsal=True)


class Migration(migrations.Migration):
    dependencies = [
        ("social_publish", "0009_comments_heard_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="securitytick",
            name="rehearsal",
            field=models.BooleanField(default=False, verbose_name="for practice"),
        ),
        migrations.RunPython(mark_what_was_practised, migrations.RunPython.noop),
    ]
