"""Plans from files: tables with typed links, MS Project XML, the dry run, and files that are none."""

import json
import os
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tasks.importers import Unreadable, read_plan
from tasks.schedule import Link, solve

SAMPLES = Path(os.environ.get("PHAROS_SAMPLES", "../shared/data"))
MSPDI = SAMPLES / "msproject" / "mspdi"
TABLE = "id,name,duration_days,predecessors\n1,Brief,3,\n2,Copy,2,1\n3,Film,4,1SS+1d;2FF-1\n"


def check(path, *options):
    out = StringIO()
    call_command("schedule_check", str(path), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def refused(path, *options):
    with pytest.raises(CommandError) as problem:
        check(path, *options)
    assert problem.value.returncode == 2
    return str(problem.value)


@pytest.fixture
def written(tmp_path):
    def write(content, name="plan.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# --- tables ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_in_any_order_and_encoding(encoding, delimiter):
    rows = [
        ["工期（天）", "前置任务", "备注", "任务名称", "编号"],
        ["3 天", "", "", "策划简报", "1"],
        ["2", "1FS＋2天", "x", "文案", "2"],
    ]
    plan = read_plan("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    assert [(task.id, task.name, task.duration) for task in plan.tasks] == [("1", "策划简报", 3), ("2", "文案", 2)]
    assert plan.links == [Link("1", "2", "FS", 2)]
    assert len(plan.warnings) == 1 and "备注" in plan.warnings[0]


def test_half_days_are_rounded_up_and_said():
    plan = read_plan(b"id,name,duration_days\na,Copy,1.5\nb,Film,2\n")
    assert [task.duration for task in plan.tasks] == [2, 2]
    assert plan.warnings == ["Durations were rounded up to whole working days: Copy."]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "no text file"),
        (b"name,predecessors\nx,\n", "id, duration_days"),
        (b"id,duration_days\n", "no tasks"),
        (b"id,duration_days\n1,soon\n", "Row 2: “soon”"),
        (b"id,duration_days\n1,-3\n", "Row 2: “-3”"),
        (b"id,duration_days\n1,99999999999\n", "Row 2: a task lasts"),
        (b"id,duration_days\n1,1\n1,1\n", "Row 3: the id 1 is there twice"),
        (b"id,duration_days\n1,1\n,1\n", "Row 3: there is no id"),
        (b"id,duration_days,predecessors\n1,1,7\n", "Row 2: There is no task 7"),
        (b"id,duration_days,predecessors\n1,1,\n2,1,1XY\n", "Row 3: There is no task 1XY"),
        (b"id,duration_days,predecessors\n1,1,\n2,1,1FS+2h\n", "Row 3: “1FS+2h”"),
        (b"<html><body></body></html>", "no MS Project file"),
        (b"<Project", "damaged"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><Project>&a;</Project>', "damaged"),
        (b"<a>" * 100 + b"</a>" * 100, "nested too deeply"),
        (b'<Project xmlns="http://schemas.microsoft.com/project"/>', "no tasks"),
    ],
)
def test_what_is_no_plan_is_told_so(content, words, written):
    with pytest.raises(Unreadable) as problem:
        read_plan(content)
    assert words in str(problem.value)
    assert words in refused(written(content))


def test_a_table_that_is_too_long(monkeypatch):
    monkeypatch.setattr("tasks.importers.result.MOST_TASKS", 2)
    with pytest.raises(Unreadable, match="more than 2 tasks"):
        read_plan(b"id,duration_days\n1,1\n2,1\n3,1\n")


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr("tasks.importers.MOST_BYTES", 10)
    with pytest.raises(Unreadable, match="larger"):
        read_plan(TABLE.encode())


# --- the dry run ---


def test_the_dry_run_counts_in_pure_offsets(written):
    report = check(written(TABLE), "--calendar", "none")
    tasks = {task["id"]: task for task in report["tasks"]}
    assert report["duration_working_days"] == 5
    assert [(task["early_start"], task["early_finish"]) for task in tasks.values()] == [(0, 3), (3, 5), (1, 5)]
    assert [(task["late_start"], task["late_finish"]) for task in tasks.values()] == [(0, 3), (3, 5), (1, 5)]
    assert sorted(report["critical"]) == ["1", "2", "3"]
    assert len(report["links"]) == 3 and report["warnings"] == []


def test_the_dry_run_counts_in_the_days_of_a_country(written):
    report = check(written("id,duration_days\n1,3\n"), "--calendar", "CN", "--start", "2026-02-13")
    assert (report["start"], report["finish"]) == ("2026-02-13", "2026-02-24")  # Saturday 14 is worked, 15 to 23 off


def test_the_dry_run_for_a_person(written, capsys):
    call_command("schedule_check", str(written(TABLE)))
    assert "3 links, 5 working days" in capsys.readouterr().out


def test_a_circle_is_refused_with_its_path(written):
    sentence = refused(written("id,name,duration_days,predecessors\n1,Brief,1,3\n2,Copy,1,1\n3,Film,1,2\n"))
    assert "Brief → Copy → Film → Brief" in sentence or "Film → Brief → Copy → Film" in sentence
    assert "1 → 1" in refused(written("id,duration_days,predecessors\n1,1,1\n"))


def test_a_file_that_is_not_there(tmp_path):
    assert "cannot be opened" in refused(tmp_path / "nothing.csv")
    assert "cannot be opened" in refused(tmp_path)


def test_refusals_are_in_chinese_too(written):
    with translation.override("zh-hans"):
        assert refused(written("id,duration_days\n1,soon\n")) == "第 2 行：“soon”不是以天为单位的工期。"


# --- MS Project XML ---


def project(tasks, more=""):
    return f"""<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project">
    <StartDate>2026-03-02T08:00:00</StartDate><MinutesPerDay>480</MinutesPerDay>
    <DefaultStartTime>08:00:00</DefaultStartTime>{more}<Tasks>{tasks}</Tasks></Project>""".encode()


def task(uid, more="", duration="PT16H0M0S", level=1):
    return (
        f"<Task><UID>{uid}</UID><Name>T{uid}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<Duration>{duration}</Duration><DurationFormat>7</DurationFormat>{more}</Task>"
    )


def link(uid, kind=1, lag=0, form=7):
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{form}</LagFormat></PredecessorLink>"
    )


