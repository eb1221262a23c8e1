"""What a phone shows and takes that a desk has room for."""

from datetime import date

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

W = "/w/petrel"
C = f"{W}/c/WINTER-{date.today().year}"


@pytest.mark.parametrize(("language", "word"), [("en", "+ Assignees"), ("zh-hans", "+ 负责人")])
def test_a_task_without_people_is_given_one_by_a_tap(language, word, window, signed_in):
    page = window(width=390, language=language, state=signed_in())
    page.goto(f"{C}/tasks/")
    empty = page.locator('tr:not([hidden]) > [data-f=assignees][data-v=""]').first
    expect(empty).to_be_visible()
    task = empty.locator("xpath=..").get_attribute("data-id")
    said = empty.evaluate("cell => getComputedStyle(cell, '::after').content")
    assert said.replace('"', "") == word
    empty.click()
    choice = page.locator(".people-pick input").first
    expect(choice).to_be_in_viewport()
    choice.check()
    page.locator(".people-pick .btn").click()
    cell = page.locator(f'tr[data-id="{task}"] > [data-f=assignees]')
    expect(cell).not_to_have_attribute("data-v", "")
    expect(cell).to_be_visible()


def test_milestones_of_the_cockpit_have_their_names(window, signed_in):
    page = window(width=390, state=signed_in())
    page.goto(f"{C}/")
    names = page.locator(".marks-list > li > span")
    marks = page.locator(".strip .ms")
    assert names.count() == marks.count() > 0
    for name in names.all():
        expect(name).to_be_visible()
        assert name.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 12
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("path", [f"{C}/placements/", f"{C}/assets/", f"{C}/assets/schedule/", f"{W}/data/unassigned/"])
def test_the_boxes_of_a_list_are_reached_by_a_finger(path, window, signed_in):
    page = window(width=390, state=signed_in())
    page.goto(path)
    page.wait_for_load_state("networkidle")
    cells = page.locator("main tbody td.pick")
    assert cells.count() > 1
    for cell in (cells.first, cells.last):
        box, room = cell.locator("input"), cell.bounding_box()
        assert min(room["width"], room["height"]) >= 44
        box.check()
        cell.click(position={"x": 3, "y": 3})  # beside the box
        expect(box).not_to_be_checked()
