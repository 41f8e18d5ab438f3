"""The state table, walked whole: every legal move is made, every other one is refused."""

import itertools

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from social_publish import outbox
from social_publish.management.commands import document_states
from social_publish.models import Delivery, DeliveryEvent, State
from social_publish.outbox.together import move_all
from tests.council import Council

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(council: Council) -> Delivery:
    council.write(**{"channel_words-ticked": [str(council.x.pk)]})
    return Delivery.objects.get()


def test_every_move_from_every_state(delivery: Delivery) -> None:
    """All pairs: a legal one changes the row and adds its line, an illegal one changes nothing."""
    for name, before in itertools.product(outbox.MOVES, State):
        Delivery.objects.update(state=before, lease="", why="")
        delivery.refresh_from_db()
        lines = DeliveryEvent.objects.count()
        rule = outbox.MOVES[name]
        if before in rule.before:
            assert outbox.move(delivery, name, now=timezone.now(), why="Because.")
            delivery.refresh_from_db()
            assert delivery.state == rule.after
            event = DeliveryEvent.objects.latest("pk")
            found = (event.move, event.state_before, event.state_after, event.why)
            assert found == (name, before, rule.after, "Because.")
        else:
            with pytest.raises(ValueError, match="no move"):
                outbox.move(delivery, name, now=timezone.now())
            delivery.refresh_from_db()
            assert (delivery.state, DeliveryEvent.objects.count()) == (before, lines)


def test_every_move_of_several_at_once(delivery: Delivery) -> None:
    """The worker makes them by a statement of its own, under the same table."""
    for name, before in itertools.product(outbox.MOVES, State):
        Delivery.objects.update(state=before, lease="", why="")
        delivery.refresh_from_db()
        lines = DeliveryEvent.objects.count()
        rule = outbox.MOVES[name]
        if before in rule.before:
            assert move_all([(delivery, {})], name, now=timezone.now()) == [delivery]
            delivery.refresh_from_db()
            event = DeliveryEvent.objects.latest("pk")
            found = (event.move, event.state_before, event.state_after, event.hash)
            assert found == (name, before, rule.after, delivery.history_hash)
            assert delivery.state == rule.after
        else:
            with pytest.raises(ValueError, match="no move"):
                move_all([(delivery, {})], name, now=timezone.now())
            delivery.refresh_from_db()
            assert (delivery.state, DeliveryEvent.objects.count()) == (before, lines)


@pytest.mark.parametrize(
    "changed", [{"state": State.CANCELLED}, {"lease": "another"}, {"history_hash": "longer"}]
)
def test_of_several_a_row_that_has_moved_on_is_left_alone(
    delivery: Delivery, changed: dict[str, str]
) -> None:
    Delivery.objects.update(**changed)
    lines = DeliveryEvent.objects.count()
    assert move_all([(delivery, {})], "cancel", now=timezone.now()) == []
    assert DeliveryEvent.objects.count() == lines


@pytest.mark.parametrize("changed", [{"state": State.CANCELLED}, {"lease": "another"}])
def test_a_row_that_has_moved_on_is_left_alone(delivery: Delivery, changed: dict[str, str]) -> None:
    Delivery.objects.update(**changed)
    lines = DeliveryEvent.objects.count()
    assert not outbox.move(delivery, "cancel", now=timezone.now())
    assert DeliveryEvent.objects.count() == lines


def test_every_state_can_be_reached_and_left_or_is_an_end() -> None:
    reached = {rule.after for rule in outbox.MOVES.values()} | {State.PROPOSED}
    assert reached == set(State)
    left = {b for rule in outbox.MOVES.values() for b in rule.before if b != rule.after}
    assert set(State) - left == {State.REMOVED, State.GONE}


def test_the_page_on_states_is_up_to_date(tmp_path, settings) -> None:
    call_command("document_states", check=True)
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="out of date"):
        call_command("document_states", check=True)
    call_command("document_states")
    assert (tmp_path / "docs" / "delivery-states.md").read_text() == document_states.the_page()
