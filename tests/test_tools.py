"""The tools around the house: what they refuse, and that they say why."""

import polib
import pytest

from conftest import further_cases, left_out_of, second_doors, spread
from tools import messages, services, test

GREETING = {"msgid": "Hello %(name)s", "msgstr": "你好，%(name)s"}


def catalogue(*entries):
    """A catalogue in memory."""
    made = polib.POFile()
    made.extend(polib.POEntry(**entry) for entry in entries)
    return made


def test_a_complete_catalogue_has_no_faults():
    assert list(messages.faults(catalogue(GREETING), catalogue(GREETING), catalogue(GREETING))) == []


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"msgid": "Hello", "msgstr": ""}, "not translated: 'Hello'"),
        ({"msgid": "Hello", "msgstr": "你好", "flags": ["fuzzy"]}, "not translated: 'Hello'"),
        ({"msgid": "Hello %(name)s", "msgstr": "你好"}, "placeholders differ: 'Hello %(name)s' -> '你好'"),
        ({"msgid": "Is it?", "msgstr": "是吗?"}, "punctuation of half width behind Chinese: 'Is it?' -> '是吗?'"),
        (
            {"msgid": "%(n)s day", "msgid_plural": "%(n)s days", "msgstr_plural": {0: "%(m)s 天"}},
            "placeholders differ: '%(n)s day' -> {0: '%(m)s 天'}",
        ),
    ],
)
def test_a_translation_that_is_missing_or_wrong_is_named(entry, sentence):
    assert sentence in list(messages.faults(catalogue(entry), catalogue(entry), catalogue(entry)))


def test_a_text_that_was_never_collected_is_named():
    found = list(messages.faults(catalogue(GREETING), catalogue(GREETING, {"msgid": "Bye"}), catalogue(GREETING)))
    assert found == ["not in the catalogue (make messages): 'Bye' of []"]


def test_a_stale_compiled_catalogue_is_named():
    stale = catalogue({**GREETING, "msgstr": "%(name)s 好"})
    assert list(messages.faults(catalogue(GREETING), catalogue(GREETING), stale)) == [
        "the .mo file is not what the .po file says (make messages)"
    ]


def test_filling_takes_what_waits_and_keeps_what_is_there():
    texts = catalogue(GREETING, {"msgid": "Bye"}, {"msgid": "%(n)s day", "msgid_plural": "%(n)s days"})
    assert (
        messages.fill(texts, {"Bye": "再见", "%(n)s day": "%(n)s 天", "Hello %(name)s": "嗨，%(name)s", "x": "y"}) == 2
    )
    assert [entry.msgstr or entry.msgstr_plural[0] for entry in texts] == ["你好，%(name)s", "再见", "%(n)s 天"]


def test_a_required_service_that_is_missing_stops_the_tests(monkeypatch):
    monkeypatch.setattr(test, "reachable", lambda name: None)
    monkeypatch.setattr(test, "REQUIRED", ["services"])
    monkeypatch.setattr(test, "run", lambda *_: pytest.fail("must not start"))
    with pytest.raises(SystemExit, match="services: PostgreSQL and Redis not reachable"):
        test.main([])


def test_a_missing_service_is_said_and_the_rest_still_runs(monkeypatch, capsys):
    monkeypatch.setattr(test, "reachable", lambda name: None)
    monkeypatch.setattr(test, "REQUIRED", [])
    monkeypatch.setattr(test, "run", lambda title, *_: (0, "3 passed in 0.10s"))
    assert test.main([]) == 0
    assert capsys.readouterr().out.endswith("SQLite, embedded worker: ok\n3 passed in 0.10s\n")


def test_one_failing_run_fails_the_whole(monkeypatch):
    monkeypatch.setattr(test, "reachable", lambda name: {"url": f"{name}://"})
    monkeypatch.setattr(test, "REQUIRED", [])
    monkeypatch.setattr(test, "run", lambda title, *_: (int(title.startswith("PostgreSQL")), "1 failed in 0.10s"))
    assert test.main([]) == 1


def test_of_two_doors_one_is_left_out_and_each_act_stays():
    both = {f"t.py::act[{door}-{number}]" for door in ("page", "api") for number in range(40)}
    alone = {"t.py::act[page-lonely]", "t.py::list[/api/v1/tasks/]", "t.py::plain", "t.py::one[4]"}
    left_out = second_doors(sorted(both | alone))
    assert left_out < both and len(left_out) == 40
    assert {name.partition("-")[2] for name in both - left_out} == {f"{number}]" for number in range(40)}
    assert {name.partition("[")[2].partition("-")[0] for name in left_out} == {"page", "api"}


def test_of_several_cases_one_is_kept_now_the_first_now_another():
    names = [f"t.py::test{test}[{case}]" for test in range(20) for case in range(4)]
    kept = {*names, "t.py::single"} - further_cases([*names, "t.py::single"])
    assert len(kept) == 21 and "t.py::single" in kept
    assert {name.partition("[")[0] for name in kept} == {name.partition("[")[0] for name in [*names, "t.py::single"]}
    assert {name[-2] for name in kept - {"t.py::single"}} == {*"0123"}


def test_two_runs_share_what_both_can_do_and_every_test_is_in_one_of_them():
    cases = [f"t.py::act{test}[{door}-{case}]" for test in range(9) for door in ("page", "api") for case in "abc"]
    names = [*cases, *(f"t.py::plain{test}" for test in range(9))]
    first, second = ({*names} - left_out_of(part, names) for part in ("first", "second"))
    assert first | second == {*names}
    assert len(second) == 18 and len(first & second) == 9, "alone is what has no other door"
    acts = {name.partition("[")[0] for name in names}
    for run in (first, second):
        assert {name.partition("[")[0] for name in run} == acts
    assert {"page", "api"} == {name.partition("[")[2].partition("-")[0] for name in second} - {""}


def test_every_worker_begins_with_some_of_the_longest_and_ends_with_what_commits(monkeypatch):
    lasts = {"a": 60, "b": 30, "c": 20, "d": 10, "e": 5}
    monkeypatch.setattr("conftest._seconds", lambda name: lasts.get(name, 0))
    monkeypatch.setattr("conftest._commits", str.isupper)
    names = [*"uvwxyz", *"edcba", *"ABC"]
    order = "".join(spread(names, 3))
    assert sorted(order) == sorted(names)
    assert (order[:4], order[4:9], order[9:]) == ("aduA", "bevwB", "cxyzC")
    assert "".join(spread(names, 1)) == "abcdeuvwxyzABC"


@pytest.mark.parametrize(
    ("answers", "url"),
    [
        (services.postgres_answers, "postgresql://pharos@127.0.0.1:1/x"),
        (services.redis_answers, "redis://127.0.0.1:1/0"),
    ],
)
def test_a_dead_server_is_not_taken_for_a_living_one(answers, url):
    assert answers(url) is False


def test_a_process_of_a_used_again_id_is_not_ours():
    assert services.still_ours({"pid": 1, "folder": "/tmp/pharos-postgres-gone"}) is False
