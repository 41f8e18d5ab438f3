"""The panel with which an editor announces a page."""

from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel

announcement_panels: list[Panel] = [
    MultiFieldPanel(
        [
            FieldPanel("announce"),
            FieldPanel("announce_again"),
            FieldPanel("summary"),
            FieldPanel("channel_words"),
        ],
        heading="Social channels",
        icon="comment",
    ),
    MultiFieldPanel(
        [
            FieldPanel("replies_opinion"),
            FieldPanel("replies_reason"),
            FieldPanel("replies_watcher"),
            FieldPanel("replies_until"),
        ],
        heading="Open replies",
        icon="group",
        classname="collapsed",
        help_text=(
            "Replies are closed unless you open them. To open them, tick “Let people reply” at the"
            " channel above and fill in all of this. The moderator decides."
        ),
    ),
]
