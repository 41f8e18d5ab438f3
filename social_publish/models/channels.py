"""The council's accounts on the networks: one channel each."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from social_publish import credentials
from social_publish.compose import Composed, compose
from social_publish.models.groups import ChannelGroup
from social_publish.networks import NETWORKS
from social_publish.networks.capabilities import Limits, ReplyControl


class PolicyAnswer(models.TextChoices):
    """What the council says of its policy and a new channel."""

    NONE = "", ""
    NAMED = "named", "Yes, the policy names this channel"
    COVERED = "covered", "The policy covers new channels without naming each"


# Networks on which nobody can close replies.
OPEN_NETWORKS = tuple(
    slug
    for slug, network in NETWORKS.items()
    if network.capabilities.reply_control == ReplyControl.NOT_POSSIBLE
)


class Channel(models.Model):
    """One connected account of the council on a network."""

    group = models.ForeignKey(ChannelGroup, on_delete=models.PROTECT, related_name="channels")
    network = models.CharField(max_length=20)
    name = models.CharField(max_length=80, help_text="As staff know it, for example: Council on X.")
    handle = models.CharField(max_length=100, blank=True, help_text="The public account name.")
    account_id = models.CharField(max_length=100)
    profile_url = models.URLField(blank=True)
    server = models.URLField(
        blank=True, help_text="Mastodon and Bluesky: the server on which the account lives."
    )
    rehearsal = models.BooleanField(
        default=True, help_text="A channel in rehearsal posts to the practice networks only."
    )
    paused = models.BooleanField(default=False)
    trouble = models.CharField(max_length=300, blank=True, editable=False)
    # A word of networks.answers.Trouble, or of channel_keys; it says when a check may lift the pause.
    trouble_kind = models.CharField(max_length=20, blank=True, editable=False)
    not_before = models.DateTimeField(null=True, blank=True, editable=False)
    # Posts in a row to which the network gave no answer (`outbox.breaker`).
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    daily_budget = models.PositiveSmallIntegerField(
        "posts a day",
        default=25,
        validators=[MinValueValidator(1)],
        help_text="More than these wait until the next day.",
    )
    budget_day = models.DateField(null=True, blank=True, editable=False)
    budget_used = models.PositiveIntegerField(default=0, editable=False)
    resend_when_absent = models.BooleanField(
        "send once more by itself",
        default=False,
        help_text=(
            "When an answer was lost and three looks over ten minutes do not find the post, it is"
            " sent once more without asking. Without this tick a person decides."
        ),
    )
    sealed_credentials = models.BinaryField(default=b"", editable=False)
    connected_at = models.DateTimeField(null=True, blank=True, editable=False)
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    # In plain words, as the network said at the last check; sign_in_ends: when a person must
    # sign in again.
    rights = models.JSONField(default=list, blank=True, editable=False)
    lacks = models.JSONField(default=list, blank=True, editable=False)
    sign_in_ends = models.DateTimeField(null=True, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    check_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What the last check found wrong, and what to do; "" when all was well.
    check_says = models.CharField(max_length=300, blank=True, editable=False)
    # When the keys end that this site renews by itself; None where they do not, or nobody knows.
    keys_end = models.DateTimeField(null=True, blank=True, editable=False)
    keys_renewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    renew_after = models.DateTimeField(null=True, blank=True, editable=False)
    # While one worker renews the keys or asks about them, no other one does.
    tended_by = models.CharField(max_length=40, blank=True, editable=False)
    tended_until = models.DateTimeField(null=True, blank=True, editable=False)
    # When the network last told of what happens below the channel's posts.
    comments_heard_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What its own server says of posts (`Identity.server_limits`), as at the last check.
    server_limits = models.JSONField(default=dict, blank=True, editable=False)
    # Asked before its first post; policy_answered_by is the person who was signed in.
    policy_answer = models.CharField(
        max_length=10, choices=PolicyAnswer, default=PolicyAnswer.NONE, blank=True, editable=False
    )
    policy_minute = models.CharField(max_length=200, blank=True, editable=False)
    policy_date = models.DateField(null=True, blank=True, editable=False)
    policy_answered_by = models.CharField(max_length=150, blank=True, editable=False)
    policy_answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    recovery_email = models.EmailField(blank=True, editable=False)
    opened_by = models.CharField(max_length=150, blank=True, editable=False)
    # Where replies cannot be closed, its owner accepts that in writing before it posts.
    replies_accepted_by = models.CharField(max_length=150, blank=True, editable=False)
    replies_accepted_words = models.CharField(max_length=300, blank=True, editable=False)
    replies_accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A sign-in that opened another account waits here until a person says which one it is to be.
    sealed_aside = models.BinaryField(default=b"", editable=False)
    aside = models.JSONField(default=dict, blank=True, editable=False)
    aside_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("group__name", "network", "name")
        constraints = [
            models.UniqueConstraint(
                fields=("network", "account_id", "rehearsal"), name="one_channel_per_account"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def seal(self, values: dict[str, str]) -> None:
        """Store credentials, encrypted and bound to this row. The row must be saved before."""
        self.sealed_credentials = credentials.seal(values, owner=self.owner)

    def seal_aside(self, values: dict[str, str]) -> None:
        """Keep another account's credentials, which are not used before a person confirms them."""
        self.sealed_aside = credentials.seal(values, owner=f"{self.owner}:aside")

    def unseal_aside(self) -> dict[str, str]:
        """Raises credentials.CredentialsLost."""
        return credentials.unseal(bytes(self.sealed_aside), owner=f"{self.owner}:aside")

    def unseal(self) -> dict[str, str]:
        """The credentials. Raises credentials.CredentialsLost when they cannot be opened."""
        if not self.needs_credentials:
            return {}
        return credentials.unseal(bytes(self.sealed_credentials), owner=self.owner)

    @classmethod
    def ready(cls, prefix: str = "") -> models.Q:
        """Which channels may post; prefix: how a query gets to the channel, as "channel__".

        `is_ready` says the same of one channel.
        """
        accepted = ~models.Q(**{f"{prefix}network__in": OPEN_NETWORKS}) | ~models.Q(
            **{f"{prefix}replies_accepted_by": ""}
        )
        answered = ~models.Q(**{f"{prefix}policy_answer": PolicyAnswer.NONE})
        return (
            answered & accepted & models.Q(**{f"{prefix}paused": False, f"{prefix}aside_at": None})
        )

    @property
    def is_ready(self) -> bool:
        """May it post?"""
        return not (self.paused or self.to_be_settled)

    @property
    def to_be_settled(self) -> str:
        """What a person must do before it may post, "" for nothing; a pause is something else."""
        if self.aside_at:
            return "someone signed in to another account, and it is not confirmed yet"
        if not self.policy_answer:
            return "the questions about it are not answered yet"
        if self.network in OPEN_NETWORKS and not self.replies_accepted_by:
            return "nobody has accepted yet that its replies cannot be closed"
        return ""

    @property
    def owner(self) -> str:
        """To what its credentials are bound."""
        kind = "rehearsal" if self.rehearsal else "live"
        return f"channel:{self.pk}:{kind}"

    @property
    def limits(self) -> Limits:
        """How a post there may be, by the network's rules and its own server's."""
        return NETWORKS[self.network].limits.at_server(self.server_limits)

    def compose(self, words: str, *, link: str, replies_closed: bool = True) -> Composed:
        """The exact post of these words here, with its group's office contact."""
        contact = self.group.office_contact
        return compose(
            words,
            link=link,
            contact_forms=contact.forms if contact.is_complete else (),
            limits=self.limits,
            replies_closed=replies_closed,
        )

    @property
    def needs_credentials(self) -> bool:
        """A network on which people post by hand has no keys."""
        return bool(NETWORKS[self.network].credential_fields)

    @property
    def has_credentials(self) -> bool:
        """Is everything there that is needed to reach it?"""
        try:
            return bool(self.unseal()) or not self.needs_credentials
        except credentials.CredentialsLost:
            return False