def test_outline_links_and_lags_of_all_kinds():
    tasks = task(0, level=0) + task(1) + task(2, level=2) + task(3, link(2, 0, 4800) + link(1, 2, -9600), level=2)
    plan = read_plan(project(tasks + task(4, link(2, 3) + link(3, 1, 100, 19) + link(99))))
    assert [(one.id, one.parent, one.duration) for one in plan.tasks] == [
        ("1", None, 0), ("2", "1", 2), ("3", "1", 2), ("4", None, 2),
    ]  # fmt: skip
    assert [(one.predecessor, one.successor, one.kind, one.lag) for one in plan.links] == [
        ("2", "3", "FF", 1), ("1", "3", "SF", -2), ("2", "4", "SS", 0), ("3", "4", "FS", 2),
    ]  # fmt: skip
    assert plan.warnings == [
        "Lags in percent were turned into days: T4.",
        "Links to tasks that are not in the file are left out: T4.",
    ]


def test_hours_are_rounded_up_and_constraints_kept():
    bound = "<ConstraintType>4</ConstraintType><ConstraintDate>2026-03-05T08:00:00</ConstraintDate>"
    bound += "<Deadline>2026-03-09T17:00:00</Deadline><PercentComplete>40</PercentComplete>"
    [one] = read_plan(project(task(1, bound, "PT9H0M0S"))).tasks
    assert (one.duration, one.constraint, one.constraint_date, one.deadline, one.progress) == (
        2, "snet", date(2026, 3, 5), date(2026, 3, 9), 40,
    )  # fmt: skip


def test_calendars_with_a_base_and_exceptions():
    off = "<WeekDay><DayType>{}</DayType><DayWorking>0</DayWorking></WeekDay>"
    holiday = (
        "<Exceptions><Exception><Type>1</Type><TimePeriod><FromDate>2026-03-03T00:00:00</FromDate>"
        "<ToDate>2026-03-04T23:59:00</ToDate></TimePeriod><DayWorking>0</DayWorking></Exception></Exceptions>"
    )
    calendars = (
        f"<CalendarUID>1</CalendarUID><Calendars><Calendar><UID>1</UID><Name>Own</Name><WeekDays>{off.format(1)}"
        f"{off.format(7)}</WeekDays>{holiday}</Calendar><Calendar><UID>2</UID><Name>Agency</Name>"
        f"<BaseCalendarUID>1</BaseCalendarUID><WeekDays>{off.format(6)}</WeekDays></Calendar></Calendars>"
    )
    plan = read_plan(project(task(1) + task(2, "<CalendarUID>2</CalendarUID>", "PT24H0M0S"), calendars))
    schedule = solve(plan.plan(None))
    assert (schedule["1"].start, schedule["1"].finish) == (date(2026, 3, 2), date(2026, 3, 5))
    assert (schedule["2"].start, schedule["2"].finish) == (date(2026, 3, 2), date(2026, 3, 9))


def test_a_plan_from_its_finish_and_tasks_set_by_hand():
    back = "<ScheduleFromStart>0</ScheduleFromStart><FinishDate>2026-03-13T17:00:00</FinishDate>"
    plan = read_plan(project(task(1) + task(2, link(1)), back))
    schedule = solve(plan.plan(None))
    assert (schedule["1"].start, schedule["2"].finish) == (date(2026, 3, 10), date(2026, 3, 13))
    by_hand = "<Manual>1</Manual><Start>2026-03-11T08:00:00</Start><Finish>2026-03-12T17:00:00</Finish>"
    assert solve(read_plan(project(task(1, by_hand))).plan(None))["1"].start == date(2026, 3, 11)


def test_a_difference_to_the_file_is_said(written):
    days = "<Start>2026-03-02T08:00:00</Start><Finish>2026-03-06T17:00:00</Finish>"
    report = check(written(project(task(1, days)), "plan.xml"))
    assert report["warnings"] == ["“T1” is 2026-03-02 to 2026-03-06 in the file and 2026-03-02 to 2026-03-03 here."]


@pytest.mark.samples
@pytest.mark.skipif(not MSPDI.is_dir(), reason="PHAROS_SAMPLES is not there")
@pytest.mark.parametrize(
    ("name", "tasks", "links", "differences"),
    [
        ("baselines.xml", 1, 0, 0),
        ("mspdiduration.xml", 10, 0, 0),
        (
            "mspdirelations.xml",
            5,
            [("1", "2", "FS", 0), ("2", "3", "SS", 1), ("3", "4", "FF", 0), ("4", "5", "SF", 0)],
            0,
        ),
        ("sample.xml", 19, 6, 2),  # a task whose resources split its 800 hours, and its summary
    ],
)
def test_real_files_keep_their_tasks_links_and_dates(name, tasks, links, differences):
    path = MSPDI / name
    plan = read_plan(path.read_bytes())
    found = [(one.predecessor, one.successor, one.kind, one.lag) for one in plan.links]
    assert len(plan.tasks) == tasks
    assert (found if isinstance(links, list) else len(found)) == links
    assert len([line for line in check(path)["warnings"] if "in the file" in line]) == differences
