"""Setting up who may do what: the roles of a council and of each of its channel groups.

Every function may be run again; it adds what is missing and takes nothing of the council's away.
"""

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from social_publish.models import AnnouncementApprovalTask, ChannelGroup, OfficeContact

WEBMASTERS, CLERK, COUNCILLORS = "Webmasters", "Clerk", "Councillors"

SEE_POSTS = ("view_delivery", "view_channel")
# Kept by the residents' pages, which this room does not import; a right that is not there is left out.
ALERTS = ("add_alert", "change_alert", "delete_alert")
MESSAGES = ("view_residentmessage", "change_residentmessage", "delete_residentmessage")
REGISTERS = ("add_committee", "change_committee", "add_partner", "change_partner")
CHECK_ACCOUNTS = ("tick_security", "view_securitytick")
SITE_WIDE = {
    WEBMASTERS: (
        "change_officecontact",
        "view_officecontact",
        "add_channel",
        "change_channel",
        "change_channelgroup",
        "view_channelgroup",
        "view_suggestion",
        "change_sitedetails",
        "add_redirect",
        "change_redirect",
        "delete_redirect",
        "add_site",
        "change_site",
        "stop_everything",
        *ALERTS,
        *MESSAGES,
        *REGISTERS,
        *CHECK_ACCOUNTS,
        *SEE_POSTS,
    ),
    CLERK: (
        *CHECK_ACCOUNTS,
        "view_removed_text",
        "view_suggestion",
        "view_officecontact",
        "stop_everything",
        "add_channel",
        *ALERTS,
        *MESSAGES,
        *SEE_POSTS,
    ),
    COUNCILLORS: ("add_suggestion", "view_suggestion"),
}
MODERATOR = (
    "decide_delivery",
    "stop_everything",
    "change_channel",
    "view_suggestion",
    "change_suggestion",
    *ALERTS,
    *MESSAGES,
    *CHECK_ACCOUNTS,
    *SEE_POSTS,
)
EDITOR = ("view_suggestion", "change_suggestion", *SEE_POSTS)


def make_roles() -> None:
    """The roles of the whole council; Wagtail's own groups and gate lose their rights."""
    _retire_wagtail_groups()
    for name, codenames in SITE_WIDE.items():
        group, _ = Group.objects.get_or_create(name=name)
        _grant(group, "access_admin", *codenames)
    webmasters = Group.objects.get(name=WEBMASTERS)
    root = Page.objects.get(depth=1)
    _grant_on_page(webmasters, root, "add", "change", "publish", "bulk_delete", "lock", "unlock")
    _grant_files(webmasters)


def _retire_wagtail_groups() -> None:
    """The groups that Wagtail makes may publish everywhere; ours replace them."""
    for group in Group.objects.filter(name__in=("Editors", "Moderators")):
        GroupPagePermission.objects.filter(group=group, page__depth=1).delete()
        if not group.user_set.exists():
            group.delete()
    WorkflowPage.objects.filter(page__depth=1, workflow__name="Moderators approval").delete()


def make_group(*, name: str, section: Page, office_contact: OfficeContact) -> ChannelGroup:
    """A channel group on a section, with its moderators, its editors and its approval workflow."""
    moderators, _ = Group.objects.get_or_create(name=f"{name} moderators")
    editors, _ = Group.objects.get_or_create(name=f"{name} editors")
    _grant(moderators, "access_admin", *MODERATOR)
    _grant(editors, "access_admin", *EDITOR)
    for group in (moderators, editors):
        _grant_on_page(group, section, "add", "change")
        _grant_files(group)
    channel_group, _ = ChannelGroup.objects.get_or_create(
        name=name,
        defaults={"section": Page.objects.get(pk=section.pk), "office_contact": office_contact},
    )
    channel_group.officers.add(moderators, Group.objects.get(name=WEBMASTERS))
    _make_workflow(name, section, moderators)
    return channel_group


def _make_workflow(name: str, section: Page, moderators: Group) -> None:
    task, _ = AnnouncementApprovalTask.objects.get_or_create(name=f"{name}: page and posts")
    task.groups.add(moderators)
    workflow, _ = Workflow.objects.get_or_create(name=f"{name} approval")
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.get_or_create(
        page=Page.objects.get(pk=section.pk), defaults={"workflow": workflow}
    )


def _grant(group: Group, *codenames: str) -> None:
    apps = ("wagtailadmin", "wagtailcore", "social_publish", "home", "news", "wagtailredirects")
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label__in=apps, codename__in=codenames)
    )


def _grant_on_page(group: Group, page: Page, *actions: str) -> None:
    for action in actions:
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=f"{action}_page"
        )
        GroupPagePermission.objects.get_or_create(
            group=group, page=Page.objects.get(pk=page.pk), permission=permission
        )


def _grant_files(group: Group) -> None:
    """Everyone who writes may upload and choose pictures and documents."""
    root = Collection.get_first_root_node()
    codenames = ("add_image", "choose_image", "change_image", "add_document", "choose_document")
    for permission in Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=codenames
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=permission
        )
