"""Made-up requests by the REST schema, on a filled workspace: whatever comes, the answer is no fault of ours.

Half of the requests go to rows that are there, with bodies that are right but for what was made up.
"""

import json
import math
from urllib.parse import urlencode

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.context import Context, using
from tests.inventory import fill, key_of
from tests.test_foreign_ids import PARAMETER, Schema, addresses_of

CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]
PROBLEM = "application/problem+json"


CASES = 2400


@pytest.mark.fuzz
def test_whatever_comes_is_answered(db):
    """About so many requests in all, shared by the operations, so that a growing API takes no more time."""
    schema, mine = Schema(), fill("mine")
    client = Client(headers={"Authorization": f"Bearer {key_of(mine, ['*'])[1]}"}, raise_request_exception=False)
    addresses = addresses_of(mine)
    bodies = {(method, path): (noun, body) for noun, method, path, body, _filters in schema.operations() if body}
    seen, faults = [], {}
    operations = [found.ok() for found in schemathesis.openapi.from_dict(schema.whole).get_all_operations()]
    each = math.ceil(CASES / len(operations))
    for operation in operations:
        path = PARAMETER.sub("{id}", operation.path)
        noun, body = bodies.get((operation.method.upper(), path), ("", None))
        own = schema.body(body, noun, mine) if body else None
        requests = sent(client, operation, addresses[path], own, seen, faults)
        settings(
            max_examples=each,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=CHECKS,
        )(requests)()
    print(f"{len(seen)} cases, {len(faults)} faults of ours")
    assert len(seen) >= CASES * 5 // 6
    assert not faults, "\n".join(f"{key}: {value}" for key, value in faults.items())


def test_answers_with_fractions_are_kept(db):
    """Found by the above: numbers come as exact decimals, which stored JSON does not know."""
    mine = fill("mine")
    client = Client(headers={"Authorization": f"Bearer {key_of(mine, ['*'])[1]}"}, raise_request_exception=False)
    path = f"/api/v1/imports/{mine['analytics.import'].pk}/answers/"
    body = {"answers": {"anything": [4.25, {"deep": -0.5}]}}
    assert client.post(path, json.dumps(body), "application/json", headers={"If-Match": "*"}).status_code < 500


def sent(client, operation, address, own, seen, faults):
    """A hypothesis that sends made-up requests of one operation and notes the answers that are faults of ours."""

    @given(case=operation.as_strategy(), is_real=st.booleans(), kept=st.sets(st.integers(0, 30)))
    def send(case, is_real, kept):
        path = address if is_real else case.formatted_path
        body = mixed(own, case.body, kept) if is_real and isinstance(own, dict) else case.body
        response = answer(client, case, path, body)
        seen.append(response.status_code)
        is_problem = response.status_code < 400 or response["Content-Type"] == PROBLEM
        if response.status_code >= 500 or not is_problem:
            faults.setdefault(
                f"{case.method} {operation.path} {response.status_code}", f"{path} {case.query} {body!r}"[:600]
            )

    return send


def mixed(own, made_up, kept):
    """A right body with some properties replaced by made-up ones."""
    if not isinstance(made_up, dict):
        return own
    return own | {name: value for number, (name, value) in enumerate(sorted(made_up.items())) if number in kept}


def answer(client, case, path, body):
    """One request; nothing it wrote stays."""
    query = urlencode({name: text(value) for name, value in (case.query or {}).items()}, doseq=True)
    sent = {} if type(body).__name__ == "NotSet" else {"data": dumped(body), "content_type": "application/json"}
    with transaction.atomic(), using(Context()):
        response = client.generic(
            case.method.upper(), f"{path}?{query}" if query else path, headers={"If-Match": "*"}, **sent
        )
        transaction.set_rollback(True)
    return response


def text(value):
    return [text(one) for one in value] if isinstance(value, list) else str(value)


def dumped(body):
    """JSON as a careless client writes it: bytes as text, whatever is no number as it comes."""
    return json.dumps(body, default=str)
