"""The short links that stand in posts, and where Facebook tells of comments."""

from django.urls import path

from social_publish.links import follow_link, post_picture
from social_publish.webhooks import facebook_comments

urlpatterns = [
    path("facebook/comments", facebook_comments, name="facebook_comments"),
    path("<slug:token>/picture.jpg", post_picture, name="post_picture"),
    path("<slug:token>/", follow_link),
    path("<slug:token>", follow_link, name="short_link"),
]
