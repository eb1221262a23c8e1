"""docs/security-model.md says what the policies say; PHAROS_UPDATE_DOCS=1 writes its table anew."""

import os
import re
from pathlib import Path

import pytest

from core.policy import Policy, member, planner, policies
from tests.principals import OWN_THINGS, Principal, admits

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security-model.md"
BLOCK = re.compile(r"(<!-- table of sections -->\n).*?(<!-- end -->)", re.DOTALL)
ROLES = ("viewer", "approver", "finance", "member", "manager", "owner")
SEATS = ("reader", "contributor", "lead")
SECTIONS = {
    "campaigns": "Plan: campaigns, brief, goals, team, readiness",
    "budget": "Budget",
    "tasks": "Tasks",
    "raci": "RACI",
    "assets": "Assets and reviews",
    "placements": "Placements",
    "analytics": "Figures and data",
    "risks": "Risks and incidents",
    "accounts": "People, organisations, keys",
    "": "Search, activity; one's own profile, calendars, absences, views",
}
SEAT_RULES = ("seat", "seat_at_work", "seat_lead")


def columns():
    people = {role: Principal(role, None, role=role) for role in ROLES}
    return people | {f"seat {seat}": Principal(seat, None, seat=seat, areas={}) for seat in SEATS}


def is_partners(policy):
    return getattr(policy.reads or policy.writes, "__name__", "") in SEAT_RULES


def is_public(policy):
    return getattr(policy.reads or policy.writes, "__name__", "") in ("anyone", "operator")


def word(found, who):
    """What one may do of all that a section's routes offer."""
    writes = [admits(policy.writes, who) for policy in found if policy.writes is not None]
    reads = [admits(policy.reads, who) for policy in found if policy.reads is not None]
    if not any(writes):
        return ("looks" if all(reads) else "looks at most") if any(reads) else "–"
    return "all" if all(writes) and all(reads) else "some acts" if sum(writes) * 2 < len(writes) else "most acts"


def section_of(name, policy):
    if name.startswith(tuple(OWN_THINGS)):
        return ""
    area = policy.area if policy.area in SECTIONS else ""
    app = name.partition(":")[0]
    return area or (app if app in SECTIONS else "")


def rendered(table):
    """The table in Markdown: a section a line, who may do how much of it."""
    people, lines = columns(), []
    for section, title in SECTIONS.items():
        found = [
            policy for name, policy in table.items() if section_of(name, policy) == section and not is_public(policy)
        ]
        inside = [policy for policy in found if not is_partners(policy)]
        partners = [policy for policy in found if is_partners(policy)]
        cells = [word(partners if who.seat else inside, who) for who in people.values()]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    head = f"| Section | {' | '.join(people)} |\n|{'---|' * (len(people) + 1)}"
    return "\n".join([head, *lines]) + "\n"


def test_the_table_of_sections_is_that_of_the_policies():
    text, table = PAGE.read_text(encoding="utf-8"), rendered(policies())
    if os.environ.get("PHAROS_UPDATE_DOCS"):
        text = BLOCK.sub(lambda found: found[1] + table + found[2], text)
        PAGE.write_text(text, encoding="utf-8")
    assert BLOCK.search(text)[0] == f"<!-- table of sections -->\n{table}<!-- end -->", (
        "PHAROS_UPDATE_DOCS=1 writes it anew"
    )


def test_another_policy_is_another_table():
    """The control: a rule that is widened shows."""
    strict = {"tasks:one": Policy(reads=planner, writes=planner, area="tasks")}
    wide = {"tasks:one": Policy(reads=member, writes=planner, area="tasks")}
    assert rendered(strict) != rendered(wide)


TESTS = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_test_that_the_page_names_is_there():
    named = TESTS.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) > 30
    for place, name in named:
        text = (PAGE.parents[1] / place).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in text, f"{place}::{name}"


@pytest.mark.parametrize("number", range(1, 23))
def test_every_known_fault_has_its_proof(number):
    assert re.search(rf"^\| S{number} \|.*`tests/", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
