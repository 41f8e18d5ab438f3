"""The names that the networks publish: X's schema (docs.x.com, openapi.json 2.167) and Graph's
field lists (v25.0). A name that is not here is refused, as the real network would."""

import re


def _names(words: str) -> set[str]:
    return set(words.split())


# --- X ---------------------------------------------------------------------------------

X_REPLY_SETTINGS = {"following", "mentionedUsers", "subscribers", "verified"}
# CreatePostsRequest, its `media`, and the two media requests; none allows other fields.
X_POST = _names(
    "card_uri community_id direct_message_deep_link edit_options for_super_followers_only geo"
    " made_with_ai media nullcast paid_partnership poll quote_tweet_id reply reply_settings"
    " share_with_followers text"
)
X_POST_MEDIA = {"media_ids", "tagged_user_ids"}
X_UPLOAD = {"media", "media_category", "media_type", "shared", "additional_owners"}
X_DESCRIBE = {"id", "metadata"}
X_METADATA = _names(
    "allow_download_status alt_text audience_policy content_expiration domain_restrictions"
    " found_media_origin geo_restrictions management_info preview_image sensitive_media_warning"
    " shared_info sticker_info upload_source"
)
X_ALT_TEXT = {"text"}

_X_FIELDS = {
    "tweet.fields": _names(
        "article attachments author_id card_uri community_id context_annotations conversation_id"
        " created_at display_text_range edit_controls edit_history_tweet_ids entities geo id"
        " in_reply_to_user_id lang media_metadata non_public_metrics note_tweet organic_metrics"
        " possibly_sensitive promoted_metrics public_metrics referenced_tweets reply_settings"
        " scopes source suggested_source_links suggested_source_links_with_counts text"
        " withheld"
    ),
    "user.fields": _names(
        "affiliation confirmed_email connection_status created_at description entities id"
        " is_identity_verified location most_recent_tweet_id name parody pinned_tweet_id"
        " profile_banner_url profile_image_url protected public_metrics receives_your_dm"
        " subscription subscription_type url username verified verified_followers_count"
        " verified_type withheld"
    ),
    "media.fields": _names(
        "alt_text duration_ms height media_key non_public_metrics organic_metrics"
        " preview_image_url promoted_metrics public_metrics type url variants width"
    ),
    "poll.fields": {"duration_minutes", "end_datetime", "id", "options", "voting_status"},
    "place.fields": _names(
        "contained_within country country_code full_name geo id name place_type"
    ),
    "expansions": _names(
        "article.cover_media article.media_entities attachments.media_keys"
        " attachments.media_source_tweet attachments.poll_ids author_id edit_history_tweet_ids"
        " entities.mentions.username entities.note.mentions.username geo.place_id"
        " in_reply_to_user_id referenced_tweets.id referenced_tweets.id.attachments.media_keys"
        " referenced_tweets.id.author_id"
    ),
}
_X_PATTERNS = {
    "max_results": r"\d{1,3}",
    "start_time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "end_time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "since_id": r"\d{1,19}",
    "until_id": r"\d{1,19}",
    "pagination_token": r"\S+",
    "exclude": r"(replies|retweets)(,(replies|retweets))?",
    "query": r".{1,512}",
    "next_token": r"\S+",
    "sort_order": r"recency|relevancy",
}
X_ME = {"tweet.fields", "user.fields", "expansions"}
X_READ = {*_X_FIELDS}
X_TIMELINE = {*_X_FIELDS, *_X_PATTERNS} - {"query", "next_token", "sort_order"}
X_SEARCH = {*_X_FIELDS, *_X_PATTERNS} - {"exclude"}


def fault_in_x_query(query: dict[str, str], known: set[str]) -> str:
    """What X would not take in the query of a request, or "". known: the parameters it has."""
    for name, value in query.items():
        if name not in known:
            return f"The query parameter [{name}] is not one of [{','.join(sorted(known))}]."
        if name in _X_PATTERNS and not re.fullmatch(_X_PATTERNS[name], value):
            return f"The `{name}` query parameter value [{value}] is not valid."
        wrong = set(value.split(",")) - _X_FIELDS.get(name, set())
        if name in _X_FIELDS and wrong:
            return f"The `{name}` query parameter value [{min(wrong)}] is not one it can have."
    return ""


