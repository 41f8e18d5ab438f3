"""What is remembered. Django finds every model of the app here."""

from social_publish.models.announceable import (
    PREVIEW_TOKEN,
    AnnounceablePage,
    DraftPost,
    PostPicture,
    short_link,
)
from social_publish.models.announcements import (
    Announcement,
    Delivery,
    DeliveryEvent,
    HoldReason,
    State,
    Wanted,
    new_token,
)
from social_publish.models.channels import OPEN_NETWORKS, Channel, PolicyAnswer
from social_publish.models.groups import ChannelGroup, OfficeContact
from social_publish.models.opening import end_of, possible_watchers
from social_publish.models.permissions import AnnounceableSection
from social_publish.models.replies import OpenReplies
from social_publish.models.security import SecurityTick
from social_publish.models.stop import EmergencyStop
from social_publish.models.suggestions import Suggestion
from social_publish.models.trials import TrialPost
from social_publish.models.troubles import Trouble
from social_publish.models.worker import WorkerSign
from social_publish.models.workflow import AnnouncementApprovalTask

__all__ = [
    "OPEN_NETWORKS",
    "PREVIEW_TOKEN",
    "AnnounceablePage",
    "AnnounceableSection",
    "Announcement",
    "AnnouncementApprovalTask",
    "Channel",
    "ChannelGroup",
    "Delivery",
    "DeliveryEvent",
    "DraftPost",
    "EmergencyStop",
    "HoldReason",
    "OfficeContact",
    "OpenReplies",
    "PolicyAnswer",
    "PostPicture",
    "SecurityTick",
    "State",
    "Suggestion",
    "TrialPost",
    "Trouble",
    "Wanted",
    "WorkerSign",
    "end_of",
    "new_token",
    "possible_watchers",
    "short_link",
]
