"""The mail with the link of an invitation: sent by a job, tried again while the mail server fails, and what became of
it is shown to whoever invited, through pages and REST; nothing but the mail holds the link."""

import logging
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.actions import invitations
from accounts.models import Invitation
from core import jobs
from core.actor import SYSTEM
from core.models import Activity, AuditEvent, Job, JobState
from tests import factories
from tests.accounts.test_seats import Hands

DOWN = "tests.accounts.test_invitation_mail.Down"
MEMBER = "tests.accounts.test_invitation_mail"
SIDES = ["member page", "member api", "manager page", "manager api", "lead page", "lead api"]
EMAIL = "wei@agency.example"


class Down(BaseEmailBackend):
    """A mail server that takes nothing, and cites what it does not like, as filters of spam do."""

    def send_messages(self, email_messages):
        raise SMTPDataError(554, f"5.7.1 not taken: {email_messages[0].body}".encode())


class NoSuchAddress(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise SMTPRecipientsRefused({EMAIL: (550, b"5.1.1 no such user")})


class Full(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise SMTPRecipientsRefused({EMAIL: (452, b"4.2.2 mailbox full")})


class Side:
    """Whoever invites: the client's manager a member or a seat, or a lead a seat, by pages or by REST."""

    def __init__(self, world, agency, who, where):
        self.world, self.who = world, who
        lead = who == "lead" and factories.seat(agency, role="lead", name="Lena Lead")
        client = factories.seat_client(lead) if lead else world.client()
        self.hands, self.agency, self.by_page = Hands(world, client, where == "page", who == "lead"), agency, where
        self.place = "people/invitations" if who == "member" else "seats/invitations"
        self.route = "invitations" if who == "member" else "seat-invitations"

    def invite(self):
        """The token that is shown."""
        typed = {"name": "Wei", "email": EMAIL, "role": "member" if self.who == "member" else "reader"}
        body = {**typed, "organization": str(self.agency.pk)} if self.who == "manager" else typed
        places = {"member": "people/invite/", "lead": "seats/new/"}
        page = places.get(self.who, f"organizations/{self.agency.pk}/seats/new/")
        assert self.hands.act(page, typed, f"{self.route}/", body), self.hands.answer.content
        return self.told()

    def again(self, row):
        """Press "Send again"; the new token."""
        assert self.hands.act(f"{self.place}/{row.pk}/again/", {}, f"{self.route}/{row.pk}/again/")
        return self.told()

    def told(self):
        return self.hands.answer.content.decode().partition("/i/")[2].partition("/")[0]

    def shows(self, row, sentence, state):
        """Whether the list of this side says what became of the mail."""
        if self.hands.by_page:
            people, seats = "settings/people/", f"settings/organizations/{self.agency.pk}/"
            page = {"member": people, "lead": "partner/seats/"}.get(self.who, seats)
            return sentence in self.hands.client.get(f"{self.world.w}/{page}").content.decode()
        prefix = "partner/" if self.hands.is_lead else ""
        answer = self.hands.client.get(f"/api/v1/{prefix}{self.route}/{row.pk}/")
        told = answer.json()
        assert told["lock_version"] == Invitation.objects.get(pk=row.pk).lock_version, "the tag moves with the state"
        return sentence in told["mail_detail"] and told["mail_state"] == state


@pytest.fixture(params=SIDES)
def side(request, world, agency):
    factories.door(agency)
    return Side(world, agency, *request.param.split())


@pytest.fixture
def invited(world, agency):
    """(invitation, token) of a seat."""
    factories.door(agency)
    return actions.invite_seat(world.actor, organization=agency, email=EMAIL, name="Wei")


def job_of(row):
    return Job.objects.get(name="accounts.send_invitation", args={"invitation_id": str(row.pk)})


def run(row, times=1):
    """Run the job that mails it, as often as it is due; the state of the mail."""
    for _time in range(times):
        job = job_of(row)
        Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
        jobs.run_job(str(job.pk))
    row.refresh_from_db()
    return row.mail_state


# --- what is seen ---------------------------------------------------------------------------------------------------


def test_the_mail_waits_is_sent_and_its_link_is_the_one_that_was_shown(side):
    token = side.invite()
    row = Invitation.objects.get()
    assert not mail.outbox and side.shows(row, "about to be sent", "waiting")
    assert run(row) == "sent" and side.shows(row, "has been sent", "sent")
    (sent,) = mail.outbox
    assert sent.to == [EMAIL] and f"/i/{token}/" in sent.body
    assert Client().get(f"/i/{token}/").status_code == 200
    assert run(row) == "sent" and len(mail.outbox) == 1


def test_a_server_that_is_down_is_asked_again_then_it_is_said_and_sending_again_works(side, settings):
    plain, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, DOWN
    token = side.invite()
    row = Invitation.objects.get()
    assert run(row) == "trying" and side.shows(row, "tries again by itself", "trying")
    waits = (job_of(row).run_at - timezone.now()).total_seconds()
    assert 0 < waits <= jobs.BACKOFF_SECONDS[0]
    assert run(row, jobs.TRIES - 2) == "trying" and job_of(row).state == JobState.QUEUED
    assert run(row) == "failed" and job_of(row).state == JobState.DEAD
    assert side.shows(row, "the mail server did not take it", "failed")
    if side.hands.by_page:
        assert side.shows(row, "Send again", "failed")
    assert Client().get(f"/i/{token}/").status_code == 200, "passed on by hand, the link is as good"
    settings.EMAIL_BACKEND = plain
    new = side.again(row)
    fresh = Invitation.objects.exclude(pk=row.pk).get()
    assert new != token and Client().get(f"/i/{token}/").status_code == 410
    assert run(fresh) == "sent" and f"/i/{new}/" in mail.outbox[-1].body


def test_what_came_back_in_time_is_sent(side, settings):
    plain, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, DOWN
    token = side.invite()
    row = Invitation.objects.get()
    assert run(row, 3) == "trying"
    settings.EMAIL_BACKEND = plain
    assert run(row) == "sent" and f"/i/{token}/" in mail.outbox[-1].body


def test_an_address_that_is_not_there_is_said_at_once(side, settings):
    settings.EMAIL_BACKEND = f"{MEMBER}.NoSuchAddress"
    side.invite()
    row = Invitation.objects.get()
    assert run(row) == "refused" and job_of(row).state == JobState.DONE
    assert side.shows(row, "knows no such address", "refused")


def test_a_full_mailbox_is_tried_again(invited, settings):
    settings.EMAIL_BACKEND = f"{MEMBER}.Full"
    assert run(invited[0]) == "trying" and job_of(invited[0]).state == JobState.QUEUED


@pytest.mark.parametrize("number", ["+8613800138000"])
def test_by_phone_there_is_no_mail(world, agency, number):
    factories.door(agency)
    row, _token = actions.invite_seat(world.actor, organization=agency, phone=number, name="Wei")
    assert (row.mail_state, row.mail_detail) == ("", "")
    assert not Job.objects.filter(name="accounts.send_invitation").exists()


# --- what may come between ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["used_at", "revoked_at", "expires_at"])
def test_what_lets_nobody_in_any_more_is_not_sent(invited, change):
    row, _token = invited
    Invitation.objects.filter(pk=row.pk).update(**{change: timezone.now() - timedelta(seconds=1)})
    assert run(row) == "waiting" and not mail.outbox


def test_a_worker_that_died_after_sending_sends_the_same_link_again(invited, monkeypatch):
    row, token = invited
    with monkeypatch.context() as patch:
        patch.setattr(invitations, "note_mail", lambda *args: None)
        run(row)
    Job.objects.update(state=JobState.QUEUED)
    assert run(row) == "sent"
    assert [f"/i/{token}/" in one.body for one in mail.outbox] == [True, True]


def test_a_worker_that_dies_each_time_and_an_operator_who_replays(invited):
    row, _token = invited
    job = job_of(row)
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=jobs.TRIES, lease_until=long_ago)
    jobs.run_job(str(job.pk))
    row.refresh_from_db()
    assert row.mail_state == "failed"
    jobs.replay(SYSTEM, row=job_of(row))
    row.refresh_from_db()
    assert row.mail_state == "waiting" and run(row) == "sent"


def test_a_link_that_another_key_made_is_not_sent(invited, settings):
    """The link would open nothing; whoever invited is told to send it again."""
    settings.SECRET_KEY = "another key than the one it was made with, for the time being"
    assert run(invited[0]) == "failed" and not mail.outbox and job_of(invited[0]).state == JobState.DONE


# --- nobody else holds the link -------------------------------------------------------------------------------------


def traces(token, caplog, capfd):
    """Where the token stands, of all that is kept or written."""
    kept = {
        model.__name__: str(list(model._base_manager.values())) for model in (Activity, AuditEvent, Job, Invitation)
    }
    kept |= {"log": caplog.text, "out": "".join(capfd.readouterr())}
    kept["shown trace"] = "".join(
        logging.Formatter().formatException(one.exc_info) for one in caplog.records if one.exc_info
    )
    return {name for name, text in kept.items() if token in text}


def test_no_row_and_no_log_line_holds_the_link_of_a_mail_that_failed(invited, settings, caplog, capfd):
    settings.EMAIL_BACKEND = DOWN
    row, token = invited
    assert run(row, jobs.TRIES) == "failed"
    assert "SMTPDataError 554" in job_of(row).error, "the operator learns why"
    assert traces(token, caplog, capfd) == set()


def test_the_control_an_error_handed_on_as_it_is_tells_the_link(invited, settings, caplog, capfd, monkeypatch):
    settings.EMAIL_BACKEND = DOWN
    row, token = invited
    plain = invitations._note_failure
    monkeypatch.setattr(invitations, "MailNotTaken", lambda words: type("Bare", (Exception,), {})(said[-1]))
    said = []
    monkeypatch.setattr(invitations, "_note_failure", lambda row, error: said.append(error) or plain(row, error))
    run(row)
    assert {"Job", "log"} <= traces(token, caplog, capfd)


def test_the_link_is_not_to_be_made_from_what_the_database_holds(invited, settings):
    row, token = invited
    again = invitations.token_of(row)
    assert again == token and len(token) == 43 and str(row.pk) not in token
    settings.SECRET_KEY = "x" * 50
    assert invitations.token_of(row) != token