# --- Graph -----------------------------------------------------------------------------

GRAPH_FIELDS = {
    "PagePost": _names(
        "actions admin_creator allowed_advertising_objectives application backdated_time"
        " call_to_action can_reply_privately child_attachments comments_mirroring_domain"
        " coordinates created_time event expanded_height expanded_width feed_targeting from"
        " full_picture height icon id instagram_eligibility is_app_share"
        " is_eligible_for_promotion is_expired is_hidden is_instagram_eligible is_popular"
        " is_published is_spherical message message_tags multi_share_end_card"
        " multi_share_optimized parent_id permalink_url picture place privacy promotable_id"
        " promotion_status properties scheduled_publish_time shares status_type story story_tags"
        " subscribed target targeting timeline_visibility updated_time via"
        " video_buying_eligibility width"
    ),
    "Comment": _names(
        "admin_creator application attachment can_comment can_hide can_like can_remove"
        " can_reply_privately comment_count created_time from id is_hidden is_private like_count"
        " live_broadcast_timestamp message message_tags object parent permalink_url"
        " private_reply_conversation user_likes"
    ),
    "Photo": _names(
        "album alt_text alt_text_custom backdated_time backdated_time_granularity can_backdate"
        " can_delete can_tag created_time event from height icon id images link name name_tags"
        " page_story_id picture place position source target updated_time webp_images"
        " width"
    ),
    "IGMedia": _names(
        "alt_text boost_eligibility_info caption comments_count copyright_check_information id"
        " ig_id is_comment_enabled is_shared_to_feed like_count media_product_type media_type"
        " media_url owner permalink shortcode thumbnail_url timestamp username"
    ),
    "IGComment": _names(
        "from hidden id like_count media parent_id replies text timestamp user username"
    ),
    # Threads' reference, April 2026.
    "ThreadsMedia": _names(
        "alt_text children gif_url has_replies hide_status id is_quote_post is_reply"
        " is_reply_owned_by_me is_spoiler_media link_attachment_url location_id"
        " media_product_type media_type media_url owner permalink poll_attachment quoted_post"
        " replied_to reply_audience reposted_post root_post shortcode text text_attachment"
        " text_entities thumbnail_url timestamp topic_tag username"
    ),
    "ThreadsUser": _names(
        "id is_verified name threads_biography threads_profile_picture_url username"
    ),
    "ThreadsContainer": _names("error_message id status"),
    "IGContainer": _names("copyright_check_status id status status_code"),
    # Of the 150 fields of a Page, those that say whose it is and how to reach it.
    "Page": _names(
        "about access_token bio business category category_list contact_address cover description"
        " emails fan_count followers_count hours id instagram_business_account is_published"
        " is_verified link location name phone picture single_line_address username"
        " verification_status website"
    ),
}
# The parameters of Page/feed and Page/photos that a text, a link or one picture can need.
GRAPH_FEED = {"message", "link", "attached_media"}
GRAPH_PHOTO = {"alt_text_custom", "caption", "message", "published"}
# The parameters of IGUser/media that a post of one picture can need. Closing its comments is none.
INSTAGRAM_MEDIA = {"alt_text", "caption", "image_url"}
# The parameters of a Threads post of words or one picture.
THREADS_POST = _names(
    "alt_text enable_reply_approvals image_url media_type reply_control text topic_tag"
)
THREADS_AUDIENCES = _names(
    "accounts_you_follow everyone followers_only mentioned_only parent_post_author_only"
)


def fault_in_graph_fields(fields: str, kind: str) -> str:
    """What Graph would say of a `fields` parameter for an object of this kind, or ""."""
    for name in graph_names(fields):
        if name not in GRAPH_FIELDS[kind]:
            return f"Tried accessing nonexisting field ({name}) on node type ({kind})"
    return ""


def graph_names(fields: str) -> list[str]:
    """The names of the outermost fields: "id,from{name}" asks for id and from."""
    while (bare := re.sub(r"\{[^{}]*\}|\([^()]*\)", "", fields)) != fields:
        fields = bare
    return [name.split(".")[0].strip() for name in fields.split(",") if name.strip()]
