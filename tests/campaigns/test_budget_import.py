"""Budget lines from files: read, looked at, applied through both doors; what goes out comes in again."""

import io
import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from campaigns import actions
from campaigns.actions.budget_imports import look_at_budget, sheet_of
from campaigns.importers import budget as tables
from campaigns.models import BudgetLine
from core.errors import Invalid
from core.export import xlsx_bytes
from core.models import Activity
from tests import factories

TABLE = """Budget item,Category,Amount,Currency,VAT %,Channel,Phase,Owner,Remarks
Search,media,"50,000.00",CNY,6,sem,Warm-up,Ana Owner,Brand words
KOL 达人,达人费用,12.5万,RMB,6%,,,,
Total,,175000,,,,,,
"""


@pytest.fixture
def warm_up(world):
    return factories.phase(world.campaign, "Warm-up")


@pytest.fixture(params=["page", "api"])
def door(request, world, owner):
    return Door(request.param, world, owner)


class Door:
    """Loads a table by a page's two steps or by REST."""

    def __init__(self, name, world, client):
        self.name, self.world, self.client = name, world, client
        self.page = f"{world.c}/budget/import/"

    def look(self, text, **more):
        if self.name == "page":
            return self.client.post(self.page, {"text": text})
        body = {"campaign": self.world.campaign.code, "text": text, "preview": True, **more}
        return self.client.post("/api/v1/budget-lines/import/", json.dumps(body), content_type="application/json")

    def apply(self, text, mapping=None):
        """Whether it was applied."""
        if self.name == "page":
            seen = self.client.post(self.page, {"text": text})
            if not seen.context or "seen" not in seen.context:
                return False
            sent = {"step": "apply", "sheet": seen.context["sheet"], "digest": seen.context["seen"].digest}
            chosen = seen.context["seen"].mapping if mapping is None else mapping
            sent = sent if mapping is None else sent | {"digest": ""}
            self.answer = self.client.post(self.page, sent | {f"column-{name}": at for name, at in chosen.items()})
            return self.answer.status_code == 302
        body = {"campaign": self.world.campaign.code, "text": text} | ({"mapping": mapping} if mapping else {})
        self.answer = self.client.post(
            "/api/v1/budget-lines/import/", json.dumps(body), content_type="application/json"
        )
        return self.answer.status_code == 201


def test_a_table_becomes_lines(door, world, warm_up):
    assert door.look(TABLE).status_code == 200
    assert not BudgetLine.objects.exists()
    assert door.apply(TABLE), door.answer.content.decode()
    first, second = BudgetLine.objects.order_by("position")
    assert (first.name, first.category, first.planned_amount, first.tax_rate) == ("Search", "media", 50_000, 6)
    assert (first.channel.code, first.phase, first.owner, first.note) == ("sem", warm_up, world.owner, "Brand words")
    assert (second.name, second.category, second.planned_amount, second.currency) == ("KOL 达人", "kol", 125_000, "CNY")
    assert Activity.objects.get(verb="campaigns.budget_imported").changes == {"added": [None, 2]}


def test_a_known_name_is_changed_and_the_rest_stays(door, world):
    actions.create_budget_line(
        world.actor, campaign=world.campaign, name="Search", planned_amount=Decimal(5), note="Old"
    )
    assert door.apply("Name,Planned\nsearch,7\nSocial,1\n")
    assert list(BudgetLine.objects.order_by("position").values_list("name", "planned_amount", "note")) == [
        ("Search", 7, "Old"),
        ("Social", 1, ""),
    ]
    assert not door.apply("Name,Planned\nSearch,7\nSocial,1\n")


def test_columns_are_named_by_hand(door, world):
    text = "Was,Wieviel\nSearch,7\n"
    assert not door.apply(text)
    assert door.apply(text, mapping={"name": 0, "planned_amount": 1}), door.answer.content.decode()
    assert BudgetLine.objects.get().planned_amount == 7


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Search,x,,,", "is not a number"),
        ("Search,-5,,,", "below zero"),
        ("Search,5.005,,,", "decimal places"),
        ("Search,5,XXX,,", "ISO 4217"),
        ("Search,5,,101,", "between 0 and 100"),
        ("Search,5,,,Nowhere", "not known here"),
        (",5,,,", "has no name"),
        ("Search,5,,,\nsearch,6,,,", "same name"),
    ],
)
def test_what_a_row_cannot_mean_is_said_at_its_line(door, world, row, sentence):
    text = f"Name,Planned,Currency,Tax %,Channel\n{row}\n"
    assert sentence in door.look(text).content.decode()
    assert not door.apply(text)
    assert sentence in door.answer.content.decode()
    assert not BudgetLine.objects.exists()


