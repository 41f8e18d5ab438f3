"""`manage.py rotate_channel_keys`: all credentials under the newest key, and nothing lost."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from social_publish import credentials, kept_keys, sign_ins
from social_publish.models import Channel
from tests.council import Council
from tests.social_publish.tended import MINUTE, connected, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_key(council: Council, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A new key in front of the one that the council's channels were sealed with."""
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    key = Fernet.generate_key().decode()
    settings.CHANNEL_KEYS = [key, *settings.CHANNEL_KEYS]
    return key


def rotate() -> str:
    said = StringIO()
    call_command("rotate_channel_keys", stdout=said)
    return said.getvalue()


def test_all_open_with_the_new_key_alone(
    council: Council, settings: Settings, new_key: str
) -> None:
    before = {c.pk: c.unseal() for c in Channel.objects.all()}
    said = rotate()
    assert "Sealed anew: 2." in said
    assert "The older keys are needed no more" in said
    settings.CHANNEL_KEYS = [new_key]
    assert {c.pk: c.unseal() for c in Channel.objects.all()} == before
    for values in before.values():
        assert all(value not in said for value in values.values())


def test_repeating_it_changes_nothing(council: Council, new_key: str) -> None:
    rotate()
    sealed = list(Channel.objects.order_by("pk").values_list("sealed_credentials", flat=True))
    said = rotate()
    assert "Sealed anew: 0." in said
    assert "Under the first key already: 2." in said
    after = Channel.objects.order_by("pk").values_list("sealed_credentials", flat=True)
    assert [bytes(one) for one in after] == [bytes(one) for one in sealed]


def test_what_cannot_be_opened_is_named_and_left(
    council: Council, settings: Settings, new_key: str
) -> None:
    lost = Fernet(Fernet.generate_key()).encrypt(b"{}")
    Channel.objects.filter(pk=council.x.pk).update(sealed_credentials=lost)
    errors = StringIO()
    with pytest.raises(CommandError, match="Keep the old keys") as raised:
        call_command("rotate_channel_keys", stdout=StringIO(), stderr=errors)
    assert raised.value.returncode == 1
    assert f"channel {council.x.pk}, “Council on x”" in errors.getvalue()
    assert bytes(read(council.x).sealed_credentials) == lost
    # The others were done all the same.
    settings.CHANNEL_KEYS = [new_key]
    assert read(council.facebook).unseal()


def test_a_channel_without_keys_is_no_fault(council: Council, new_key: str) -> None:
    Channel.objects.create(
        group=council.group, network="by_hand", name="Nextdoor", account_id="council"
    )
    assert "Sealed anew: 2." in rotate()


def test_without_any_key_it_says_so(council: Council, settings: Settings) -> None:
    settings.CHANNEL_KEYS = []
    with pytest.raises(CommandError, match="CHANNEL_KEYS is empty"):
        rotate()


def test_with_one_key_nothing_is_to_be_dropped(council: Council) -> None:
    said = rotate()
    assert "Under the first key already: 2." in said
    assert "older keys" not in said


def test_keys_renewed_while_it_runs_are_not_lost(
    council: Council, settings: Settings, new_key: str
) -> None:
    """It seals anew between a worker's question and the answer."""
    channel = connected(council, "tiktok", keys_end=10 * MINUTE)
    (call,) = sign_ins.renewals(timezone.now())
    answer = call.ask()
    settings.CHANNEL_KEYS = settings.CHANNEL_KEYS[::-1]
    channel.seal(channel.unseal())
    channel.save(update_fields=["sealed_credentials"])
    rotate()
    call.settle(answer, timezone.now())
    known = council.rehearsal.account("tiktok", channel.account_id).credentials
    assert read(channel).unseal() == known
    assert list(kept_keys.kept()) == []


def test_kept_keys_that_wait_hold_the_old_key(
    council: Council, settings: Settings, new_key: str
) -> None:
    lost = Fernet(Fernet.generate_key()).encrypt(b"{}")
    kept_keys.keep(council.x.pk, lost, timezone.now().timestamp(), None)
    with pytest.raises(CommandError, match="1 renewed sign-ins wait"):
        rotate()


def test_resealing_is_bound_to_its_owner_still(council: Council, new_key: str) -> None:
    rotate()
    sealed = bytes(read(council.x).sealed_credentials)
    with pytest.raises(credentials.CredentialsLost, match="another channel's"):
        credentials.unseal(sealed, owner=council.facebook.owner)
