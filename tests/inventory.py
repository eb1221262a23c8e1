"""Every route with the arguments it takes, and a workspace that holds one row of every kind.

A new route whose argument nobody knows fails here with a sentence that says what to add.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import cycle

from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from accounts.actions import create_api_key, invite_member
from accounts.models import ApiKey, Session, WorkCalendar
from core.files import store
from core.models import Activity, AuditEvent, Job, OutboxMessage
from core.policy import policy_for, routes, seat, seat_at_work, seat_lead
from tests import factories
from tests.passkeys import passkey_of, seat_passkey

OWN_APPS = ("accounts", "campaigns", "tasks", "raci", "assets", "placements", "analytics", "risks")
START, FINISH = date(2026, 11, 1), date(2026, 11, 30)
VALUES = {  # what a made-up value would not be: by "model.field", else by field
    "currency": "CNY",
    "base": "USD",
    "quote": "CNY",
    "time_zone": "Asia/Shanghai",
    "start_date": START,
    "finish_date": FINISH,
    "day_from": START,
    "day_to": START,
    "date": START,
    "date_from": START,
    "date_to": START,
    "valid_from": None,
    "valid_to": None,
    "email": None,
    "landing_url": "https://example.com/",
    "search_text": " canary ",
    "archived_at": None,
    "revoked_at": None,
    "next_pull_at": None,
    "daily_at": time(6),
    "platform": "baidu",
    "breakdown": "",
    "fingerprint": "f" * 64,
    "high": Decimal(9),
    "low": Decimal(1),
    "number": 1,
    "rank": 10,
    "analytics.source.config": {},
    "analytics.source.credentials": "",
    "analytics.fact.metric": "clicks",
    "analytics.fact.currency": "",
    "analytics.factrevision.metric": "clicks",
    "analytics.dailymetric.metric": "clicks",
    "analytics.dailymetric.currency": "",
    "analytics.importfile.report": {},
    "analytics.importfile.layout": "",
    "campaigns.kpitarget.phase": None,
    "campaigns.goal.parent": None,
    "campaigns.comment.parent": None,
    "analytics.externalobject.parent": None,
    "campaigns.brief.current_number": 1,
    "campaigns.comment.subject_type": "campaigns.campaign",
    "campaigns.accessitem.address": "https://example.com/",
    "campaigns.accessitem.subject_type": "",
    "campaigns.accessitem.subject_id": None,
    "campaigns.accessproof.origin_id": None,
    "campaigns.readinesssnapshot.content": {"lines": []},
    "campaigns.budgetline.planned_date": START,
    "campaigns.commitment.booked_date": START,
    "campaigns.budgetrequest.to_line": None,
    "campaigns.budgetrequest.waiting_role": "",
    "campaigns.budgetapproval.role": "",
    "campaigns.budgetmovement.from_account": "available",
    "campaigns.budgetmovement.to_account": "committed",
    "accounts.calendarday.is_working": False,
    "accounts.savedview.page": "campaigns:list",
    "accounts.savedview.query": "",
    "accounts.invitation.email": "invited@example.com",
    "accounts.invitation.is_seat": True,
    "accounts.invitation.role": "contributor",
    "accounts.seat.role": "contributor",
    "accounts.draft.fields": {},
    "assets.outputstandard.kind": "copy",
    "assets.outputstandard.channel": None,
    "tasks.task.parent": None,
    "tasks.task.constraint_date": None,
    "tasks.task.occurrence_date": None,
    "tasks.problem.due_date": START,
    "tasks.recurrence.rule": "FREQ=WEEKLY;BYDAY=MO",
    "tasks.problem.subject_type": "campaigns.campaign",
    "campaigns.question.subject_type": "",
    "campaigns.question.subject_id": None,
    "raci.racirow.kind": "task",
    "raci.racirow.deliverable": None,
    "raci.raciholder.kind": "person",
    "raci.raciholder.function": "",
    "raci.raciholder.organization": None,
    "risks.risk.probability": 4,
    "risks.risk.impact": 4,
    "risks.risk.review_date": START,
    "risks.incident.level": "",
    "risks.incident.start_token": None,
    "risks.incidentstep.min_level": "",
    "risks.incidentstep.state": "open",
    "risks.playbookstep.min_level": "",
    "risks.playbook.builtin_code": "",
}
READY_MADE = {"accounts.workspace", "accounts.user", "accounts.membership", "accounts.apikey"}
READY_MADE |= {
    "accounts.seatpasskey",
    "accounts.workcalendar",
    "accounts.organization",
    "accounts.door",
    "accounts.seat",
    "accounts.grant",
}
READY_MADE |= {"campaigns.metric", "campaigns.channel", "campaigns.market"}


PLAIN = {
    "code",
    "slug",
    "key",
    "sha256",
    "key_hash",
    "token_hash",
    "idempotency_key",
    "locale",
    "kind",
}  # typed by no one


@dataclass
class Full:
    """A workspace with a row of every model; `canary` stands in every free text of it."""

    workspace: object
    owner: object
    actor: object
    canary: str
    rows: dict = field(default_factory=dict)
    words: object = field(default_factory=lambda: cycle([""]))  # what stands in front of each text

    def said(self, name):
        """A text with the canary in it."""
        return f"{next(self.words)}{name} {self.canary}"

    def __getitem__(self, label):
        return self.rows[label]

    def of(self, route):
        """The row a route's `pk` names."""
        return self.rows[ROW_OF_ROUTE.get(route.name, route.model)]


