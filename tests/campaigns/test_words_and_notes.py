"""Vocabulary, exchange rates, annotations and comments, through both doors."""

import html
from datetime import date
from decimal import Decimal

import pytest

from campaigns import actions
from campaigns.models import Annotation, Channel, Comment, ExchangeRate, Market, Metric
from tests import factories

LABELS = {"label_en": "Win rate", "label_zh": "胜率"}
ROW = {"kind": "derived", "unit": "ratio", "direction": "increase", "decimals": "2"}


def add_metric(hands, formula, code="win_rate"):
    typed = {"code": code, **LABELS, **ROW, "formula": formula}
    body = {"code": code, "labels": {"en": "Win rate", "zh-hans": "胜率"}, **ROW, "formula": formula}
    return hands.act(page="settings/vocabulary/metrics/new/", typed=typed, api="metrics/", body=body)


def test_a_derived_metric_is_added_with_its_formula(hands):
    assert add_metric(hands, "conversions / clicks")
    made = Metric.objects.get(code="win_rate")
    assert (made.formula, made.labels, made.is_builtin) == (
        "conversions / clicks",
        {"en": "Win rate", "zh-hans": "胜率"},
        False,
    )


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("", "The formula is empty."),
        ("clicks +", "stops too early"),
        ("clicks / nonsense", "There is no metric called “nonsense”."),
        ("win_rate * 2", "leads back to itself"),
        ("__import__('os')", "is no metric, number"),
        ("1 / 2", "The formula names no metric."),
    ],
)
def test_a_formula_that_cannot_be_reckoned_is_refused(hands, formula, sentence):
    assert not add_metric(hands, formula)
    assert sentence in html.unescape(hands.words)
    assert not Metric.objects.filter(code="win_rate").exists()


def test_a_formula_is_checked_while_it_is_typed(world, owner):
    ok = owner.get(f"{world.w}/settings/vocabulary/formula/?formula=cost/clicks").content.decode()
    assert "Can be reckoned" in ok
    bad = owner.get(f"{world.w}/settings/vocabulary/formula/?formula=cost/nothing").content.decode()
    assert "There is no metric called" in bad


def test_formulas_do_not_lead_in_a_circle(world):
    add = {"model": Metric, "labels": {"en": "x"}, "kind": "derived", "unit": "ratio"}
    first = actions.add_word(world.actor, code="first", formula="clicks", **add)
    actions.add_word(world.actor, code="second", formula="first * 2", **add)
    answer = world.client().patch(
        f"/api/v1/metrics/{first.pk}/", {"formula": "second + 1"}, "application/json", headers={"If-Match": "*"}
    )
    assert answer.status_code == 400
    assert "leads back to itself" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(("kind", "model"), [("channels", Channel), ("markets", Market)])
def test_a_word_is_added_renamed_archived_and_restored(hands, kind, model):
    typed = {"code": "pop_up", "label_en": "Pop-up shop", "label_zh": ""}
    body = {"code": "pop_up", "labels": {"en": "Pop-up shop"}}
    place = f"settings/vocabulary/{kind}"
    assert hands.act(page=f"{place}/new/", typed=typed, api=f"{kind}/", body=body)
    word = model.objects.get(code="pop_up")
    renamed = {"label_en": "Shop", "label_zh": "快闪店", "lock_version": 1}
    labels = {"en": "Shop", "zh-hans": "快闪店"}
    one = f"{place}/{word.pk}/"
    assert hands.act(page=one, typed=renamed, api=f"{kind}/{word.pk}/", body={"labels": labels}, method="patch")
    assert model.objects.get(code="pop_up").labels == labels
    assert hands.act(page=f"{one}archive/", api=f"{kind}/{word.pk}/", method="delete")
    assert model.objects.get(code="pop_up").archived_at
    assert hands.act(page=f"{one}restore/", api=f"{kind}/{word.pk}/restore/")


def test_of_a_built_in_word_only_the_labels_change(world, owner):
    metric = Metric.objects.get(code="clicks")
    url, headers = f"/api/v1/metrics/{metric.pk}/", {"If-Match": "*"}
    assert owner.patch(url, {"labels": {"en": "Taps"}}, "application/json", headers=headers).json()["label"] == "Taps"
    assert owner.patch(url, {"unit": "money"}, "application/json", headers=headers).status_code == 409
    actions.load_vocabulary(world.actor, workspace=world.workspace)
    assert Metric.objects.get(code="clicks").labels == {"en": "Taps"}


