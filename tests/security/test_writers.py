"""Mass assignment and fields named by parameters: only what the description says may be written, nothing may be asked
about columns."""

import json
from datetime import datetime
from functools import partial

import pytest
from django.apps import apps
from django.db import models, transaction

from core.context import Context, using
from tests import completeness
from tests.inventory import fill, inventory
from tests.test_foreign_ids import Schema, addresses_of
from tests.test_matrix import Ledger, browser

pytestmark = pytest.mark.once

MOVES_BY_ITSELF = {"updated_at", "lock_version", "search_text"}


def hostile(one, theirs):
    """A value that nobody may give a column."""
    if one.is_relation:
        row = theirs.rows.get(one.related_model._meta.label_lower) if one.related_model else None
        return str(row.pk) if row else "00000000-0000-7000-8000-000000000000"
    if one.choices:
        return str(one.choices[-1][0])
    if isinstance(one, models.BooleanField):
        return True
    if isinstance(one, models.DateTimeField):
        return "2001-02-03T04:05:06Z"
    if isinstance(one, models.DateField):
        return "2001-02-03"
    if isinstance(one, models.IntegerField | models.DecimalField | models.FloatField):
        return 66
    return {"hostile": 1} if isinstance(one, models.JSONField) else "hostile"


def undocumented(model, schema, body, theirs):
    """{name: hostile value} of every column that the description of an operation does not offer."""
    documented = set(schema.follow(body).get("properties", {}))
    found = {}
    for one in model._meta.fields:
        if one.name not in documented and one.attname not in documented:
            found |= dict.fromkeys((one.name, one.attname), hostile(one, theirs))
    return found


def columns(model, pk):
    return model._base_manager.filter(pk=pk).values().first()


def taken(model, before, after, given):
    """Columns that now hold what was smuggled in."""
    for name, value in (after or {}).items():
        is_new = value != (before or {}).get(name) and name not in MOVES_BY_ITSELF
        if name in given and is_new and same(value, given[name]):
            yield f"{model._meta.label_lower}.{name}"


def same(value, given):
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z") == given
    if isinstance(value, bool) or isinstance(given, bool):
        return value is given
    return value == given or str(value) == str(given)


@pytest.fixture
def schema(db):
    return Schema()


def smuggled(schema, mine, theirs, noun=""):
    """Send every operation that writes what it does not offer beside a right body; the ledger of what was taken."""
    client, ledger, accepted = browser(mine.owner, "mine"), Ledger(), 0
    addresses = addresses_of(mine)
    kinds = {route.path(mine): route for route in inventory() if route.is_api}
    for name, method, path, body, _filters in schema.operations():
        route = kinds.get(addresses[path])
        model = model_of(route)
        if not body or model is None or method == "GET" or (noun and name != noun):
            continue
        given = undocumented(model, schema, body, theirs)
        own = schema.body(body, name, mine)
        for sent in [own | given] if method != "PATCH" else [given, own | given]:
            ask = partial(written, client, method, addresses[path], model, mine.rows.get(model._meta.label_lower))
            answer, faults = ask(sent, given)
            accepted += answer.status_code < 300
            cell = ("owner", route.name, method)
            ledger.expect(answer.status_code < 500, cell, answer.content[:200])
            faults -= ask(own, given)[1] if faults else set()  # what the act does by itself
            ledger.expect(not faults, cell, f"took {sorted(faults)}")
    print(f"{accepted} of {ledger.cells // 2} were carried out")
    return ledger, accepted


def written(client, method, address, model, row, sent, given):
    """(answer, columns that hold what was smuggled in) of one request; nothing stays."""
    with transaction.atomic(), using(Context()):
        before, known = columns(model, row and row.pk), set(model._base_manager.values_list("pk", flat=True))
        answer = client.generic(method, address, json.dumps(sent), "application/json", headers={"If-Match": "*"})
        faults = set(taken(model, before, columns(model, row and row.pk), given))
        for pk in model._base_manager.exclude(pk__in=known).values_list("pk", flat=True)[:5]:
            faults |= set(taken(model, None, columns(model, pk), given))
        transaction.set_rollback(True)
    return answer, faults


def model_of(route):
    """The model that a route of REST writes."""
    label = route.model if route.names_a_row else MODELS.get(route.name, "")
    return apps.get_model(label) if label else None


MODELS = {
    route.name.removesuffix("-detail") + "-list": route.model
    for route in inventory()
    if route.is_api and route.name.endswith("-detail")
}


@pytest.mark.once(5)
def test_what_an_operation_does_not_offer_is_not_written(schema):
    ledger, accepted = smuggled(schema, fill("mine"), fill("theirs"))
    assert ledger.cells > 250 and accepted > 80
    ledger.close()


def test_a_serializer_that_writes_whatever_comes_is_found(schema, monkeypatch):
    """The control: an act that is handed the body as it came."""
    from campaigns.api.goals import GoalViewSet

    def careless(self, request, *args, **kwargs):
        row = self.find()
        row.created_at = datetime.fromisoformat(request.data.get("created_at", "2020-01-01T00:00:00Z"))
        row.save()
        return self.one(row)

    monkeypatch.setattr(GoalViewSet, "partial_update", careless)
    monkeypatch.setattr(completeness, "FOUND", [])  # that it leaves no line in the logbook is meant here
    with pytest.raises(AssertionError, match=r"took \['campaigns.goal.created_at"):
        smuggled(schema, fill("mine"), fill("theirs"), "goals")[0].close()


# --- order and groups -----------------------------------------------------------------------------------------------

PATHS = [
    "owner__password", "-owner__password", "workspace__api_keys__key_hash", "owner__emailaddress__email", "password",
    "campaign__owner__password", "workspace_id", "user__password__startswith", "?", "-?", "pk__in", "__dict__",
    "owner__memberships__role", "1; DROP TABLE accounts_user", "(SELECT 1)", "workspace__members__user__password",
]  # fmt: skip
WORDS = ("o", "order", "order_by", "ordering", "sort", "group", "group_by", "metric", "measure", "by", "fields", "dir")


@pytest.mark.once(10)
def test_no_parameter_names_a_column(db):
    """A path into other tables orders and groups nothing: the answer is that to a word that means nothing."""
    full, ledger = fill("mine"), Ledger()
    client = browser(full.owner, "mine")
    client.raise_request_exception = False
    number = 0
    for route in inventory():
        if route.policy.reads is None or route.is_public or route.names_a_row:
            continue
        number += 1
        answers = []
        for word in ("zzzz", PATHS[number % len(PATHS)]):
            with transaction.atomic():
                answer = client.get(route.path(full), dict.fromkeys(WORDS, word))
            answers.append(answer.status_code)
            ledger.expect(answer.status_code < 500, ("owner", route.name, word), answer.status_code)
        ledger.expect(answers[0] == answers[1], ("owner", route.name, word), f"{answers}")
    assert number > 250
    ledger.close()
