"""The engine against longest paths found another way, and against the published lengths of real networks."""

import csv
import os
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.schedule import Item, Link, Schedule, solve
from tests.tasks.plans import EVERY_DAY, oracle, plain_plan, random_network

SAMPLES = Path(os.environ.get("PHAROS_SAMPLES", "../shared/data"))
PSPLIB = SAMPLES / "psplib"


@pytest.mark.parametrize("hundred", range(10))
def test_random_networks_of_all_kinds_of_links(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        items, links = random_network(seed)
        expected, length = oracle(items, links)
        schedule = solve(plain_plan(items, links))
        found = {
            key: (row.early_start_offset, row.late_start_offset, row.free_float) for key, row in schedule.rows.items()
        }
        assert found == expected, seed
        assert max(row.early_finish_offset for row in schedule.rows.values()) == length
        assert set(schedule.critical) == {key for key, (early, late, _free) in expected.items() if early == late}


@pytest.mark.parametrize("calendar", [None, "own"])
def test_the_order_in_which_items_are_listed_changes_nothing(calendar):
    chance = random.Random(1)
    for seed in range(200):
        items, links = random_network(seed)
        expected, _length = oracle(items, links)
        chance.shuffle(items)
        items[0] = replace(items[0], calendar=calendar)
        plan = replace(plain_plan(items, links), calendars={None: EVERY_DAY, "own": EVERY_DAY})
        rows = solve(plan).rows
        assert list(rows) == [item.key for item in items]
        found = {key: (row.early_start_offset, row.late_start_offset, row.free_float) for key, row in rows.items()}
        assert found == expected, seed


def test_the_oracle_sees_a_wrong_lag():
    items, links = [Item(1, 3), Item(2, 2)], [Link(1, 2, "FS", 1)]
    wrong = solve(plain_plan(items, [Link(1, 2, "FS", 2)]))
    assert wrong[2].early_start_offset != oracle(items, links)[0][2][0]


def psplib_plan(text):
    """Items and links of a .sm file of the project scheduling problem library; resources are left out."""
    relations = re.search(r"PRECEDENCE RELATIONS:\n.*\n((?:\s+\d.*\n)+)", text)[1]
    requests = re.search(r"REQUESTS/DURATIONS:\n.*\n-+\n((?:\s+\d.*\n)+)", text)[1]
    rows = [[int(each) for each in line.split()] for line in relations.splitlines()]
    items = [Item(row[0], row[2]) for row in ([int(each) for each in line.split()] for line in requests.splitlines())]
    return items, [Link(row[0], successor) for row in rows for successor in row[3 : 3 + row[2]]]


@pytest.mark.samples
@pytest.mark.skipif(not PSPLIB.is_dir(), reason="PHAROS_SAMPLES is not there")
def test_lengths_of_the_project_scheduling_problem_library():
    with open(PSPLIB / "INDEX.csv", newline="") as file:
        index = list(csv.DictReader(file))
    assert len(index) == 96
    for row in index:
        items, links = psplib_plan((PSPLIB / row["file"]).read_text())
        assert (len(items), len(links)) == (int(row["jobs_incl_dummies"]), int(row["arcs"]))
        schedule = solve(plain_plan(items, links))
        assert isinstance(schedule, Schedule)
        assert schedule.duration == int(row["cpm_length_recomputed"]), row["file"]
        assert len(schedule.critical) == int(row["critical_jobs_incl_dummies"]), row["file"]
