"""Residents' pages may stand in no frame; a draft may stand in the review screen's."""

import pytest
from django.urls import reverse

from tests.council import Council

pytestmark = pytest.mark.django_db


def test_a_draft_may_be_framed_by_the_admin_and_a_page_by_nobody(council: Council) -> None:
    page = council.write()
    client = council.client("moderator")
    draft = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert "Late opening" in draft.content.decode()
    assert draft["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in draft["Content-Security-Policy"]
    public = client.get("/news/")
    assert public["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in public["Content-Security-Policy"]


def test_staff_get_no_script_on_residents_pages_and_wagtails_checks_in_the_preview(
    council: Council,
) -> None:
    page = council.write()
    council.approve(page)
    client = council.client("editor")
    shown = client.get("/news/late-opening/").content.decode()
    # Facts for search engines are no program.
    assert "<script" not in shown.replace('<script type="application/ld+json">', "")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    client.post(address, council.form())
    panel = client.get(address, {"in_preview_panel": "true"}).content.decode()
    assert "wagtail-userbar" in panel
