"""Who may publish what is announced: nobody by a button of their own.

Wagtail's page permissions flow down the tree, so a webmaster who may publish the site would
also publish its news. These testers take that right away where approval is the only door.
"""

from django.contrib.auth.models import User
from wagtail.models import Page, PagePermissionTester

from social_publish.models.groups import ChannelGroup


class GatedPermissions(PagePermissionTester):
    """For a page that announces itself: only approval publishes it (or a superuser, posting nothing)."""

    def __init__(self, user: User, page: Page) -> None:
        super().__init__(user, page)
        # Outside every channel group nothing can be posted, and no approval is there to ask.
        gated = not page.path or ChannelGroup.for_page(page)
        if gated and user.is_active and not user.is_superuser:
            self.permissions.discard("publish")


class SectionPermissions(PagePermissionTester):
    """For the page above such pages: it can be published itself, its new pages cannot."""

    def can_publish_subpage(self) -> bool:
        if self.user.is_superuser or ChannelGroup.for_page(self.page):
            return bool(self.user.is_superuser)
        return bool(super().can_publish_subpage())


class AnnounceableSection:
    """Mixin for the page type whose children announce themselves."""

    def permissions_for_user(self, user: User) -> PagePermissionTester:
        return SectionPermissions(user, self)