def fill(slug, words=("",)):
    """A workspace `slug` with people, vocabularies, and one row of every model that belongs to a workspace. `words`
    stand in front of the texts, in turn."""
    canary = f"canary{uuid.uuid4().hex[:12]}"
    front = cycle(words)
    owner = factories.person(name=f"{next(front)}Olga {canary}", email=f"{slug}@example.com")
    workspace = factories.workspace(owner, name=f"{next(front)}Space {canary}", slug=slug)
    full = Full(workspace, owner, factories.actor_of(owner, workspace), canary, words=front)
    full.rows |= {"accounts.workspace": workspace, "accounts.user": owner}
    with scopes_disabled():
        report = ContentFile(b"Day,Campaign,Clicks\n2026-11-01,Brand,5\n", name=f"{canary}.csv")
        full.rows["core.storedfile"] = store(report, workspace_id=workspace.pk, kind="report")
        _ready_made(full)
        for model in sorted(_models(), key=_depth):
            if model._meta.label_lower not in full.rows:
                full.rows[model._meta.label_lower] = _make(model, full)
        _join(full)
        _logbook(full)
    return full


def further(full, **values):
    """Another campaign of a filled workspace, with its own rows and canary: a `Full` that shares the rest."""
    new = Full(full.workspace, full.owner, full.actor, f"canary{uuid.uuid4().hex[:12]}", dict(full.rows), full.words)
    with scopes_disabled():
        for model in sorted(_hanging_on(CAMPAIGNS), key=_depth):
            new.rows[model._meta.label_lower] = _make(model, new)
        new["campaigns.campaign"].markets.add(full["campaigns.market"])
        campaigns = type(new["campaigns.campaign"])._base_manager.filter(pk=new["campaigns.campaign"].pk)
        campaigns.update(**values)
        new["campaigns.campaign"].refresh_from_db()
        _logbook(new)
    return new


CAMPAIGNS = {"campaigns.campaign", "analytics.externalobject"}


def _hanging_on(labels):
    """Models of these labels, and those whose rows point at them, however far."""
    found, size = {model for model in _models() if model._meta.label_lower in labels}, 0
    while size != len(found):
        size = len(found)
        found |= {model for model in _models() if any(one.related_model in found for one in model._meta.fields)}
    return found


