"""The networks we can post to. A new one is one file and one line here."""

from social_publish.networks.base import Network
from social_publish.networks.bluesky import Bluesky
from social_publish.networks.by_hand import ByHand
from social_publish.networks.facebook import Facebook
from social_publish.networks.gotosocial import GoToSocial
from social_publish.networks.instagram import Instagram
from social_publish.networks.linkedin import LinkedIn
from social_publish.networks.mastodon import Mastodon
from social_publish.networks.threads import Threads
from social_publish.networks.tiktok import TikTok
from social_publish.networks.x import X

NETWORKS: dict[str, Network] = {
    "x": X(),
    "facebook": Facebook(),
    "linkedin": LinkedIn(),
    "tiktok": TikTok(),
    "by_hand": ByHand(),
    "instagram": Instagram(),
    "threads": Threads(),
    "bluesky": Bluesky(),
    "mastodon": Mastodon(),
    "gotosocial": GoToSocial(),
}