def test_a_locked_line_is_not_changed(door, world):
    actions.create_budget_line(world.actor, campaign=world.campaign, name="Search", planned_amount=Decimal(5))
    actions.lock_budget(world.actor, campaign=world.campaign)
    assert not door.apply("Name,Planned\nSearch,7\n")
    assert "locked" in door.answer.content.decode()


def test_a_budget_that_changed_since_is_looked_at_again(world, owner):
    page = f"{world.c}/budget/import/"
    seen = owner.post(page, {"text": "Name,Planned\nSearch,7\n"})
    sent = {"step": "apply", "sheet": seen.context["sheet"], "digest": seen.context["seen"].digest}
    sent |= {"column-name": 0, "column-planned_amount": 1}
    actions.create_budget_line(world.actor, campaign=world.campaign, name="Search")
    answer = owner.post(page, sent)
    assert answer.status_code == 422
    assert "changed since the preview" in answer.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_goes_out_comes_in_again(world, owner, warm_up, kind, language):
    values = {"channel": factories.channel(world.workspace), "phase": warm_up, "owner": world.owner, "tax_rate": 6}
    values |= {"organization": factories.organization(world.workspace, "Panda 代理")}
    actions.create_budget_line(
        world.actor, campaign=world.campaign, name="=Search", planned_amount=Decimal("1234.50"), note="-5 %", **values
    )
    world.owner.language = language
    world.owner.save()
    content = owner.get(f"{world.c}/budget/?export={kind}").content
    assert content
    with translation.override(language):
        seen = look_at_budget(world.actor, campaign=world.campaign, sheet=sheet_of(content))
    assert seen.counted() == {"added": 0, "changed": 0, "same": 1}, [one.values for one in seen.entries]
    assert len(seen.mapping) == 10


def test_a_workbook_through_both_doors(world, owner):
    book = xlsx_bytes([("Budget", ["Name", "Planned"], [["Search", Decimal("12.5")]])])
    seen = owner.post(f"{world.c}/budget/import/", {"file": SimpleUploadedFile("budget.xlsx", book)})
    assert seen.context["counted"]["added"] == 1
    sent = {"campaign": world.campaign.code, "file": io.BytesIO(book)}
    answer = owner.post("/api/v1/budget-lines/import/", sent)
    assert answer.status_code == 201, answer.content
    assert BudgetLine.objects.get().planned_amount == Decimal("12.5")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\x00\x01\x02", b"one cell", b'Name,Planned\n"open,1'])
def test_what_is_no_table_is_refused_with_a_sentence(world, owner, content):
    with pytest.raises(Invalid):
        sheet_of(content)
    file = SimpleUploadedFile("x.csv", content or b" ")
    answer = owner.post(f"{world.c}/budget/import/", {"file": file})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_too_many_rows_are_refused(world):
    text = "Name,Planned\n" + "\n".join(f"Line {n},1" for n in range(tables.MOST_ROWS + 1))
    with pytest.raises(Invalid, match="at most 1000 rows"):
        sheet_of(text.encode())


@pytest.mark.parametrize("sheet", ["", "[]", '{"columns": 1}', '{"columns": [], "rows": [[1]]}', "{"])
def test_a_broken_preview_is_no_fault_of_ours(world, owner, sheet):
    answer = owner.post(f"{world.c}/budget/import/", {"step": "apply", "sheet": sheet, "column-name": "x"})
    assert answer.status_code == 422


def test_whoever_may_not_plan_loads_nothing(world, viewer):
    assert viewer.post(f"{world.c}/budget/import/", {"text": TABLE}).status_code == 403
    body = {"campaign": world.campaign.code, "text": TABLE}
    assert viewer.post("/api/v1/budget-lines/import/", body, content_type="application/json").status_code == 403
