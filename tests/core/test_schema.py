"""The API's description: complete, without a warning, open to everybody."""

import io

import yaml
from django.core.management import call_command


def test_the_description_is_made_without_a_warning():
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    described = yaml.safe_load(out.getvalue())
    assert described["paths"]["/api/v1/campaigns/"]["get"]["security"] == [{"apiKey": []}, {"session": []}]
    assert described["components"]["securitySchemes"]["apiKey"]["scheme"] == "bearer"


def test_who_is_not_signed_in_may_read_it(client, db):
    assert client.get("/api/schema").status_code == 200
