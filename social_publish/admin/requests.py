"""Requests to the admin, which lets nobody in who is not signed in."""

from django.contrib.auth.models import User
from django.http import HttpRequest


class StaffRequest(HttpRequest):
    """A request whose user is a person with an account."""

    user: User