def _ready_made(full):
    """Rows that come with a workspace, and a key."""
    for label, chosen in (("metric", {"code": "clicks"}), ("channel", {"code": "sem"}), ("market", {})):
        model = apps.get_model("campaigns", label)
        full.rows[f"campaigns.{label}"] = model.objects.filter(workspace=full.workspace, **chosen).first()
    full.rows["accounts.workcalendar"] = WorkCalendar.objects.get(workspace=full.workspace)
    colleague = factories.member(full.workspace, name=full.said("Carl"))
    full.rows["accounts.membership"] = colleague.memberships.get()
    full.rows["accounts.apikey"] = key_of(full, ["*"])[0]
    agency = full.rows["accounts.organization"] = factories.organization(full.workspace, name=full.said("Agency"))
    full.rows["accounts.seat"] = factories.seat(agency, name=full.said("Sean"), email=f"{full.canary}@agency.example")
    full.rows["accounts.seatpasskey"] = seat_passkey(full.rows["accounts.seat"], name=full.said("Passkey"))[0]
    full.rows["accounts.door"] = agency.door
    full.rows["accounts.session"] = Session.objects.create(user=full.owner, session_key=uuid.uuid4().hex)
    full.rows["mfa.authenticator"] = passkey_of(colleague, "testserver")
    full.rows["socialaccount.socialaccount"] = SocialAccount.objects.create(
        user=full.owner, provider="feishu", uid=full.canary
    )


def key_of(full, scopes, *, is_expired=False):
    """(key, secret) of a new API key of the workspace."""
    until = timezone.now() + timedelta(days=30)
    key, secret = create_api_key(full.actor, name=f"Key {full.canary}", scopes=scopes, expires_at=until)
    if is_expired:
        ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(days=1))
    return key, secret


def _models():
    """Models of a workspace that have no ready-made row."""
    for name in OWN_APPS:
        for model in apps.get_app_config(name).get_models():
            fields = {one.name for one in model._meta.fields}
            if "workspace" in fields and model._meta.label_lower not in READY_MADE:
                yield model


def _depth(model, seen=()):
    """How many tables stand below one by foreign keys."""
    below = [one.related_model for one in model._meta.fields if one.is_relation and one.related_model is not model]
    return 1 + max((_depth(other, (*seen, model)) for other in below if other not in seen), default=0)


def _make(model, full):
    if model._meta.label_lower == "tasks.dependency":
        return _link(model, full)
    values, label = {}, model._meta.label_lower
    for one in model._meta.fields:
        is_said = one.name in VALUES or f"{label}.{one.name}" in VALUES
        if one.primary_key or (one.has_default() and not one.is_relation and not is_said):
            continue
        values[one.name] = _value(label, one, full)
    return model._base_manager.create(**values)


def _link(model, full):
    """A link needs a second task, which nobody else may know."""
    task = full["tasks.task"]
    ahead = type(task)._base_manager.create(
        workspace=full.workspace, campaign=task.campaign, title=full.said("Ahead"), start_date=START
    )
    own = {"workspace": full.workspace, "campaign": task.campaign}
    return model._base_manager.create(predecessor=ahead, successor=task, **own)


def _value(label, one, full):
    for known in (f"{label}.{one.name}", one.name):
        if known in VALUES:
            return VALUES[known]
    if one.is_relation:
        return full.rows.get(one.related_model._meta.label_lower)
    if one.choices:
        return one.choices[0][0]
    return _of_kind(one, full)


def _of_kind(one, full):
    if one.name == "reference":  # short, and another one in each campaign
        return full.canary[-one.max_length :]
    if isinstance(one, models.CharField | models.TextField):
        front = "" if one.name in PLAIN or isinstance(one, models.SlugField) else next(full.words)
        return f"{front}{one.name[:8]}-{full.canary}"[: one.max_length or 400]
    if isinstance(one, models.UUIDField):
        return full.rows["campaigns.campaign"].pk if "campaigns.campaign" in full.rows else uuid.uuid4()
    if isinstance(one, models.DateTimeField):
        return None if one.null else timezone.now()
    if isinstance(one, models.IntegerField | models.DecimalField):
        return None if one.null else 1
    return None


def _join(full):
    """What foreign keys alone do not say."""
    full["tasks.task"].assignees.add(full.owner)
    full["tasks.task"].kpis.add(full["campaigns.kpi"])
    campaign, placement = full["campaigns.campaign"], full["placements.placement"]
    campaign.markets.add(full["campaigns.market"])
    full.rows["accounts.grant"] = factories.grant(full["accounts.organization"], campaign)
    _ask_the_seat(full)
    placement.kpis.add(full["campaigns.kpi"])
    full.rows[MEMBERS_INVITATION] = invite_member(full.actor, role="viewer", email=f"{full.canary}@invited.example")[0]
    version = full["campaigns.briefversion"]
    version.sections = [{"key": "core_goal", "title": "", "text": full.said("Grow")}]
    version.save()


