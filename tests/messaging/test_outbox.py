"""The operator's outbox, and the mails the app writes into it."""

import re

import pytest
from django.core.mail import send_mail
from django.test import Client

from accounts import jobs
from accounts.actions import add_member
from accounts.models import Membership, User
from core.models import OutboxMessage
from tests.factories import PASSWORD, person


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "core.mail.OutboxBackend"
    settings.BASE_URL = "https://pharos.example"


@pytest.fixture
def operator(world):
    return world.client(person(name="Op Erator", is_staff=True))


def welcome(world, **values):
    """Add somebody and run the job that tells them; the mail's text."""
    values = {"email": "new@example.com", "name": "李娜", "role": "member", **values}
    membership = add_member(world.actor, **values)
    jobs.send_welcome(membership_id=str(membership.pk))
    return OutboxMessage.objects.latest("pk").payload


def test_somebody_new_sets_a_password_by_the_link_of_the_mail(world):
    mail = welcome(world)
    assert mail["to"] == ["new@example.com"] and world.workspace.name in mail["subject"]
    address = re.search(r"https://pharos\.example(/password/reset/\S+)", mail["body"])[1]
    client = Client()
    form = client.get(address, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    answer = client.post("/sign-in/", {"login": "new@example.com", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/")["Location"] == f"{world.w}/"


def test_somebody_known_gets_the_address_and_no_password_link(world):
    known = person()
    body = welcome(world, email=known.email)["body"]
    assert f"https://pharos.example{world.w}/" in body and "/password/" not in body


def test_the_mail_speaks_the_persons_language(world):
    known = person(language="zh-hans")
    type(world.workspace).objects.filter(pk=world.workspace.pk).update(language="en")
    assert welcome(world, email=known.email)["to"] == [known.email]


def test_a_job_for_somebody_removed_meanwhile_does_nothing(world):
    membership = add_member(world.actor, email="new@example.com", name="N", role="member")
    Membership.objects.filter(pk=membership.pk).delete()
    jobs.send_welcome(membership_id=str(membership.pk))
    assert not OutboxMessage.objects.exists()


def test_an_operator_reads_every_mail(world, operator):
    send_mail("Subject one", "Open https://pharos.example/x/?a=1&b=2 <script>", None, ["a@example.com"])
    send_mail("Subject two", "Text", None, ["b@example.com"])
    page = operator.get("/operator/outbox/").content.decode()
    assert page.index("Subject two") < page.index("Subject one")
    found = operator.get("/operator/outbox/?q=a@example").content.decode()
    assert "Subject one" in found and "Subject two" not in found
    mail = OutboxMessage.objects.get(payload__subject="Subject one")
    text = operator.get(f"/operator/outbox/{mail.pk}/").content.decode()
    assert 'href="https://pharos.example/x/?a=1&amp;b=2"' in text and "<script>" not in text.partition("prose")[2][:300]


def test_an_empty_outbox_says_what_comes_here(operator):
    assert "No mail yet" in operator.get("/operator/outbox/").content.decode()
    assert "No mail matches" in operator.get("/operator/outbox/?q=x").content.decode()


def test_nobody_else_reads_mails(world, owner, stranger):
    send_mail("Subject", "Text", None, ["a@example.com"])
    address = f"/operator/outbox/{OutboxMessage.objects.get().pk}/"
    for client in (owner, stranger):
        assert client.get(address).status_code == client.get("/operator/outbox/").status_code == 403
    assert Client().get(address)["Location"] == f"/sign-in/?next={address}"


def test_what_is_no_mail_is_not_shown(operator):
    row = OutboxMessage.objects.create(kind="webhook", payload={"subject": "hook"})
    assert operator.get(f"/operator/outbox/{row.pk}/").status_code == 404
    assert "hook" not in operator.get("/operator/outbox/").content.decode()


def test_an_operator_who_is_closed_reads_nothing(world):
    someone = person(is_staff=True)
    client = world.client(someone)
    User.objects.filter(pk=someone.pk).update(is_active=False)
    assert client.get("/operator/outbox/").status_code == 302
