"""The brief through both doors: versions, conflict, comparison, splitting, shares."""

import html
import io

import pytest

from campaigns import actions
from campaigns.models import Brief, BriefShare, BriefVersion
from core.errors import Stale
from tests import factories
from tests.campaigns.test_importers import docx, par

SETS = {
    f"{name}-{part}": value
    for name in ("personas", "offers")
    for part, value in (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0), ("MIN_NUM_FORMS", 0), ("MAX_NUM_FORMS", 50))
}


def save(hands, based_on, texts, **more):
    """Save the brief with the texts of some known sections."""
    campaign = hands.world.campaign
    typed = {**SETS, "based_on": based_on, **{f"section-{key}": text for key, text in texts.items()}}
    typed |= {f"offers-0-{key}": value for key, value in more.get("offer", {}).items()}
    typed |= {"note": more.get("note", ""), "free-title-0": "", "free-text-0": ""}
    body = {"campaign": campaign.code, "based_on": based_on, "note": more.get("note", "")}
    body["sections"] = [{"key": key, "text": text} for key, text in texts.items()]
    body["offers"] = [more["offer"]] if "offer" in more else []
    return hands.act(page=f"c/{campaign.code}/brief/edit/", typed=typed, api="brief-versions/", body=body)


def test_every_save_is_a_version(hands):
    assert save(hands, 0, {"core_goal": "100 buyers"}, note="First", offer={"name": "Bundle", "price": "¥199"})
    assert save(hands, 1, {"core_goal": "100 buyers", "channels": "Search"}, offer={"name": "Bundle", "price": "¥199"})
    first, second = BriefVersion.objects.order_by("number")
    assert (first.note, first.is_material, first.offers) == ("First", False, [{"name": "Bundle", "price": "¥199"}])
    assert (second.changed_sections, second.is_material) == (["channels"], False)
    assert Brief.objects.get().current_number == 2


@pytest.mark.parametrize("key", ["core_goal", "kpis", "personas", "core_message", "offers"])
def test_a_change_that_matters_is_material(hands, key):
    assert save(hands, 0, {key: "one", "channels": "Search"})
    assert save(hands, 1, {key: "two", "channels": "Search"})
    assert BriefVersion.objects.get(number=2).is_material


def test_a_changed_offer_is_material(hands):
    assert save(hands, 0, {"core_goal": "x"}, offer={"name": "Bundle", "price": "¥199"})
    assert save(hands, 1, {"core_goal": "x"}, offer={"name": "Bundle", "price": "¥189"})
    version = BriefVersion.objects.get(number=2)
    assert (version.changed_sections, version.is_material) == (["offers"], True)


def test_saving_the_same_makes_no_version(hands):
    assert save(hands, 0, {"core_goal": "x"})
    assert save(hands, 1, {"core_goal": "x "})
    assert BriefVersion.objects.count() == 1


def test_an_empty_brief_is_refused(hands):
    assert not save(hands, 0, {"core_goal": " "})
    assert "Write at least one section." in hands.words


def test_a_save_that_was_overtaken_keeps_both_texts(hands):
    assert save(hands, 0, {"core_goal": "theirs"})
    assert not save(hands, 0, {"core_goal": "mine"})
    assert BriefVersion.objects.count() == 1
    if hands.door == "api":
        assert (hands.answer.status_code, hands.answer.json()["code"]) == (412, "stale")
        return
    assert hands.answer.status_code == 422
    words = hands.words
    assert "mine</textarea>" in words and "<del>theirs</del>" in words
    assert 'name="based_on" value="1"' in words
    assert save(hands, 1, {"core_goal": "mine"})


def test_an_action_with_an_old_number_raises(world):
    actions.save_brief(world.actor, campaign=world.campaign, sections=[{"key": "core_goal", "text": "x"}])
    with pytest.raises(Stale):
        actions.save_brief(
            world.actor, campaign=world.campaign, sections=[{"key": "core_goal", "text": "y"}], based_on=0
        )


@pytest.mark.parametrize("section", ["free_form", "", "free:" + "x" * 60])
def test_an_unknown_section_is_refused(world, owner, section):
    body = {"campaign": world.campaign.code, "based_on": 0, "sections": [{"key": section, "text": "x"}]}
    assert owner.post("/api/v1/brief-versions/", body, "application/json").status_code == 400