def _ask_the_seat(full):
    """The seat is asked at the level of review, at a door that lets it decide; it raised the problem."""
    problem = full["tasks.problem"]
    type(problem)._base_manager.filter(pk=problem.pk).update(raised_by=full["accounts.seat"].user)
    step, door = full["assets.reviewstep"], full["accounts.door"]
    type(door)._base_manager.filter(pk=door.pk).update(may_decide=True)
    asked = apps.get_model("assets.StepReviewer")._base_manager
    own = {"workspace": full.workspace, "campaign": full["campaigns.campaign"]}
    asked.create(step=step, user=full["accounts.seat"].user, **own)


def _logbook(full):
    """A line of the logbook, a mail and a job of the workspace."""
    event = AuditEvent.objects.create(workspace_id=full.workspace.pk, user_id=full.owner.pk)
    full.rows["core.auditevent"] = event
    full.rows["core.activity"] = Activity.objects.create(
        event=event,
        workspace_id=full.workspace.pk,
        campaign_id=full["campaigns.campaign"].pk,
        user_id=full.owner.pk,
        user_name=full.owner.name,
        verb="campaigns.campaign_changed",
        subject_type="campaigns.campaign",
        subject_id=str(full["campaigns.campaign"].pk),
        subject_label=full["campaigns.campaign"].name,
    )
    full.rows["core.job"] = Job.objects.create(name="accounts.send_welcome", workspace_id=full.workspace.pk)
    full.rows["core.outboxmessage"] = OutboxMessage.objects.create(kind="mail", workspace_id=full.workspace.pk)


# --- routes -------------------------------------------------------------------------------------------------------

