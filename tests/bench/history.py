"""Years of finished posts, made by the database itself in a few statements."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from social_publish.models import Announcement, Channel, Delivery, DeliveryEvent, State
from tests.bench.world import World, pages

SERIES = """
WITH RECURSIVE series(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM series WHERE n < {last})
"""
TOKEN = {"sqlite": "printf('%010x', {})", "postgresql": "lpad(to_hex({}), 10, '0')"}


class History:
    """Finished deliveries of one old page, each with a line of history: mostly posted, some
    cancelled or removed.

    A quarter of the posted ones have their replies checked again some day, as those of a
    network without a switch for replies.
    """

    def __init__(self, world: World) -> None:
        (page,) = pages(world, 1)
        past = timezone.now() - timedelta(days=400)
        self.announcement = Announcement.objects.create(
            page=page, page_title=page.title, number=1, status="approved", approved_at=past
        )
        self.channels = len(world.channels)
        self.delivery = Delivery.objects.create(
            announcement=self.announcement,
            channel=world.channels[0],
            account_id=world.channels[0].account_id,
            text="Words of an old post. " * 10,
            length=220,
            state=State.POSTED,
            released_at=past,
            posted_at=past,
            replies_due_at=timezone.now() + timedelta(days=1),
            replies_given="narrowed",
            replies_confirmed_at=past,
            attempts=1,
            first_sent_at=past,
            remote_id="1",
            history_hash="0" * 64,
        )
        self.event = DeliveryEvent.objects.create(
            delivery=self.delivery,
            at=past,
            move="accept",
            state_before=State.SENDING,
            state_after=State.POSTED,
            actor_name="the site",
            previous_hash="0" * 64,
            hash="0" * 64,
        )
        self.numbers = 1

    def grow_to(self, rows: int) -> None:
        first, last = self.numbers + 1, -(-rows // self.channels)
        if last < first:
            return
        copied = {"number": "n"}
        self._copy(
            Announcement,
            self.announcement.pk,
            copied,
            "series",
            SERIES.format(first=first, last=last),
        )
        token = TOKEN[connection.vendor].format("a.id * 1000 + c.id")
        due = "CASE WHEN a.number % 4 = 0 THEN t.replies_due_at END"
        state = "CASE a.number % 20 WHEN 1 THEN 'cancelled' WHEN 2 THEN 'removed' ELSE t.state END"
        changed = {
            "announcement_id": "a.id",
            "channel_id": "c.id",
            "token": token,
            "state": state,
            "replies_due_at": due,
        }
        announcements, channels = Announcement._meta.db_table, Channel._meta.db_table
        others = f"""(SELECT id, number FROM {announcements} WHERE page_id = {self.announcement.page_id}
            AND number BETWEEN {first} AND {last}) a CROSS JOIN {channels} c"""
        newest = Delivery.objects.latest("pk").pk
        self._copy(Delivery, self.delivery.pk, changed, others)
        fresh = f"(SELECT id FROM {Delivery._meta.db_table} WHERE id > {newest}) d"
        self._copy(DeliveryEvent, self.event.pk, {"delivery_id": "d.id"}, fresh)
        self.numbers = last
        if connection.vendor == "postgresql":
            # The server does this by itself, but not at once.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def _copy(
        self, model: type, key: int, changed: dict[str, str], others: str, start: str = ""
    ) -> None:
        """Copy one row once for each row of `others`, with the changed columns."""
        columns = [f.column for f in model._meta.concrete_fields if not f.primary_key]
        values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        table = model._meta.db_table
        sql = (
            f"{start} INSERT INTO {table} ({names}) SELECT {values} FROM {table} t"
            f" CROSS JOIN {others} WHERE t.id = {key}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql)
