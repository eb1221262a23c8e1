"""Proofing in a real Chromium: remarks by mouse, touch and keys, on words and pictures; a guest's own browser."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_scopes import scope
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from assets import actions
from assets.models import AssetVersion, Pin
from tests import conftest, factories
from tests.browser.conftest import LOCALES, SIZES
from tests.browser.test_raci import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = os.environ.get("PHAROS_LOOKS")  # a folder for pictures of the pages


def drawn():
    """A key visual with something to point at."""
    image = Image.new("RGB", (1200, 675), (255, 140, 90))
    draw = ImageDraw.Draw(image)
    draw.ellipse((750, 150, 1100, 560), fill=(255, 236, 205))
    draw.rounded_rectangle((840, 120, 1010, 590), 24, fill=(63, 79, 217))
    draw.rounded_rectangle((90, 430, 300, 510), 40, fill=(30, 20, 40))
    draw.rectangle((90, 220, 480, 330), fill=(30, 20, 40))
    out = io.BytesIO()
    image.save(out, "PNG")
    return SimpleUploadedFile("key-visual.png", out.getvalue())


@pytest.fixture
def desk(live_server, browser):
    world = conftest.build()
    with scope(workspace=world.workspace.pk):
        yield Desk(browser, live_server, world)


@pytest.fixture
def picture(desk):
    asset = factories.asset(desk.world.campaign, "Key visual, landscape", "image", maker=desk.world.owner)
    version = actions.add_version(desk.world.actor, asset=asset, upload=drawn())
    version = AssetVersion.objects.select_related("asset", "file", "workspace").get(pk=version.pk)
    actions.check_version(version)
    return version


def remarked(page, text):
    """Write the remark of the draft and wait until it stands in the list."""
    page.locator(".composer textarea").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".remark .what", has_text=text)).to_be_visible()
    expect(page.locator(".pin-mark.draft")).to_have_count(0)


def spot(page, x, y):
    box = page.locator(".proof-stage img").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def close(pin, **place):
    return all(abs(float(getattr(pin, name)) - value) < 0.01 for name, value in place.items())


def clean(page):
    """Nothing serious for axe, nothing that scrolls sideways."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in ("serious", "critical")
    ]
    assert not serious, "\n".join(serious)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def look(page, name):
    if LOOKS:
        page.screenshot(path=str(Path(LOOKS) / f"{name}.png"))


def test_points_and_boxes_by_mouse_and_keys(desk, picture):
    page = desk.open(f"assets/{picture.asset_id}/proof/")
    page.mouse.click(*spot(page, 0.25, 0.4))
    expect(page.locator(".pin-mark.draft")).to_be_visible()
    remarked(page, "The claim is not allowed")
    page.mouse.move(*spot(page, 0.7, 0.2))
    page.mouse.down()
    page.mouse.move(*spot(page, 0.8, 0.5), steps=5)
    page.mouse.move(*spot(page, 0.85, 0.86), steps=5)
    page.mouse.up()
    remarked(page, "Logo is below the safe area")
    page.locator(".proof-stage").focus()
    for key in ("ArrowRight", "Shift+ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    remarked(page, "By keys")
    page.locator(".proof-stage").focus()
    page.keyboard.press("b")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    remarked(page, "A box by keys")
    point, box, keyed, boxed = Pin.objects.order_by("number")
    assert close(point, x=0.25, y=0.4) and point.shape == "point"
    assert close(box, x=0.7, y=0.2, width=0.15, height=0.66) and box.shape == "box"
    assert close(keyed, x=0.51, y=0.59)
    assert close(boxed, x=0.41, y=0.49, width=0.1, height=0.1) and boxed.shape == "box"
    assert page.locator(".pin-mark").count() == 4
    for mark in page.locator(".pin-mark").all():
        number = int(mark.get_attribute("data-number"))
        pin = Pin.objects.get(number=number)
        head = mark.bounding_box()
        x, y = spot(page, float(pin.x), float(pin.y))
        inside = head["x"] < x < head["x"] + head["width"] and head["y"] < y < head["y"] + head["height"]
        assert not inside, f"the head of {number} covers what it points at"
    page.locator("#pin-2").get_by_role("button", name="Settled").click()
    expect(page.locator("#pin-2.done")).to_be_visible()
    assert Pin.objects.get(number=2).resolved_by == desk.world.owner
    page.locator("#pin-1 summary").click()
    page.locator("#pin-1 textarea").fill("Changed in the next version")
    page.locator("#pin-1 .answer button").click()
    expect(page.locator("#pin-1 .thread")).to_contain_text("Changed in the next version")
    clean(page)
    look(page, "proof-1440-light-en")
    page.goto(f"{desk.world.c}/assets/{picture.asset_id}/proof/?version=1#pin-3")
    expect(page.locator(".remark.on")).to_have_id("pin-3")
    dark = desk.open(f"assets/{picture.asset_id}/proof/", theme="dark", language="zh-hans")
    dark.locator(".pin-mark").first.wait_for()
    look(dark, "proof-1440-dark-zh")


def test_escape_takes_a_draft_back_and_an_input_method_sends_nothing(desk, picture):
    page = desk.open(f"assets/{picture.asset_id}/proof/")
    page.mouse.click(*spot(page, 0.5, 0.5))
    page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", ctrlKey: true, isComposing: true, bubbles: true, cancelable: true}))"""
    )
    page.keyboard.type("half a word")
    page.keyboard.press("Escape")
    expect(page.locator(".pin-mark.draft")).to_have_count(0)
    assert page.locator("[name=shape]").input_value() == "whole"
    assert not Pin.objects.exists()