FIXED = {  # arguments that name no row: by "route.argument", else by argument
    "token": "x" * 43,
    "number": 1,
    "table": "days",
    "part": "trend",
    "rest": "nowhere",
    "uidb36": "1",
    "key": "none",
    "provider_id": "oidc",
    "kind": "metrics",
    "campaigns:comments.kind": "campaigns.campaign",
    "tasks:problem-raise.kind": "campaigns.campaign",
    "assets:standard-create.kind": "copy",
    "function": "marketing",
    "page": 1,
    "analytics:import-mapping.position": 0,
}
ROW_OF_PAGE = {  # the model of a page's `pk`, by the beginning of the route's name (the longest fits)
    "accounts:person": "accounts.membership",
    "accounts:invitation": "accounts.invitation",
    "accounts:organization": "accounts.organization",
    "accounts:api-key": "accounts.apikey",
    "accounts:saved-view": "accounts.savedview",
    "accounts:session": "accounts.session",
    "accounts:account-disconnect": "socialaccount.socialaccount",
    "mfa_edit_webauthn": "mfa.authenticator",
    "mfa_remove_webauthn": "mfa.authenticator",
    "accounts:door-": "accounts.organization",
    "accounts:seat": "accounts.seat",
    "accounts:seat-invite": "accounts.organization",
    "accounts:seat-invite-again": "accounts.seat",
    "accounts:seat-invitation": "accounts.invitation",
    "accounts:seat-session": "accounts.seatsession",
    "accounts:partner-seat": "accounts.seat",
    "accounts:partner-seat-invitation": "accounts.invitation",
    "accounts:partner-seat-session": "accounts.seatsession",
    "accounts:partner-session": "accounts.seatsession",
    "accounts:partner-device": "accounts.seatdevice",
    "accounts:partner-passkey": "accounts.seatpasskey",
    "messaging:mail": "core.outboxmessage",
    "operator:job": "core.job",
    "campaigns:programme": "campaigns.programme",
    "campaigns:member": "campaigns.campaignmember",
    "campaigns:phase": "campaigns.phase",
    "campaigns:brief-unshare": "campaigns.briefshare",
    "campaigns:goal": "campaigns.goal",
    "campaigns:grant": "accounts.grant",
    "campaigns:kpi": "campaigns.kpi",
    "campaigns:note": "campaigns.annotation",
    "campaigns:comment": "campaigns.comment",
    "campaigns:comments": "campaigns.campaign",
    "campaigns:word": "campaigns.metric",
    "campaigns:exchange-rate": "campaigns.exchangerate",
    "campaigns:delegation": "campaigns.delegation",
    "campaigns:contact": "campaigns.contactpoint",
    "campaigns:readiness": "campaigns.readinessline",
    "campaigns:access": "campaigns.accessitem",
    "campaigns:access-proof": "campaigns.accessproof",
    "overview:readiness": "campaigns.readinesssnapshot",
    "campaigns:budget": "campaigns.budgetline",
    "campaigns:budget-request": "campaigns.budgetrequest",
    "campaigns:budget-decide": "campaigns.budgetrequest",
    "campaigns:budget-withdraw": "campaigns.budgetrequest",
    "campaigns:commitment": "campaigns.commitment",
    "campaigns:threshold": "campaigns.approvalthreshold",
    "accounts:calendar": "accounts.workcalendar",
    "accounts:calendar-day-delete": "accounts.calendarday",
    "accounts:absence": "accounts.absence",
    "accounts:calendar-day": "accounts.calendarday",
    "tasks:": "tasks.task",
    "tasks:baseline": "tasks.baseline",
    "tasks:item": "tasks.checklistitem",
    "tasks:undo": "core.activity",
    "tasks:item-add": "tasks.task",
    "tasks:deliverable-add": "tasks.task",
    "tasks:file-add": "tasks.task",
    "tasks:problem-raise": "campaigns.campaign",
    "tasks:deliverable": "tasks.deliverable",
    "tasks:file": "tasks.taskfile",
    "tasks:link": "tasks.dependency",
    "tasks:link-add": "tasks.task",
    "tasks:problem": "tasks.problem",
    "tasks:recurrence": "tasks.recurrence",
    "tasks:tag": "tasks.tag",
    "raci:row": "raci.racirow",
    "raci:undo": "core.activity",
    "raci:holder": "raci.raciholder",
    "assets:": "assets.asset",
    "assets:upload-forget": "core.storedfile",
    "assets:version": "assets.assetversion",
    "assets:version-add": "assets.asset",
    "assets:picture": "assets.rendition",
    "assets:pin": "assets.pin",
    "assets:pin-add": "assets.assetversion",
    "assets:guest-revoke": "assets.guestlink",
    "guests:": "assets.assetversion",
    "guests:answer": "assets.pin",
    "guests:picture": "assets.rendition",
    "assets:right": "assets.right",
    "assets:right-add": "assets.asset",
    "assets:standard": "assets.outputstandard",
    "assets:route": "assets.reviewroute",
    "assets:review-": "assets.review",
    "assets:decide": "assets.reviewstep",
    "assets:step-": "assets.reviewstep",
    "placements:": "placements.placement",
    "risks:": "risks.risk",
    "risks:playbook": "risks.playbook",
    "risks:step-add": "risks.playbook",
    "risks:step-edit": "risks.playbookstep",
    "risks:step-move": "risks.playbookstep",
    "risks:step-remove": "risks.playbookstep",
    "risks:step-": "risks.incidentstep",
    "risks:incident": "risks.incident",
    "risks:note": "risks.incident",
    "risks:level": "risks.incident",
    "risks:pause": "risks.incident",
    "risks:resume": "risks.incident",
    "risks:post-mortem": "risks.incident",
    "placements:account": "placements.adaccount",
    "placements:slot": "placements.slot",
    "placements:slot-add": "placements.placement",
    "placements:asset-slots": "assets.asset",
    "analytics:placement": "placements.placement",
    "analytics:kpi": "campaigns.kpi",
    "analytics:programme": "campaigns.programme",
    "analytics:range": "analytics.expectedrange",
    "analytics:import": "analytics.import",
    "analytics:import-skip": "analytics.importfile",
    "analytics:import-answers": "analytics.importfile",
    "analytics:mapping": "analytics.columnmapping",
    "analytics:object-unlink": "analytics.objectlink",
    "analytics:source": "analytics.source",
    "analytics:run": "analytics.pullrun",
    "campaigns:question": "campaigns.question",
    "campaigns:partner-question": "campaigns.question",
    "tasks:partner-": "tasks.task",
    "tasks:partner-tick": "tasks.checklistitem",
    "tasks:partner-file": "tasks.taskfile",
    "tasks:partner-file-add": "tasks.task",
    "tasks:partner-solve": "tasks.problem",
    "assets:partner-": "assets.asset",
    "assets:partner-pin": "assets.pin",
    "assets:partner-pin-add": "assets.assetversion",
    "assets:partner-picture": "assets.rendition",
    "assets:partner-video": "assets.assetversion",
    "assets:partner-download": "assets.assetversion",
    "assets:partner-upload-forget": "core.storedfile",
    "assets:partner-review": "assets.reviewstep",
    "assets:partner-decide": "assets.reviewstep",
    "overview:partner-placement": "placements.placement",
    "overview:partner-slot": "placements.slot",
    "api:kpi": "campaigns.kpi",
    "api:work-plan-feed": "campaigns.campaign",
}
MEMBERS_INVITATION = "accounts.invitation of a member"
ROW_OF_ROUTE = {  # where the first row of a model is not one of those the route is about
    "accounts:invitation-again": MEMBERS_INVITATION,
    "accounts:invitation-revoke": MEMBERS_INVITATION,
    "api:invitations-detail": MEMBERS_INVITATION,
    "api:invitations-again": MEMBERS_INVITATION,
    "api:invitations-revoke": MEMBERS_INVITATION,
}


