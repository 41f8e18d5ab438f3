"""What is kept of a person's connecting while it goes on: in their own session, secrets sealed.

An errand belongs to one person, lasts an hour, and its sign-in can come back once only.
"""

import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from social_publish import credentials
from social_publish.admin.requests import StaffRequest
from social_publish.connecting import Seen
from social_publish.networks.answers import Identity, Trouble
from social_publish.networks.sign_in import App, Leaving, Opened

KEY = "social_publish_errand"
LASTS = timedelta(hours=1)
AWAY_FOR = timedelta(minutes=15)


@dataclass
class Errand:
    """One channel being connected. channel: its number where it is connected again, else None.

    secrets: what is sealed in the session; away: since when the person is at the network.
    """

    network: str
    group: int
    rehearsal: bool
    channel: int | None = None
    going_live: bool = False
    server: str = ""
    away: str = ""
    begun: str = field(default_factory=lambda: timezone.now().isoformat())
    number: str = field(default_factory=lambda: uuid4().hex)
    sealed: str = ""

    # --- in the session ---

    @classmethod
    def of(cls, request: StaffRequest) -> "Errand | None":
        """The person's errand; None when there is none, or it is too old."""
        kept = request.session.get(KEY)
        if not kept or kept.get("person") != request.user.pk:
            return None
        errand = cls(**{name: value for name, value in kept.items() if name != "person"})
        too_old = timezone.now() - datetime.fromisoformat(errand.begun) > LASTS
        return None if too_old else errand

    def keep(self, request: StaffRequest) -> None:
        request.session[KEY] = {**asdict(self), "person": request.user.pk}

    @staticmethod
    def forget(request: StaffRequest) -> None:
        request.session.pop(KEY, None)

    # --- its secrets ---

    def _seal(self, **values: Any) -> None:
        words = json.dumps(values)
        self.sealed = credentials.seal({"kept": words}, owner=f"errand:{self.number}").decode()

    def _unsealed(self) -> dict[str, Any]:
        """Raises credentials.CredentialsLost."""
        if not self.sealed:
            return {}
        kept = credentials.unseal(self.sealed.encode(), owner=f"errand:{self.number}")["kept"]
        values: dict[str, Any] = json.loads(kept)
        return values

    def leave(self, leaving: Leaving) -> None:
        """The person goes to the network, and may come back once."""
        self.away = timezone.now().isoformat()
        self._seal(leaving=asdict(leaving))

    @property
    def leaving(self) -> Leaving | None:
        """The sign-in under way; None when there is none, or it took too long."""
        kept = self._unsealed().get("leaving")
        if not (kept and self.away):
            return None
        if timezone.now() - datetime.fromisoformat(self.away) > AWAY_FOR:
            return None
        return Leaving(**{**kept, "app": App(**kept["app"])})

    def remember(self, app: App | None) -> None:
        """Keep the app's keys that the person typed, so that trying again is one press."""
        self.away = ""
        self._seal(app=asdict(app) if app else None)

    @property
    def app(self) -> App | None:
        kept = self._unsealed().get("app")
        return App(**kept) if kept else None

    def come_back(self, state: str) -> Leaving | None:
        """The sign-in that `state` belongs to. It is used up, whether it fits or not."""
        leaving = self.leaving
        self.remember(leaving.app if leaving else None)
        fits = leaving and hmac.compare_digest(leaving.state.encode(), state.encode())
        return leaving if fits else None

    def open(self, opened: list[Opened]) -> None:
        """The accounts that the sign-in opened."""
        self._seal(opened=[asdict(one) for one in opened])

    @property
    def opened(self) -> list[Opened]:
        return [_opened(one) for one in self._unsealed().get("opened", ())]

    def see(self, seen: Seen) -> None:
        """The account that the person chose, and what the network says of it."""
        self._seal(
            opened=[asdict(one) for one in self.opened],
            seen={"opened": asdict(seen.opened), "identity": asdict(seen.identity)},
        )

    @property
    def seen(self) -> Seen | None:
        kept = self._unsealed().get("seen")
        if not kept:
            return None
        words = kept["identity"]
        for name in ("rights", "lacks"):
            words[name] = tuple(words[name])
        if words["trouble"]:
            words["trouble"] = Trouble(words["trouble"])
        identity = Identity(**words)
        return Seen(self.network, self.rehearsal, _opened(kept["opened"]), identity, self.server)


def _opened(kept: dict[str, Any]) -> Opened:
    return Opened(**{**kept, "lacks": tuple(kept["lacks"])})