def test_a_finger_taps_and_holds(desk, picture):
    page = desk.open(f"assets/{picture.asset_id}/proof/", width=390)
    page.locator(".proof-stage").scroll_into_view_if_needed()
    page.touchscreen.tap(*spot(page, 0.3, 0.3))
    remarked(page, "Tapped")
    page.locator(".proof-stage").scroll_into_view_if_needed()
    touch = page.context.new_cdp_session(page)

    def finger(kind, x=None, y=None):
        points = [] if x is None else [dict(zip("xy", spot(page, x, y), strict=True))]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", 0.2, 0.2)
    page.wait_for_timeout(450)
    for at in (0.3, 0.45, 0.6):
        finger("touchMove", at, at)
    finger("touchEnd")
    expect(page.locator(".pin-mark.draft")).to_be_visible()
    look(page, "proof-390-sheet")
    remarked(page, "Held and dragged")
    tapped, held = Pin.objects.order_by("number")
    assert close(tapped, x=0.3, y=0.3) and tapped.shape == "point"
    assert close(held, x=0.2, y=0.2, width=0.4, height=0.4) and held.shape == "box"
    clean(page)
    look(page, "proof-390-light-en")


def test_words_are_selected_by_mouse_and_by_keys(desk):
    text = "Warm all winter 🧣 long.\nFrom 99 yuan, only now."
    asset = factories.asset(desk.world.campaign, "Headline", maker=desk.world.owner)
    actions.add_version(desk.world.actor, asset=asset, text=text)
    page = desk.open(f"assets/{asset.pk}/proof/")
    start = text.index("99")
    page.evaluate(
        """from => { const node = document.querySelector(".paper .words").firstChild;
        const range = document.createRange();
        range.setStart(node, from); range.setEnd(node, from + 7); getSelection().removeAllRanges();
        getSelection().addRange(range); }""",
        start + 1,  # the picture of a scarf is two units long in the browser
    )
    page.locator(".words-add").click()
    remarked(page, "Say from when")
    page.locator(".proof-stage").focus()
    page.keyboard.press("b")
    for _letter in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    remarked(page, "Cosy?")
    assert list(Pin.objects.order_by("number").values_list("quote", flat=True)) == ["99 yuan", "Warm"]
    clean(page)
    look(page, "proof-text")


def test_a_guest_in_their_own_browser(desk, picture):
    until = timezone.now() + timedelta(days=3)
    link, token = actions.make_link(
        desk.world.actor, asset=picture.asset, name="Client", expires_at=until, password="lighthouse"
    )
    for width, theme, language in ((1440, "light", "en"), (390, "dark", "zh-hans")):
        context = desk.chromium.new_context(
            viewport=SIZES[width], color_scheme=theme, locale=LOCALES[language], base_url=desk.live_server.url
        )
        page = context.new_page()
        page.goto(f"/g/{token}/")
        assert "Key visual" not in page.content()
        page.fill("[name=password]", "wrong-one")
        page.click("main .btn.pri")
        expect(page.locator(".errorlist")).to_be_visible()
        page.fill("[name=password]", "lighthouse")
        page.click("main .btn.pri")
        expect(page.locator(".proof-stage img")).to_be_visible()
        page.mouse.click(*spot(page, 0.6, 0.5))
        page.locator(".composer [name=guest_name]").fill("Carla")
        remarked(page, f"Bigger bottle, please ({width})")
        clean(page)
        look(page, f"guest-{width}-{theme}")
        page.locator("[name=opinion][value=changes]").click()
        expect(page.locator(".remark")).to_have_count(2 * (1 if width == 1440 else 2))
        context.close()
    said = Pin.objects.filter(guest=link).order_by("number")
    assert [pin.is_blocking for pin in said] == [False, True] * 2
    assert {pin.guest_name for pin in said} == {"Carla"}
    inside = desk.open(f"assets/{picture.asset_id}/proof/")
    expect(inside.locator(".remark", has_text="Bigger bottle, please (390)")).to_contain_text("Guest")
    actions.revoke_link(desk.world.actor, link=link)
    gone = desk.chromium.new_page()
    assert gone.goto(f"{desk.live_server.url}/g/{token}/").status == 404


def test_two_versions_through_each_other(desk, picture):
    newer = actions.add_version(desk.world.actor, asset=picture.asset, upload=drawn_again())
    newer = AssetVersion.objects.select_related("asset", "file", "workspace").get(pk=newer.pk)
    actions.check_version(newer)
    actions.add_pin(desk.world.actor, version=picture, shape="whole", text="Darker background")
    page = desk.open(f"assets/{picture.asset_id}/compare/")
    expect(page.locator(".sides img")).to_have_count(2)
    page.get_by_role("button", name="Slider").click()
    page.locator(".split").fill("30")
    later = page.locator(".sides img").nth(1)
    assert later.evaluate("el => getComputedStyle(el).clipPath") == "inset(0px 0px 0px 70%)"
    look(page, "compare-slider")
    clean(page)
    page.get_by_role("button", name="Addressed").click()
    expect(page.locator("#addressed")).to_contain_text("None is open.")


def drawn_again():
    out = io.BytesIO()
    image = Image.open(drawn()).convert("RGB")
    image.paste((20, 30, 60), (0, 0, 600, 200))
    image.save(out, "PNG")
    return SimpleUploadedFile("key-visual-2.png", out.getvalue())