def test_a_word_in_use_is_not_archived(hands, plan):
    metric = plan.kpi.metric
    address = {"page": f"settings/vocabulary/metrics/{metric.pk}/archive/", "api": f"metrics/{metric.pk}/"}
    assert not hands.act(**address, method="delete")
    assert "is still used by" in hands.words
    channel = factories.placement(plan.campaign, name="Brand zone").channel
    address = {"page": f"settings/vocabulary/channels/{channel.pk}/archive/", "api": f"channels/{channel.pk}/"}
    assert not hands.act(**address, method="delete")
    assert "Brand zone" in hands.words


def set_rate(hands, rate, quote="CNY"):
    typed = {"date": "2026-11-20", "base": "USD", "quote": quote, "rate": rate}
    return hands.act(page="settings/exchange-rates/", typed=typed, api="exchange-rates/", body=typed)


def test_a_rate_is_stated_and_corrected(hands):
    assert set_rate(hands, "7.11")
    assert set_rate(hands, "7.12")
    rate = ExchangeRate.objects.get()
    assert rate.rate == Decimal("7.12")
    address = {"page": f"settings/exchange-rates/{rate.pk}/delete/", "api": f"exchange-rates/{rate.pk}/"}
    assert hands.act(**address, method="delete")
    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize(("rate", "quote"), [("0", "CNY"), ("-1", "CNY"), ("7", "USD"), ("7", "ZZZ"), ("x", "CNY")])
def test_a_wrong_rate_is_refused(hands, rate, quote):
    assert not set_rate(hands, rate, quote)
    assert 400 <= hands.answer.status_code < 500
    assert not ExchangeRate.objects.exists()


def paste(hands, text):
    return hands.act(
        page="settings/exchange-rates/paste/", typed={"text": text}, api="exchange-rates/paste/", body={"text": text}
    )


def test_rates_are_pasted_all_or_none(hands):
    assert not paste(hands, "2026-11-20\tUSD\tCNY\t7.1\n2026-11-21\tUSD\tCNY")
    assert "Row 2: four columns are expected" in hands.words
    assert not ExchangeRate.objects.exists()
    assert paste(hands, "Day\tFrom\tTo\tRate\n2026-11-20\tUSD\tCNY\t7.1\n2026-11-21;eur;CNY;8.2")
    assert [str(rate.rate.normalize()) for rate in ExchangeRate.objects.order_by("date")] == ["7.1", "8.2"]


def test_finance_states_rates_and_members_do_not(world):
    body = {"date": "2026-11-20", "base": "USD", "quote": "CNY", "rate": "7"}
    for role, status in (("finance", 201), ("member", 403), ("viewer", 403)):
        client = world.client(factories.member(world.workspace, role=role))
        assert client.post("/api/v1/exchange-rates/", body, "application/json").status_code == status


def test_an_annotation_lives_through_its_life(hands):
    code = hands.world.campaign.code
    typed = {"text": "Landing page changed", "kind": "change", "start_date": "2026-11-05"}
    body = {"campaign": code, **typed}
    assert hands.act(page=f"c/{code}/notes/", typed=typed, api="annotations/", body=body)
    note = Annotation.objects.get()
    assert (note.finish_date, note.author) == (date(2026, 11, 5), hands.world.owner)
    typed |= {"finish_date": "2026-11-07", "lock_version": 1}
    one = {"page": f"c/{code}/notes/{note.pk}/", "api": f"annotations/{note.pk}/"}
    assert hands.act(**one, typed=typed, body={"finish_date": "2026-11-07"}, method="patch")
    assert Annotation.objects.get().finish_date == date(2026, 11, 7)
    wrong = typed | {"finish_date": "2026-11-01", "lock_version": 2}
    assert not hands.act(**one, typed=wrong, body={"finish_date": "2026-11-01"}, method="patch")
    assert hands.act(page=f"c/{code}/notes/{note.pk}/delete/", api=f"annotations/{note.pk}/", method="delete")
    assert not Annotation.objects.exists()


