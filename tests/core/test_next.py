"""Where a form asks to go next: to a page of ours, else where the act itself leads; a word that is no address hurts
nobody."""

import pytest
from django.urls import reverse

from accounts.models import SavedView
from tests import factories

NO_PAGE = ["zzz", "accounts:start", "//evil.example/", "/" + "x" * 20_000, "javascript:x", "\\evil"]


@pytest.fixture
def acts(world):
    """(address, what is typed) of every act that heeds `next`."""
    task = factories.task(world.campaign)
    view = SavedView.objects.create(
        workspace=world.workspace, user=world.owner, page="campaigns:list", name="Mine", query=""
    )
    return [
        (reverse("set_language"), {"language": "en"}),
        (f"{world.c}/notes/", {"text": "Sale", "kind": "note", "start_date": "2026-11-05"}),
        (f"{world.w}/saved-views/{view.pk}/delete/", {}),
        (f"{world.c}/tasks/{task.pk}/move/", {"state": "done"}),
    ]


@pytest.mark.parametrize("asked", NO_PAGE)
def test_a_word_that_is_no_page_is_passed_over(acts, owner, asked):
    for address, typed in acts:
        answer = owner.post(address, {**typed, "next": asked})
        assert answer.status_code == 302 and asked not in answer["Location"], address


def test_a_page_of_ours_is_gone_to(world, acts, owner):
    for address, typed in acts:
        assert owner.post(address, {**typed, "next": f"{world.w}/activity/"})["Location"] == f"{world.w}/activity/"
