"""Signing in by a code sent to a phone, and one's own number."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as current
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions
from accounts.actions import deactivate_person
from accounts.connectors import sms
from accounts.models import PhoneCode, User
from accounts.rules import CODE_TRIES, code_digits, hidden_phone, phone_number, same_digits
from accounts.views import codes as limits
from core.actor import SYSTEM
from core.errors import Invalid
from core.jobs import run_job
from core.models import Activity, Job
from tests.accounts.test_mfa import add_app, code_of
from tests.accounts.test_sessions import is_in, sign_in
from tests.factories import member

NUMBER = "+8613800138000"
SENT = []


def keep(**words):
    """A sender that keeps what it is given."""
    SENT.append(words)


@pytest.fixture(autouse=True)
def fresh(db, settings):
    cache.clear()
    SENT.clear()
    settings.SMS_SENDER = "tests.accounts.test_phone.keep"


@pytest.fixture
def ana(world):
    User.objects.filter(pk=world.owner.pk).update(phone=NUMBER)
    world.owner.refresh_from_db()
    return world.owner


def send():
    """Carry out what waits for the worker; what was sent."""
    for job in Job.objects.filter(name="accounts.send_phone_code", state="queued"):
        run_job(str(job.pk))
    return SENT


def ask(client, number=NUMBER, **more):
    return client.post("/sign-in/phone/", {"phone": number, **more})


def give(client, code):
    return client.post("/sign-in/phone/code/", {"code": code})


def digits():
    return code_digits(current.PIN_PEPPER, PhoneCode.objects.order_by("created_at").last().pk)


def wrong():
    return f"{(int(digits()) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "86 13800138000",
        "0086 138 0013 8000",
        "１３８００１３８０００",
        "(138) 00138000",
    ],
)
def test_chinese_numbers_are_understood_as_people_write_them(text):
    assert phone_number(text) == NUMBER


def test_numbers_of_other_countries_need_their_code():
    assert phone_number("+1 (415) 555-0100") == "+14155550100"
    assert phone_number("+44 20 7946 0958") == "+442079460958"


@pytest.mark.parametrize(
    "text", ["", "12345", "+8612345", "02079460958", "12800138000", "+0123456789", "abc", "+86", None, "١٣٨٠٠١٣٨٠٠٠x"]
)
def test_what_is_no_number_gets_a_sentence(text):
    with pytest.raises(Invalid, match="mobile number"):
        phone_number(text)


def test_a_number_is_told_by_its_end():
    assert hidden_phone(NUMBER) == "+86 ••• 8000" and hidden_phone(None) == ""


# --- signing in -----------------------------------------------------------------------------------------------------


def test_a_code_signs_in(world, ana):
    client = Client()
    assert ask(client, "138 0013 8000")["Location"] == "/sign-in/phone/code/"
    assert [each["phone"] for each in send()] == [NUMBER] and SENT[0]["code"] == digits() and SENT[0]["minutes"] == 5
    assert NUMBER in client.get("/sign-in/phone/code/").content.decode()
    assert give(client, f" {SENT[0]['code'][:3]} {SENT[0]['code'][3:]} ")["Location"] == "/" and is_in(client)
    row = next(each for each in client.get("/api/v1/sessions/").json()["results"] if each["is_current"])
    assert row["method"] == "phone"


def test_the_way_leads_on_to_where_the_person_wanted(world, ana):
    client = Client()
    ask(client, next=f"{world.w}/settings/")
    assert give(client, digits())["Location"] == f"{world.w}/settings/"
    client = Client()
    ask(client, next="//evil.example")
    assert give(client, digits())["Location"] == "/"


def test_whoever_has_a_second_step_takes_it(world, ana):
    secret = add_app(sign_in(ana))
    client = Client()
    ask(client)
    assert give(client, digits())["Location"] == "/sign-in/second-step/" and not is_in(client)
    client.post("/sign-in/second-step/", {"code": code_of(secret, 1)})
    assert is_in(client)


def plain(answer):
    """A page without what differs each time."""
    return re.sub(r"[A-Za-z0-9]{64}|nonce=\S+", "", answer.content.decode())


def test_known_and_unknown_numbers_get_the_same_answers(world, ana):
    known, unknown, other = Client(), Client(), "+8613900139000"
    first, second = ask(known), ask(unknown, other)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    pages = [plain(each.get("/sign-in/phone/code/")) for each in (known, unknown)]
    assert pages[0].replace(NUMBER, "") == pages[1].replace(other, "")
    for _ in range(CODE_TRIES + 1):
        pages = [plain(give(known, wrong())), plain(give(unknown, wrong()))]
        assert pages[0].replace(NUMBER, "") == pages[1].replace(other, "")
    assert [each["phone"] for each in send()] == [NUMBER]


def test_asking_costs_the_same_for_known_and_unknown_numbers(world, ana):
    """As many statements, one job and one row each: nothing is to be learnt by the clock."""
    counts = []
    for number in ("+8613700137000", NUMBER, "+8613900139000"):
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            ask(Client(), number)
        counts.append(sum("django_cache" not in query["sql"] for query in asked))
    assert counts[1] == counts[2]
    assert Job.objects.filter(name="accounts.send_phone_code").count() == PhoneCode.objects.count() == 3


def test_the_right_digits_of_nobodys_number_open_nothing(world):
    client = Client()
    ask(client, "+8613900139000")
    assert give(client, digits()).status_code == 422 and not is_in(client)


def test_five_tries_and_no_more(world, ana):
    client = Client()
    ask(client)
    for _ in range(CODE_TRIES):
        give(client, wrong())
    assert give(client, digits()).status_code == 422 and not is_in(client)


def test_without_the_count_a_sixth_try_would_do(world, ana, monkeypatch):
    """The control."""
    monkeypatch.setattr("accounts.rules.CODE_TRIES", 99)
    client = Client()
    ask(client)
    for _ in range(CODE_TRIES):
        give(client, wrong())
    assert give(client, digits()).status_code == 302


def test_a_code_is_good_for_five_minutes_and_once(world, ana):
    client = Client()
    ask(client)
    code = PhoneCode.objects.get()
    with time_machine.travel(time.time() + 301):
        assert give(client, digits()).status_code == 422
    assert actions.try_code(code, digits=digits()) and not actions.try_code(code, digits=digits())


def test_a_strangers_wrong_tries_do_not_use_up_the_persons(world, ana):
    mine, stranger = Client(), Client(REMOTE_ADDR="203.0.113.9")
    ask(mine)
    code = PhoneCode.objects.get()
    ask(stranger)
    for _ in range(CODE_TRIES + 3):
        give(stranger, "000000")
    assert give(mine, code_digits(current.PIN_PEPPER, code.pk)).status_code == 302 and is_in(mine)


def test_digits_are_stored_nowhere(world, ana):
    ask(Client())
    row = PhoneCode.objects.get()
    assert digits() not in str(vars(row)) and digits() not in str(Job.objects.values_list("args", flat=True))
    assert same_digits("１２ ３４５６", "123456") and not same_digits("", "123456")


def test_a_deactivated_person_gets_no_code_and_one_on_its_way_is_void(world, ana):
    client = Client()
    ask(client)
    code = digits()
    deactivate_person(SYSTEM, user=User.objects.get(pk=ana.pk))
    assert give(client, code).status_code == 422 and not is_in(client)
    User.objects.filter(pk=ana.pk).update(is_active=True)
    assert give(client, code).status_code == 422  # the epoch is another
    SENT.clear()
    User.objects.filter(pk=ana.pk).update(is_active=False)
    ask(Client())
    Job.objects.filter(args__code_id=str(PhoneCode.objects.order_by("created_at").first().pk)).delete()
    assert not send()


# --- limits ---------------------------------------------------------------------------------------------------------


def ask_often(times, **extra):
    return [ask(Client(**extra)).status_code for _ in range(times)]


def test_few_codes_an_hour_go_to_one_number_from_one_place(world, ana):
    assert ask_often(6, REMOTE_ADDR="203.0.113.9") == [302] * 5 + [422]
    assert ask_often(1, REMOTE_ADDR="198.51.100.7") == [302]  # elsewhere the person goes on
    assert ask(Client(REMOTE_ADDR="203.0.113.9"), "+8613900139000").status_code == 302  # and others here


def test_few_codes_an_hour_go_to_one_number_from_everywhere(world, ana):
    answers = [ask(Client(REMOTE_ADDR=f"203.0.113.{n}")).status_code for n in range(16)]
    assert answers == [302] * 15 + [422]


def test_few_codes_an_hour_are_asked_for_from_one_place(world):
    answers = [ask(Client(), f"+86139001390{n:02}").status_code for n in range(21)]
    assert answers == [302] * 20 + [422]


def test_a_forged_forwarded_address_does_not_help(world, ana):
    answers = [ask(Client(headers={"X-Forwarded-For": f"203.0.113.{n}"})).status_code for n in range(6)]
    assert answers == [302] * 5 + [422]


def test_behind_a_proxy_what_the_proxy_saw_counts(world, ana, settings):
    settings.TRUSTED_PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    seen = [ask(Client(headers={"X-Forwarded-For": f"6.6.6.{n}, 203.0.113.9"})).status_code for n in range(6)]
    assert seen == [302] * 5 + [422]
    assert ask(Client(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})).status_code == 302


def test_without_limits_codes_would_go_on_and_on(world, ana, monkeypatch):
    """The control."""
    monkeypatch.setattr(limits.ratelimit, "consume", lambda *args, **more: True)
    assert ask_often(8) == [302] * 8


# --- one's own number -----------------------------------------------------------------------------------------------


def add(client, number=NUMBER):
    client.post("/me/security/phone/", {"phone": number})
    return client.post("/me/security/phone/code/", {"code": digits()})


def test_a_number_becomes_ones_own_by_a_code(world):
    client = sign_in(world.owner)
    assert client.post("/me/security/phone/", {"phone": "13800138000"})["Location"] == "/me/security/phone/code/"
    assert client.post("/me/security/phone/code/", {"code": wrong()}).status_code == 422
    assert not User.objects.filter(phone=NUMBER).exists()
    assert client.post("/me/security/phone/code/", {"code": digits()})["Location"] == "/me/security/"
    assert User.objects.get(phone=NUMBER) == world.owner
    line = Activity.objects.model._base_manager.get(verb="accounts.phone_changed")
    assert NUMBER not in str(line.changes) and "8000" in str(line.changes)
    assert NUMBER in client.get("/me/security/").content.decode()


def test_a_number_is_one_persons(world, ana):
    client = sign_in(member(world.workspace))
    answer = add(client)
    assert answer.status_code == 422 and "Another account uses this number" in answer.content.decode()
    assert User.objects.get(phone=NUMBER) == ana


def test_ones_own_number_is_not_asked_for_again(world, ana):
    answer = sign_in(ana).post("/me/security/phone/", {"phone": NUMBER})
    assert answer.status_code == 422 and "your number already" in answer.content.decode()
    assert not PhoneCode.objects.exists()


def test_a_number_is_removed(world, ana):
    client = sign_in(ana)
    assert client.post("/me/security/phone/remove/")["Location"] == "/me/security/"
    assert not User.objects.exclude(phone=None).exists()
    ask(Client())
    assert not send()


def test_a_code_for_signing_in_makes_no_number_ones_own_and_the_other_way_round(world, ana):
    client = sign_in(ana)
    ask(Client())
    code = PhoneCode.objects.get()
    assert actions.try_code(code, digits=digits())
    with pytest.raises(Exception, match="may not"):
        actions.set_phone(world.actor, code=code)
    client.post("/me/security/phone/", {"phone": "+8613900139000"})
    other = Client()
    session = other.session
    session["own_phone_code"] = str(PhoneCode.objects.order_by("created_at").last().pk)
    session.save()
    assert give(other, digits())["Location"] == "/sign-in/phone/" and not is_in(other)


def test_where_no_codes_are_sent_the_pages_are_not_there(world, settings):
    client = sign_in(world.owner)
    settings.PHONE_SIGN_IN = False
    for path in ("/sign-in/phone/", "/sign-in/phone/code/", "/me/security/phone/", "/me/security/phone/code/"):
        assert client.get(path).status_code == 404
    assert "/sign-in/phone/" not in Client().get("/sign-in/").content.decode()
    assert "/me/security/phone/" not in client.get("/me/security/").content.decode()


def test_the_default_sender_writes_to_the_log(caplog):
    sms.to_the_log(phone=NUMBER, code="123456", minutes=5, language="en")
    assert "123456" in caplog.text


def test_old_codes_are_forgotten(world, ana):
    ask(Client())
    PhoneCode.objects.update(expires_at=timezone.now() - timedelta(days=2))
    actions.tidy_sign_in()
    assert not PhoneCode.objects.exists()
