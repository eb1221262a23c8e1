"""How the matrix of a campaign stands: its rows, columns and people as the rules of `raci.rules.lint` read them."""

from collections import defaultdict

from accounts.models import Absence, Membership
from campaigns.models import CampaignFunction, CampaignMember, Delegation
from raci.models.matrix import cells_of, matrix_of
from raci.models.tables import RaciRow
from raci.rules import lint


def findings_of(actor, campaign, matrix=None):
    """The findings of a campaign's matrix, those that block first."""
    matrix = matrix or matrix_of(actor, campaign)
    rows = _rows(matrix.rows)
    people = _People(actor, campaign)
    holders = [people.holder(one) for one in matrix.holders]
    return lint.lint(rows, holders, matrix.letters, people.team([row.due for row in rows if row.due]))


def gaps_of(actor, campaign, matrix=None):
    """(rows, how many of them are a vacuum, how many overlap): two questions, none with the matrix at hand."""
    if matrix is None:
        found = list(RaciRow.objects.visible_to(actor).of(campaign).shown().with_work().exclude(kind="section"))
        letters = cells_of(campaign, row__in=found) if found else {}
    else:
        found, letters = matrix.rows, matrix.letters
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


class _People:
    """Who stands behind the columns of a campaign, and who of them is away."""

    def __init__(self, actor, campaign):
        self.actor, self.campaign = actor, campaign
        self.memberships = list(Membership.objects.visible_to(actor).select_related("user"))
        members = CampaignMember.objects.visible_to(actor).of(campaign)
        self.members = list(members.values_list("pk", "user_id", "function", "organization_id"))
        described = CampaignFunction.objects.visible_to(actor).of(campaign).exclude(organization=None)
        self.held_by = dict(described.values_list("function", "organization_id"))
        self.names = {one.user_id: one.user.name for one in self.memberships}
        self.of_organization = defaultdict(set)
        self.of_function = defaultdict(set)
        self._sort()

    def _sort(self):
        for one in self.memberships:
            if one.organization_id and one.user.is_active:
                self.of_organization[one.organization_id].add(one.user_id)
        for _pk, user, function, organization in self.members:
            self.of_function[function].add(user)
            if organization:
                self.of_organization[organization].add(user)
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
        approvers = (one.user_id for one in self.memberships if one.role != "viewer" and one.user.is_active)
        return lint.Team(
            names=self.names,
            approvers=frozenset(approvers),
            members=tuple(dict.fromkeys(user for _pk, user, *_rest in self.members)),
            absences=tuple(self._absences(days)),
            delegations=tuple(self._delegations()),
        )

    def _absences(self, days):
        if days:
            rows = Absence.objects.visible_to(self.actor).between(min(days), max(days))
            for user, first, last in rows.values_list("user_id", "start_date", "finish_date"):
                yield lint.Away(user, first, last)

    def _delegations(self):
        users = {pk: user for pk, user, *_rest in self.members}
        rows = Delegation.objects.visible_to(self.actor).of(self.campaign)
        for member, delegate, first, last in rows.values_list("member", "delegate", "start_date", "finish_date"):
            yield lint.Away(users[member], first, last, delegate)
