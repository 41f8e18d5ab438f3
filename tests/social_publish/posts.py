"""The newest post, its screen, and what a person decides about it there."""

from social_publish.models import Delivery
from tests.council import Council


def delivery() -> Delivery:
    return Delivery.objects.select_related("channel").latest("pk")


def inspect(council: Council, by: str = "moderator") -> str:
    address = f"/admin/social_publish/delivery/inspect/{delivery().pk}/"
    return council.client(by).get(address).content.decode()


def decide(council: Council, what: str, by: str = "moderator", **form: str) -> str:
    address = f"/admin/social/post/{delivery().pk}/{what}/"
    return council.client(by).post(address, form, follow=True).content.decode()
