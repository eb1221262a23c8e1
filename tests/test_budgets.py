"""The query budget itself: more than allowed fails, an unknown name fails, updating writes what was counted."""

import json

import pytest

from tests.budgets import check_budget, write_budget


@pytest.fixture
def file(tmp_path):
    """A budget file that allows two queries to one page."""
    path = tmp_path / "budgets.json"
    path.write_text('{"campaigns:detail": 2}')
    return path


def test_within_the_budget(file):
    check_budget("campaigns:detail", ["SELECT 1", "SELECT 2"], file)


def test_one_query_too_many_fails_and_lists_them(file):
    with pytest.raises(pytest.fail.Exception, match=r"3 queries, at most 2 allowed\n  1 SELECT 1\n"):
        check_budget("campaigns:detail", ["SELECT 1", "SELECT 2", "SELECT 3"], file)


def test_a_page_without_a_budget_fails(file):
    with pytest.raises(pytest.fail.Exception, match="tasks:list has no query budget: it asks 1 now"):
        check_budget("tasks:list", ["SELECT 1"], file)


def test_an_update_keeps_the_other_budgets(file):
    write_budget("tasks:list", 4, file)
    assert json.loads(file.read_text()) == {"campaigns:detail": 2, "tasks:list": 4}


def test_the_fixture_counts_what_the_database_is_asked(assert_budget, django_user_model, monkeypatch, file):
    monkeypatch.delenv("PHAROS_UPDATE_BUDGETS", raising=False)
    monkeypatch.setattr(check_budget, "__defaults__", (file,))
    with assert_budget("campaigns:detail"):
        django_user_model.objects.count()
    with pytest.raises(pytest.fail.Exception, match="3 queries"), assert_budget("campaigns:detail"):
        for _ in range(3):
            django_user_model.objects.count()
