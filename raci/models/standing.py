"""How the matrix of a campaign stands: its rows, columns and people as the rules of `raci.rules.lint` read them."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import UUIDField, Value
from django.db.models.functions import Cast

from accounts.models import Absence, Membership
from campaigns.models import CampaignFunction, CampaignMember, Delegation
from raci.models.matrix import cells_of_rows, matrix_of, rows_of
from raci.rules import lint


def findings_of(actor, campaign, matrix=None):
    """The findings of a campaign's matrix, those that block first."""
    matrix = matrix or matrix_of(actor, campaign)
    rows = _rows(matrix.rows)
    people = _People(actor, campaign)
    holders = [people.holder(one) for one in matrix.holders]
    return lint.lint(rows, holders, matrix.letters, people.team([row.due for row in rows if row.due]))


def gaps_of(actor, campaign):
    """(rows, how many of them are a vacuum, how many overlap): two questions."""
    found = list(rows_of(actor, campaign).exclude(kind="section"))
    letters = cells_of_rows(campaign, found, "RA") if found else {}
    rows = _rows(found)
    return len(rows), len(lint.vacuum(rows, letters)), len(lint.overlap(rows, letters))


def _rows(rows):
    """The rows that carry letters, as the rules read them."""
    handed_over = defaultdict(list)
    for row in rows:
        if row.deliverable_id:
            handed_over[row.deliverable.task_id].append(row.deliverable_id)
    return [_row(row, handed_over) for row in rows if row.has_letters]


def _row(row, handed_over):
    return lint.Row(
        id=row.pk,
        title=row.name,
        start=row.start,
        due=row.due,
        is_about_money=row.is_money,
        is_done=row.is_done,
        subjects=frozenset(_subjects(row, handed_over)),
    )


def _subjects(row, handed_over):
    """Which deliverables a row is about: its own, those its task hands over, or one of the same name."""
    if row.task_id:
        return [("deliverable", each) for each in handed_over[row.task_id]]
    name = ("name", " ".join(row.name.casefold().split()))
    return [name, ("deliverable", row.deliverable_id)] if row.deliverable_id else [name]


@dataclass(frozen=True)
class _Somebody:
    """A membership, a member of the campaign, or who holds a function: `word` is the role or the function."""

    pk: UUID
    user: UUID | None
    name: str
    word: str
    organization: UUID | None
    is_active: bool


class _People:
    """Who stands behind the columns of a campaign, and who of them is away: two questions."""

    def __init__(self, actor, campaign):
        self.actor, self.campaign = actor, campaign
        found = defaultdict(list)
        for table, *said in self._asked():
            found[table].append(_Somebody(*said))
        self.memberships, self.members = found["membership"], found["member"]
        self.held_by = {one.word: one.organization for one in found["function"]}
        self.names = {one.user: one.name for one in self.memberships}
        self.of_organization = defaultdict(set)
        self.of_function = defaultdict(set)
        self._sort()

    def _asked(self):
        """The workspace's people, the campaign's members and who holds its functions, in one question."""
        people = Membership.objects.visible_to(self.actor).order_by()
        members = CampaignMember.objects.visible_to(self.actor).of(self.campaign).order_by()
        described = CampaignFunction.objects.visible_to(self.actor).of(self.campaign).exclude(organization=None)
        plain = (Value(""), "function", "organization_id", Value(True))
        nobody = Cast(Value(None), UUIDField())
        return people.values_list(
            Value("membership"), "pk", "user_id", "user__name", "role", "organization_id", "user__is_active"
        ).union(
            members.values_list(Value("member"), "pk", "user_id", *plain),
            described.order_by().values_list(Value("function"), "pk", nobody, *plain),
            all=True,
        )

    def _sort(self):
        for one in self.memberships:
            if one.organization and one.is_active:
                self.of_organization[one.organization].add(one.user)
        for one in self.members:
            self.of_function[one.word].add(one.user)
            if one.organization:
                self.of_organization[one.organization].add(one.user)
        for function, organization in self.held_by.items():
            self.of_function[function] |= self.of_organization[organization]

    def holder(self, one):
        people = {
            "person": lambda: {one.user_id},
            "function": lambda: self.of_function[one.function],
            "organization": lambda: self.of_organization[one.organization_id],
        }[one.kind]()
        return lint.Holder(id=one.pk, kind=one.kind, name=one.label, people=frozenset(people))

    def team(self, days):
        approvers = (one.user for one in self.memberships if one.word != "viewer" and one.is_active)
        absences, delegations = self._away(days)
        return lint.Team(
            names=self.names,
            approvers=frozenset(approvers),
            members=tuple(dict.fromkeys(one.user for one in sorted(self.members, key=lambda one: one.pk))),
            absences=tuple(absences),
            delegations=tuple(delegations),
        )

    def _away(self, days):
        """(absences on these days, delegations of the campaign): one question."""
        found = {"absence": [], "delegation": []}
        users = {one.pk: one.user for one in self.members}
        delegations = Delegation.objects.visible_to(self.actor).of(self.campaign).order_by()
        rows = delegations.values_list(Value("delegation"), "member", "delegate", "start_date", "finish_date")
        if days:
            absences = Absence.objects.visible_to(self.actor).between(min(days), max(days)).order_by()
            rows = rows.union(
                absences.values_list(Value("absence"), "user_id", "user_id", "start_date", "finish_date"), all=True
            )
        for table, who, delegate, first, last in rows:
            away = (who, first, last) if table == "absence" else (users[who], first, last, delegate)
            found[table].append(lint.Away(*away))
        return found["absence"], found["delegation"]
