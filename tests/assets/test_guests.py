"""Links for guests: made through page and REST; what they open, to whom, for how long; and what they never open."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from assets import actions
from assets.models import AssetVersion, GuestLink, Pin, PinReply, Rendition
from core.logs import LineFormatter
from core.models import Activity, AuditEvent
from tests import factories
from tests.assets.conftest import BOTH, picture
from tests.assets.test_pins import drawn, pinned
from tests.test_matrix import plain

pytestmark = pytest.mark.usefixtures("probed_once")

PASSWORD = "lighthouse"
SEALS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}


@pytest.fixture
def version(world, image):
    return drawn(world, image)


@pytest.fixture
def guest():
    cache.clear()
    return Client(enforce_csrf_checks=False)


def invited(world, asset, **given):
    """(link, address) of a new link."""
    given = {"name": "Client", "expires_at": timezone.now() + timedelta(days=3), **given}
    link, token = actions.make_link(world.actor, asset=asset, **given)
    return link, f"/g/{token}/"


def addresses(address, version):
    """Every address below a link that names a thing of the version."""
    small = Rendition.objects.filter(version=version, kind="preview").first()
    return [address, f"{address}pictures/{small.pk}/", f"{address}file/{version.pk}/"]


@BOTH
def test_a_link_is_made_shown_once_and_revoked(door, world, owner, api, guest, version):
    page = f"{world.c}/assets/{version.asset_id}/guests/"
    if door == "page":
        made = owner.post(page, {"name": "Client", "days": "7", "may_comment": "on"})
        address = made.context["secret"]
        assert made.status_code == 200 and address in made.content.decode() and "no-store" in made["Cache-Control"]
    else:
        until = (timezone.now() + timedelta(days=7)).isoformat()
        made = api.post("guest-links/", {"asset": str(version.asset_id), "name": "Client", "expires_at": until})
        address = made.json()["address"]
        assert made.status_code == 201 and made["Cache-Control"] == "no-store"
    link, path = GuestLink.objects.get(), address.removeprefix(settings.BASE_URL)
    assert guest.get(path).status_code == 200
    token = path.strip("/").partition("/")[2]
    assert token not in owner.get(page).content.decode()
    assert token not in owner.get("/api/v1/guest-links/").content.decode()
    if door == "page":
        assert owner.post(f"{world.c}/assets/guests/{link.pk}/revoke/").status_code == 302
    else:
        assert api.post(f"guest-links/{link.pk}/revoke/").status_code == 200
    assert guest.get(path).status_code == 404
    verbs = Activity.objects.filter(verb__startswith="assets.guest").order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["assets.guest_link_made", "assets.guest_came", "assets.guest_link_revoked"]


@BOTH
@pytest.mark.parametrize("given", [{"name": " "}, {"password": "short"}, {"days": 400}])
def test_a_link_that_may_not_be(door, world, owner, api, version, given):
    given = {"name": "Client", "days": 7, **given}
    if door == "page":
        assert owner.post(f"{world.c}/assets/{version.asset_id}/guests/", given).status_code == 422
    else:
        given["expires_at"] = (timezone.now() + timedelta(days=given.pop("days"))).isoformat()
        assert api.post("guest-links/", {"asset": str(version.asset_id), **given}).status_code == 400
    assert not GuestLink.objects.exists()


@BOTH
def test_a_version_of_another_asset_is_not_shown(door, world, owner, api, version, copy):
    words = actions.add_version(world.actor, asset=copy, text="Warm")
    if door == "page":
        given = {"name": "Client", "days": "7", "version": str(words.pk)}
        assert owner.post(f"{world.c}/assets/{version.asset_id}/guests/", given).status_code == 422
    else:
        until = (timezone.now() + timedelta(days=7)).isoformat()
        body = {"asset": str(version.asset_id), "name": "Client", "expires_at": until, "version": str(words.pk)}
        assert api.post("guest-links/", body).status_code == 400


def test_members_who_neither_plan_nor_make_invite_nobody(world, api, version):
    for role in ("viewer", "approver"):
        client = world.client(factories.member(world.workspace, role=role, name=role))
        page = f"{world.c}/assets/{version.asset_id}/guests/"
        assert client.post(page, {"name": "Friend", "days": "7"}).status_code in (403, 422)
        until = (timezone.now() + timedelta(days=7)).isoformat()
        body = {"asset": str(version.asset_id), "name": "Friend", "expires_at": until}
        assert type(api)(client).post("guest-links/", body).status_code == 403
    assert not GuestLink.objects.exists()


def test_wrong_expired_and_revoked_links_are_the_same_nothing(world, guest, version):
    nowhere = f"/g/{'x' * 43}/"
    wrong = guest.get(nowhere).content
    links = {name: invited(world, version.asset) for name in ("open", "expired", "revoked", "archived")}
    GuestLink.objects.filter(pk=links["expired"][0].pk).update(expires_at=timezone.now())
    actions.revoke_link(world.actor, link=links["revoked"][0])
    for name in ("expired", "revoked"):
        for address in addresses(links[name][1], version):
            answer = guest.get(address)
            assert (answer.status_code, plain(answer.content, "", (address,))) == (404, plain(wrong, "", (nowhere,)))
            assert SEALS.items() <= answer.headers.items()
        assert guest.post(f"{links[name][1]}remarks/{version.pk}/", {"text": "x"}).status_code == 404
        assert guest.post(f"{links[name][1]}enter/", {"password": "x"}).status_code == 404
    shown = guest.get(links["open"][1])  # the control
    assert shown.status_code == 200 and "Feed picture" in shown.content.decode()
    assert SEALS.items() <= shown.headers.items() and "no-store" in shown["Cache-Control"]
    assert "'unsafe-inline'" not in shown["Content-Security-Policy"]
    actions.archive_asset(world.actor, asset=version.asset)
    assert guest.get(links["archived"][1]).status_code == 404


def test_only_what_the_link_shows_is_reached_through_it(world, other, guest, version, copy):
    second = factories.asset(world.campaign, "Secret picture", "image", maker=world.owner)
    hidden = drawn(world, second)
    _link, address = invited(world, version.asset, may_download=True)
    mine, foreign = Rendition.objects.filter(version=version)[0], Rendition.objects.filter(version=hidden)[0]
    foreign_pin = pinned(world, hidden)
    inside_pin = pinned(world, version, text="For us alone")
    assert guest.get(f"{address}pictures/{mine.pk}/").status_code == 200  # the controls
    assert guest.get(f"{address}file/{version.pk}/").status_code == 200
    for path in (f"pictures/{foreign.pk}/", f"file/{hidden.pk}/", f"video/{hidden.pk}/", f"video/{version.pk}/"):
        assert guest.get(address + path).status_code == 404, path
    said = {"text": "Hello", "guest_name": "Carla", "opinion": "good"}
    for path in (
        f"remarks/{hidden.pk}/",
        f"opinion/{hidden.pk}/",
        f"answers/{foreign_pin.pk}/",
        f"answers/{inside_pin.pk}/",
    ):
        assert guest.post(address + path, said).status_code == 404, path
    assert Pin.objects.count() == 2 and not PinReply.objects.exists()
    page = guest.get(address).content.decode()
    assert "For us alone" not in page and "Secret picture" not in page and "/w/" not in page


def test_a_link_to_one_version_shows_no_other(world, guest, version):
    newer = actions.add_version(world.actor, asset=version.asset, upload=picture(300, 300))
    _link, address = invited(world, version.asset, version=version, may_download=True)
    assert guest.get(address).context["version"] == version
    assert guest.get(f"{address}?version=2").status_code == 404
    assert guest.get(f"{address}file/{newer.pk}/").status_code == 404
    assert guest.post(f"{address}remarks/{newer.pk}/", {"text": "x", "guest_name": "C"}).status_code == 404
    _every, wide = invited(world, version.asset)
    assert [guest.get(f"{wide}?version={number}").status_code for number in (1, 2, 3)] == [200, 200, 404]


def test_no_download_unless_it_was_allowed(world, guest, version):
    _link, address = invited(world, version.asset)
    page = guest.get(address).content.decode()
    assert guest.get(f"{address}file/{version.pk}/").status_code == 404 and "/file/" not in page
    original = b"".join(actions.versions.AssetVersion.objects.get(pk=version.pk).file and [drawn_bytes(version)])
    for one in Rendition.objects.filter(version=version):
        assert b"".join(guest.get(f"{address}pictures/{one.pk}/")) != original
    _open, allowed = invited(world, version.asset, may_download=True)
    answer = guest.get(f"{allowed}file/{version.pk}/")
    assert b"".join(answer) == original and answer["Content-Disposition"].startswith("attachment")


def drawn_bytes(version):
    with actions.checks.opened(version.file) as file:
        return file.read()


def test_the_password_opens_this_link_for_this_browser(world, guest, version):
    _link, address = invited(world, version.asset, password=PASSWORD)
    _second, another = invited(world, version.asset, password=PASSWORD)
    door = guest.get(address)
    assert door.status_code == 200 and "Feed picture" not in door.content.decode()
    for path in addresses(address, version)[1:]:
        answer = guest.get(path)
        assert "image/webp" not in answer["Content-Type"] and b"Feed picture" not in answer.content
    assert guest.post(f"{address}remarks/{version.pk}/", {"text": "x", "guest_name": "C"}).status_code == 403
    assert guest.post(f"{address}enter/", {"password": "not this one"}).status_code == 422
    before = guest.session.session_key
    assert guest.post(f"{address}enter/", {"password": PASSWORD}).status_code == 302
    assert guest.session.session_key != before
    assert "Feed picture" in guest.get(address).content.decode()
    assert "Feed picture" not in guest.get(another).content.decode()
    assert "Feed picture" not in Client().get(address).content.decode()
    assert not Pin.objects.exists()


def test_guessing_is_slowed_and_locks_nobody_out(world, guest, version):
    link, address = invited(world, version.asset, password=PASSWORD)
    tries = [guest.post(f"{address}enter/", {"password": f"guess {n}"}).status_code for n in range(12)]
    assert tries == [422] * 5 + [429] * 7
    assert guest.post(f"{address}enter/", {"password": PASSWORD}).status_code == 429  # not even looked at
    elsewhere = Client(REMOTE_ADDR="10.9.8.7")
    assert elsewhere.post(f"{address}enter/", {"password": PASSWORD}).status_code == 302
    assert Activity.objects.filter(verb="assets.guest_refused").count() == 5
    cache.delete(f"guest:{link.pk}:127.0.0.1")  # a quarter of an hour later
    assert guest.post(f"{address}enter/", {"password": PASSWORD}).status_code == 302


def test_a_guest_remarks_answers_and_gives_an_opinion(world, owner, guest, version):
    link, address = invited(world, version.asset)
    given = {"text": "Bigger bottle", "x": "0.5", "y": "0.5", "guest_name": " Carla  Client ", "is_blocking": "on"}
    assert guest.post(f"{address}remarks/{version.pk}/", given).status_code == 302
    pin = Pin.objects.get()
    assert (pin.guest, pin.guest_name, pin.author, pin.is_blocking) == (link, "Carla Client", None, False)
    assert 'value="Carla Client"' in guest.get(address).content.decode()  # remembered
    actions.answer_pin(world.actor, pin=pin, text="Will do")
    assert guest.post(f"{address}answers/{pin.pk}/", {"text": "Thanks", "guest_name": "Carla"}).status_code == 302
    page = guest.get(address).content.decode()
    assert "Will do" in page and "Thanks" in page
    for opinion, words in (("good", "Looks good."), ("changes", "Changes required.")):
        assert (
            guest.post(f"{address}opinion/{version.pk}/", {"opinion": opinion, "guest_name": "Carla"}).status_code
            == 302
        )
        said = Pin.objects.order_by("-number")[0]
        assert (said.text, said.shape, said.is_blocking) == (words, "whole", opinion == "changes")
    assert version.verdicts.count() == 0
    log = Activity.objects.filter(verb="assets.pin_added").order_by("at").first()
    assert (log.user_name, log.user_id) == ("Carla Client (guest)", None)
    assert "Bigger bottle" in owner.get(f"{world.c}/assets/{version.asset_id}/proof/").content.decode()


@pytest.mark.parametrize(
    "given", [{"guest_name": ""}, {"text": ""}, {"x": "7"}, {"shape": "range", "start": "0", "end": "4"}, {"x": "NaN"}]
)
def test_what_a_guest_may_not_say(world, guest, version, given):
    _link, address = invited(world, version.asset)
    given = {"text": "Hello", "guest_name": "Carla", "x": "0.1", "y": "0.1", "shape": "point", **given}
    assert guest.post(f"{address}remarks/{version.pk}/", given).status_code == 422
    assert not Pin.objects.exists()


def test_a_link_for_looking_takes_no_remarks(world, guest, version):
    _link, address = invited(world, version.asset, may_comment=False)
    assert "composer" not in guest.get(address).content.decode()
    for path, more in (("remarks", {}), ("opinion", {"opinion": "good"})):
        given = {"text": "Hello", "guest_name": "Carla", **more}
        assert guest.post(f"{address}{path}/{version.pk}/", given).status_code == 422
    assert not Pin.objects.exists()


def test_a_form_from_elsewhere_is_refused(world, version):
    """Under no-referrer browsers send `Origin: null`; the double token decides."""
    _link, address = invited(world, version.asset)
    client = Client(enforce_csrf_checks=True)
    client.get(address)
    given = {"text": "Hello", "guest_name": "Carla"}
    url = f"{address}remarks/{version.pk}/"
    assert client.post(url, given, headers={"Origin": "null"}).status_code == 403
    assert client.post(url, given, headers={"Origin": "https://evil.example"}).status_code == 403
    given["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    assert client.post(url, given, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post(url, given, headers={"Origin": "null"}).status_code == 302


def test_the_secret_stands_nowhere_but_in_the_address(world, owner, guest, version, caplog):
    link, address = invited(world, version.asset, password=PASSWORD)
    token = address.split("/")[2]
    guest.post(f"{address}enter/", {"password": "wrong one"})
    guest.post(f"{address}enter/", {"password": PASSWORD})
    guest.get(address)
    guest.post(f"{address}remarks/{version.pk}/", {"text": "Hello", "guest_name": "Carla"})
    guest.get(f"{address}pictures/{link.pk}/")
    pages = [f"{world.c}/assets/{version.asset_id}/{name}/" for name in ("guests", "proof")]
    seen = "".join(owner.get(page).content.decode() for page in (*pages, f"{world.w}/activity/", f"{world.c}/assets/"))
    seen += "".join(owner.get(f"/api/v1/{noun}/").content.decode() for noun in ("guest-links", "pins", "activity"))
    seen += "".join(LineFormatter().format(entry) for entry in caplog.records)
    seen += json.dumps([*AuditEvent.objects.values_list("path", "route"), *Activity.objects.values_list("changes")])
    seen += dumped()
    assert token not in seen and PASSWORD not in seen
    assert AuditEvent.objects.filter(
        path__startswith="/g/…/"
    ).exists()  # the control: it was written, without the secret


def dumped():
    """Every text of the database."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_the_page_of_a_guest_keeps_its_budget(world, guest, version, assert_budget):
    link, address = invited(world, version.asset)
    for number in range(30):
        actions.add_pin(
            actions.visitor(link, "Carla"),
            version=version,
            shape="whole",
            text=f"No. {number}",
            guest=link,
            guest_name="C",
        )
    guest.get(address)
    with assert_budget("guests:look"):
        assert len(guest.get(address).context["pins"]) == 30
    assert AssetVersion.objects.count() == 1