def test_versions_are_compared_word_by_word(world, owner):
    for text in ("We want 100 buyers.", "We want 120 buyers."):
        actions.save_brief(world.actor, campaign=world.campaign, sections=[{"key": "core_goal", "text": text}])
    words = owner.get(f"{world.c}/brief/compare/?from=1&to=2").content.decode()
    assert "<del>100</del>" in words and "<ins>120</ins>" in words
    assert "A material change" in words
    version = BriefVersion.objects.get(number=2)
    diff = owner.get(f"/api/v1/brief-versions/{version.pk}/diff/?against=1").json()
    assert (diff["old"], diff["new"], diff["material"]) == (1, 2, ["core_goal"])
    assert ["delete", "100"] in diff["sections"][0]["rows"][0]["old"]
    assert owner.get(f"/api/v1/brief-versions/{version.pk}/diff/?against=9").status_code == 400
    assert owner.get(f"{world.c}/brief/compare/?from=9&to=2").status_code == 404


HEADING = '<w:outlineLvl w:val="0"/>'


def document():
    """A Word file with two headed sections."""
    body = par("Core goal", extra=HEADING) + par("100,000 new buyers")
    made = docx(body + par("Legal notes", extra=HEADING) + par("No absolute terms"))
    made.name = "plan.docx"
    return made


def test_a_document_is_split_into_an_unsaved_draft(world, owner):
    page = owner.post(f"{world.c}/brief/split/", {"file": document()})
    words = page.content.decode()
    assert page.status_code == 200
    assert "100,000 new buyers" in words and 'value="Legal notes"' in words and "Nothing is saved yet" in words
    assert not BriefVersion.objects.exists()
    brief = Brief.objects.create(workspace=world.workspace, campaign=world.campaign)
    found = owner.post(f"/api/v1/briefs/{brief.pk}/split/", {"file": document()}).json()["sections"]
    assert [(row["key"], row["title"]) for row in found] == [
        ("core_goal", "Core goal"),
        ("free:Legal notes", "Legal notes"),
    ]


def test_a_broken_document_is_refused_in_words(world, owner):
    broken = io.BytesIO(b"PK\x03\x04 not a document")
    broken.name = "plan.docx"
    page = owner.post(f"{world.c}/brief/split/", {"file": broken})
    assert page.status_code == 422
    assert "is damaged" in html.unescape(page.content.decode())


def test_a_section_is_shared_with_a_partner_and_no_longer(hands):
    actions.save_brief(hands.world.actor, campaign=hands.world.campaign, sections=[{"key": "core_goal", "text": "x"}])
    partner = factories.organization(hands.world.workspace)
    code, brief = hands.world.campaign.code, Brief.objects.get()
    typed = {"section": "core_goal", "organization": str(partner.pk)}
    address = {"page": f"c/{code}/brief/share/", "api": "brief-shares/"}
    assert hands.act(**address, typed=typed, body={"brief": str(brief.pk), **typed})
    assert not hands.act(**address, typed=typed, body={"brief": str(brief.pk), **typed})
    assert "is shared with this organisation already" in hands.words
    wrong = typed | {"section": "channels"}
    assert not hands.act(**address, typed=wrong, body={"brief": str(brief.pk), **wrong})
    share = BriefShare.objects.get()
    assert hands.act(page=f"c/{code}/brief/share/{share.pk}/end/", api=f"brief-shares/{share.pk}/", method="delete")
    assert not BriefShare.objects.exists()


def test_a_foreign_partner_is_unknown(hands, other):
    actions.save_brief(hands.world.actor, campaign=hands.world.campaign, sections=[{"key": "core_goal", "text": "x"}])
    partner = factories.organization(other.workspace)
    typed = {"section": "core_goal", "organization": str(partner.pk)}
    body = {"brief": str(Brief.objects.get().pk), **typed}
    page = f"c/{hands.world.campaign.code}/brief/share/"
    assert not hands.act(page=page, typed=typed, api="brief-shares/", body=body)
    assert not BriefShare.objects.exists()


def test_markup_in_a_brief_stays_text(world, owner):
    text = "<script>alert(1)</script> [x](javascript:alert(1))"
    actions.save_brief(world.actor, campaign=world.campaign, sections=[{"key": "core_goal", "text": text}])
    words = owner.get(f"{world.c}/brief/").content.decode()
    assert "<script>alert" not in words and 'href="javascript' not in words


def test_pages_of_the_brief_ask_few_queries(world, owner, assert_budget):
    for number in range(20):
        actions.save_brief(
            world.actor, campaign=world.campaign, sections=[{"key": "core_goal", "text": f"Goal {number}"}]
        )
    with assert_budget("campaigns:brief"):
        owner.get(f"{world.c}/brief/")
    with assert_budget("campaigns:brief-versions"):
        owner.get(f"{world.c}/brief/versions/")
    with assert_budget("api:brief-versions-list"):
        assert len(owner.get("/api/v1/brief-versions/").json()["results"]) == 20