@dataclass(frozen=True)
class Route:
    """A route of the process: its name, the arguments it takes, the model its `pk` names, its policy."""

    name: str
    arguments: tuple
    model: str
    policy: object

    @property
    def is_api(self):
        return self.name.startswith("api:")

    @property
    def in_workspace(self):
        return "slug" in self.arguments

    @property
    def is_public(self):
        return getattr(self.policy.reads or self.policy.writes, "__name__", "") == "anyone"

    @property
    def is_partners(self):
        """Only partners' seats have business there; to everybody else it is closed, whatever it names."""
        rule = self.policy.reads or self.policy.writes
        return rule in (seat, seat_at_work, seat_lead)

    @property
    def names_a_row(self):
        return "pk" in self.arguments

    def path(self, full, *, slug=None, pk=None, code=None):
        """The address for a workspace's own rows, or with other values in their place."""
        given = {"slug": slug or full.workspace.slug, "code": code or full["campaigns.campaign"].code}
        if self.names_a_row:
            given["pk"] = pk or full.of(self).pk
        values = {name: given.get(name, FIXED.get(f"{self.name}.{name}", FIXED.get(name))) for name in self.arguments}
        unknown = [name for name, value in values.items() if value is None]
        assert not unknown, f"{self.name}: tests/inventory.py knows no value for {unknown}; add it to FIXED"
        return self.path_of(values)

    def path_of(self, values):
        """The address with these arguments."""
        try:
            return reverse(self.name, kwargs=values)
        except NoReverseMatch as error:
            raise AssertionError(f"{self.name}: its address cannot be made of {values}") from error


def inventory():
    """Every route, once by name and arguments."""
    found = {}
    for name, pattern, callback in routes():
        arguments = tuple(re.findall(r"<(?:\w+:)?(\w+)>", pattern))
        model = _model_of(name, callback) if "pk" in arguments else ""
        found[name, arguments] = Route(name, arguments, model, policy_for(name))
    return list(found.values())


def _model_of(name, callback):
    """The model of a REST resource is its viewset's; a page's stands in ROW_OF_PAGE."""
    own = getattr(getattr(callback, "cls", None), "model", None)
    if own is not None:
        return own._meta.label_lower
    fitting = [beginning for beginning in ROW_OF_PAGE if name.startswith(beginning)]
    assert fitting, f"{name} names a row by pk: say of which model in ROW_OF_PAGE of tests/inventory.py"
    return ROW_OF_PAGE[max(fitting, key=len)]


def absent(route):
    """A key no row has."""
    model = apps.get_model(route.model)
    return 999_999_999 if model._meta.pk.get_internal_type().endswith("AutoField") else uuid.uuid4()