def test_the_small_form_tells_the_charts(world, owner):
    typed = {"text": "Sale", "kind": "note", "start_date": "2026-11-05"}
    answer = owner.post(f"{world.c}/notes/", typed, headers={"HX-Request": "true"})
    assert "annotated" in answer.headers["HX-Trigger"]
    form = owner.get(f"{world.c}/notes/form/?start=2026-11-05", headers={"HX-Request": "true"}).content.decode()
    assert 'value="2026-11-05"' in form
    wrong = owner.post(f"{world.c}/notes/", {"text": ""}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422 and b"<html" not in wrong.content


def say(hands, subject, text, **more):
    code = hands.world.campaign.code
    kind = subject._meta.label_lower
    body = {"campaign": code, "subject_type": kind, "subject_id": str(subject.pk), "text": text, **more}
    return hands.act(
        page=f"c/{code}/comments/{kind}/{subject.pk}/", typed={"text": text, **more}, api="comments/", body=body
    )


def test_a_comment_is_made_answered_changed_and_removed(hands, plan):
    assert say(hands, plan.kpi, "With brand terms?")
    first = Comment.objects.get()
    assert say(hands, plan.kpi, "Yes.", parent=str(first.pk))
    answer = Comment.objects.get(text="Yes.")
    assert answer.parent == first
    code = plan.campaign.code
    one = {"page": f"c/{code}/comments/{first.pk}/", "api": f"comments/{first.pk}/"}
    typed = {"text": "With brand terms, or not?", "lock_version": 1}
    assert hands.act(**one, typed=typed, body={"text": typed["text"]}, method="patch")
    first.refresh_from_db()
    assert first.text == typed["text"] and first.edited_at
    assert hands.act(page=f"c/{code}/comments/{first.pk}/delete/", api=f"comments/{first.pk}/", method="delete")
    words = hands.world.client().get(f"{hands.world.c}/kpis/{plan.kpi.pk}/").content.decode()
    assert "This comment was removed." in words and "Yes." in words and "or not?" not in words


def test_nobody_changes_the_comment_of_another(hands, plan):
    colleague = factories.member(hands.world.workspace)
    comment = actions.add_comment(
        factories.actor_of(colleague, hands.world.workspace), campaign=plan.campaign, subject=plan.kpi, text="Mine"
    )
    one = {"page": f"c/{plan.campaign.code}/comments/{comment.pk}/", "api": f"comments/{comment.pk}/"}
    hands.act(**one, typed={"text": "Yours", "lock_version": 1}, body={"text": "Yours"}, method="patch")
    assert Comment.objects.get().text == "Mine"


def test_a_viewer_reads_comments_only(onlooker, plan):
    assert not say(onlooker, plan.kpi, "Hello")
    assert onlooker.answer.status_code == 403


def test_things_of_elsewhere_take_no_comment(hands, plan, other):
    elsewhere = factories.campaign(hands.world.workspace, hands.world.owner)
    for subject in (elsewhere, other.campaign, hands.world.workspace):
        assert not say(hands, subject, "Hello")
        assert hands.answer.status_code in (400, 404)
    assert not Comment.objects.exists()


def test_any_thing_of_the_campaign_takes_comments(hands, plan):
    placement = factories.placement(plan.campaign)
    assert say(hands, placement, "Too dear")
    assert say(hands, plan.campaign, "Good plan")


def test_mentions_stand_out_and_markup_does_not(world, owner, plan):
    text = "@Ana Owner <b>look</b> @nobody"
    actions.add_comment(world.actor, campaign=world.campaign, subject=plan.kpi, text=text)
    url = f"{world.c}/comments/campaigns.kpi/{plan.kpi.pk}/"
    words = owner.get(url, headers={"HX-Request": "true"}).content.decode()
    assert '<b class="mention">@Ana Owner</b> &lt;b&gt;look&lt;/b&gt; @nobody' in words
    assert "<html" not in words


@pytest.mark.parametrize(
    "noun", ["metrics", "channels", "markets", "exchange-rates", "annotations", "comments", "phases"]
)
def test_lists_of_words_and_notes_ask_few_queries(world, owner, plan, assert_budget, noun):
    for number in range(10):
        actions.annotate(world.actor, campaign=world.campaign, text=f"{number}", start_date=date(2026, 11, 5))
        actions.add_comment(world.actor, campaign=world.campaign, subject=plan.kpi, text=f"{number}")
    with assert_budget(f"api:{noun}-list"):
        assert owner.get(f"/api/v1/{noun}/").status_code == 200
