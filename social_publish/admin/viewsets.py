"""Wagtail's own screens for office contacts, channel groups and suggestions."""

from typing import Any, ClassVar

from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.views.generic import CreateView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from social_publish.council import make_group
from social_publish.models import ChannelGroup, OfficeContact, Suggestion


class OfficeContactViewSet(ModelViewSet):
    model = OfficeContact
    icon = "mail"
    menu_label = "Office contacts"
    list_display = ("name", "phone", "email")
    # Panels tie an error to its field, which a plain list of fields does not.
    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("phone"),
        FieldPanel("email"),
        FieldPanel("web_address"),
        FieldPanel("opening_hours"),
    ]
    inspect_view_enabled = False
    copy_view_enabled = False


class CreateGroup(CreateView):
    """A new group needs a section, and people who may write and approve there."""

    def save_instance(self) -> ChannelGroup:
        group: ChannelGroup = super().save_instance()
        return make_group(
            name=group.name, section=group.section, office_contact=group.office_contact
        )


class ChannelGroupViewSet(ModelViewSet):
    model = ChannelGroup
    icon = "group"
    menu_label = "Channel groups"
    list_display = ("name", "section", "office_contact")
    panels: ClassVar[list[Any]] = [FieldPanel("name"), FieldPanel("office_contact")]
    add_view_class = CreateGroup
    copy_view_enabled = False

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        # Its section is chosen once: approved posts and people's rights hang on it.
        both = MultiFieldPanel([*self.panels, FieldPanel("section")]).bind_to_model(self.model)
        form_class = both.get_form_class()
        added: dict[str, Any] = super().get_add_view_kwargs(**kwargs)
        return added | {"panel": both, "form_class": form_class}


class CreateSuggestion(CreateView):
    def save_instance(self) -> Suggestion:
        self.form.instance.suggested_by = self.request.user
        suggestion: Suggestion = super().save_instance()
        return suggestion


class SuggestionViewSet(ModelViewSet):
    """Councillors suggest; editors and moderators see and tick what they dealt with."""

    model = Suggestion
    icon = "pick"
    menu_label = "Suggestions"
    menu_order = 260
    add_to_admin_menu = True
    add_view_class = CreateSuggestion
    list_display = ("title", "suggested_by", "suggested_at", "handled")
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = [
        FieldPanel("title"),
        FieldPanel("words"),
        FieldPanel("handled"),
    ]


class OfficeGroup(ModelViewSetGroup):
    menu_label = "Offices"
    menu_icon = "mail"
    menu_order = 255
    items = (OfficeContactViewSet, ChannelGroupViewSet)
