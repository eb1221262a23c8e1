"""Registers from files: what columns mean, how scales are read, nothing lost, both doors."""

import csv
import io
import json
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from risks.importers import guess, preview, read
from risks.importers.scales import scale_of
from risks.models import Risk
from tests import factories
from tests.risks.conftest import BOTH, add_risk

SAMPLES = Path(os.environ.get("PHAROS_SAMPLES", "../shared/data")) / "risk_registers"
TABLE = """Risk ID,Risk,Likelihood,Impact,Owner,Review date,Money at stake
A1,Server down,80%,High,Ana Owner,2026-12-01,¥500
A2,Film is late,20%,Low,Nobody Known,2026/12/02,
A3,Bad press,5%,Severe,,,"""
FAULTY = TABLE + "\nA4,Broken,many,High,,soon,\nA1,Twice,5%,Low,,,"


@BOTH
def test_import(door, world, owner, api):
    if door == "page":
        url = f"{world.c}/risks/import/"
        page = owner.post(url, {"file": SimpleUploadedFile("risks.csv", TABLE.encode())})
        assert page.status_code == 200 and not Risk.objects.exists()
        sheet = {"sheet": page.context["sheet"], "step": "apply"}
        sheet |= {f"column-{at}": target for at, target in enumerate(page.context["seen"].targets)}
        assert owner.post(url, sheet).status_code == 302
    else:
        seen = api.post("risk-imports/", {"campaign": world.campaign.code, "text": TABLE, "preview": True})
        assert seen.status_code == 200 and not Risk.objects.exists()
        done = api.post("risk-imports/", {"campaign": world.campaign.code, "text": TABLE})
        assert done.status_code == 201 and len(done.json()["risks"]) == 3
    rows = {one.code: one for one in Risk.objects.all()}
    assert [(rows[code].probability, rows[code].impact) for code in ("A1", "A2", "A3")] == [(5, 4), (2, 2), (1, 5)]
    assert (rows["A1"].owner, rows["A2"].owner) == (world.owner, None)
    assert str(rows["A2"].review_date) == "2026-12-02"
    assert rows["A1"].notes.splitlines() == ["Likelihood: 80%", "Impact: High", "Money at stake: ¥500"]
    assert "Owner: Nobody Known" in rows["A2"].notes


@BOTH
def test_rows_with_faults_stand_against_it_until_left_out_knowingly(door, world, owner, api):
    if door == "page":
        url = f"{world.c}/risks/import/"
        page = owner.post(url, {"text": FAULTY})
        text = page.content.decode()
        assert "“many” is no step of this scale." in text and "There is a risk A1 already." in text
        sheet = {"sheet": page.context["sheet"], "step": "apply"}
        sheet |= {f"column-{at}": target for at, target in enumerate(page.context["seen"].targets)}
        assert owner.post(url, sheet).status_code == 422 and not Risk.objects.exists()
        assert owner.post(url, sheet | {"without_faulty": "1"}).status_code == 302
    else:
        body = {"campaign": world.campaign.code, "text": FAULTY}
        refused = api.post("risk-imports/", body)
        assert refused.status_code == 400 and not Risk.objects.exists()
        assert {one["line"] for one in refused.json()["faults"]} == {5, 6}
        assert api.post("risk-imports/", body | {"without_faulty": True}).status_code == 201
    assert sorted(Risk.objects.values_list("code", flat=True)) == ["A1", "A2", "A3"]


@BOTH
def test_the_meaning_of_columns_can_be_changed(door, world, owner, api):
    targets = ["notes", "title", "probability", "impact", "skip", "review_date", "response"]
    if door == "page":
        url = f"{world.c}/risks/import/"
        page = owner.post(url, {"text": TABLE})
        sheet = {"sheet": page.context["sheet"]} | {f"column-{at}": one for at, one in enumerate(targets)}
        again = owner.post(url, sheet | {"step": "look"})
        assert again.context["seen"].skipped == ["Owner"]
        twice = owner.post(url, sheet | {"step": "look", "column-0": "title"})
        assert twice.status_code == 422 and "Two columns" in twice.content.decode()
        owner.post(url, sheet | {"step": "apply"})
    else:
        body = {"campaign": world.campaign.code, "text": TABLE, "targets": targets}
        assert api.post("risk-imports/", {**body, "targets": ["title"]}).status_code == 400
        assert api.post("risk-imports/", body).status_code == 201
    assert Risk.objects.get(code="R-001").response == "¥500"
    assert "Risk ID: A1" in Risk.objects.get(code="R-001").notes


@BOTH
@pytest.mark.parametrize("content", ["", "only one column\n1\n", "a,b\n", "\x00\x01", 'a,b\n"x'])
def test_what_is_no_register_is_refused_with_a_sentence(door, content, world, owner, api):
    if door == "page":
        file = SimpleUploadedFile("risks.csv", content.encode() or b" ")
        response = owner.post(f"{world.c}/risks/import/", {"file": file})
        assert response.status_code == 422
    else:
        file = SimpleUploadedFile("risks.csv", content.encode() or b" ")
        response = owner.post("/api/v1/risk-imports/", {"campaign": world.campaign.code, "file": file})
        assert response.status_code == 400 and response.json()["detail"]


def test_a_preview_that_was_tampered_with_is_refused(world, owner):
    url = f"{world.c}/risks/import/"
    for sheet in ("", "{}", '{"titles": ["a"], "lines": [["x", []]]}', '{"titles": [1], "lines": 3}'):
        assert owner.post(url, {"step": "apply", "sheet": sheet}).status_code == 422


def test_viewers_import_nothing(world, viewer):
    assert viewer.post(f"{world.c}/risks/import/", {"text": TABLE}).status_code == 403


def test_a_code_of_the_register_is_said(world, risk):
    seen = preview(read(TABLE.encode()), codes=["A2"])
    assert [row.number for row in seen.faulty] == [3]


@pytest.mark.parametrize(
    ("cells", "steps", "kind"),
    [
        (["Very High", "low", "极高", "中等"], [5, 2, 5, 3], "words"),
        (["1", "5", "3"], [1, 5, 3], "steps"),
        (["10", "7", "1"], [5, 4, 1], "tenths"),
        (["0.05", "0.3", "0.9"], [1, 2, 5], "share"),
        (["5%", "30%", "50 %", "99%"], [1, 2, 3, 5], "percent"),
        (["140,000,000 CHF", "1,000,000", "-3,150,000 CHF", "0 CHF"], [5, 3, 4, 1], "money"),
    ],
)
def test_scales_become_one_to_five(cells, steps, kind):
    scale = scale_of([cells], is_probability=kind != "money")
    assert (scale.kind, [scale.step(cell) for cell in cells]) == (kind, steps)
    assert "“X”" in scale.said("X")


def test_titles_are_understood_in_both_languages():
    assert guess(["编号", "风险名称", "可能性", "影响程度", "应对措施", "责任人"]) == (
        *("code", "title", "probability", "impact", "response", "owner"),
    )
    assert guess(["Risk ID", "Likelihood", "Likelihood", "Likelihood"])[1:] == (
        *("probability", "probability_after", "notes"),
    )


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="PHAROS_SAMPLES is not there")
@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.csv")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_of_the_samples_is_lost(path, world, owner, api):
    content = path.read_bytes()
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    answer = owner.post("/api/v1/risk-imports/", {"campaign": world.campaign.code, "file": io.BytesIO(content)})
    assert answer.status_code == 201, answer.json()
    assert len(answer.json()["risks"]) == len(rows) - 1
    assert not answer.json()["faults"]
    kept = {
        one.code: f"{one.code} {one.title} {one.description} {one.response} {one.notes} {one.review_date}"
        for one in Risk.objects.all()
    }
    for row in rows[1:]:
        for cell in filter(None, map(str.strip, row)):
            assert cell in kept[row[0]], f"{cell} of {row[0]} is lost"


def test_two_workspaces_share_no_codes(world, owner, api):
    other = factories.campaign(world.workspace, world.owner)
    add_risk(world, code="A1")
    assert api.post("risk-imports/", {"campaign": other.code, "text": TABLE}).status_code == 201
    assert json.loads(api.post("risk-imports/", {"campaign": world.campaign.code, "text": TABLE}).content)["faults"]
