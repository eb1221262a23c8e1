"""Run the test suite on SQLite and on PostgreSQL + Redis where they answer, and say plainly what was left out.

Both run at once (with --all one after the other), for one computes while the other waits for its server; what the
second prints comes after the first.

Options: --all adds the slow kinds (browser, kill, load, fuzz); anything else goes to pytest (ARGS="-k goal").
PHAROS_REQUIRE="services samples" makes a missing service or sample folder an error. Runs in the virtual environment.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.services import reachable  # noqa: E402

CLOSING = re.compile(r"\b(?:passed|failed|error|errors|no tests ran)\b.* in [\d.]+s")
NOTHING_SELECTED = 5  # pytest's code; no fault of a run that was narrowed by ARGS to tests without a database
SLOW = ["browser", "kill", "load", "fuzz"]
AGAIN_SHORT = [
    "matrix, foreign ids and every page ran on SQLite only (make test-all runs them on both)",
    "an act with two doors went through one on PostgreSQL and the other on SQLite (make test-all: both on both)",
    "a test of several cases ran one of them on PostgreSQL (make test-all runs all)",
]
AGAIN_LONG = ["browsers and the long matrix ran on SQLite only"]
SHARES = "of each page six looks in eight, and of the long matrix three cells in four (PHAROS_TEST_WHOLE=1 takes all)"
REQUIRED = os.environ.get("PHAROS_REQUIRE", "").split()
WORKERS = int(os.environ.get("PHAROS_TEST_WORKERS", "2"))  # of the run on SQLite; the shorter one has half of it


def samples():
    """The folder of sample files: PHAROS_SAMPLES, else ../shared/data."""
    return Path(os.environ.get("PHAROS_SAMPLES") or ROOT.parent / "shared" / "data").resolve()


def run(title, markers, environment, more, show):
    """Run pytest once, show its lines as they come, and return (exit code, its closing line)."""
    show(f"\n=== {title} ===\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        environment["PHAROS_TEST_WORKERS"],
        "--dist",
        "worksteal",
        "-m",
        markers,
        *more,
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    last = "no closing line: pytest itself failed"
    for line in process.stdout:
        show(line)
        last = line.strip(" =\n") if CLOSING.search(line) else last
    code = process.wait()
    return 0 if code == NOTHING_SELECTED and more else code, last


def run_all(runs, more):
    """(title, exit code, closing line) of each run."""
    later = [(one, []) for one in runs[1:]]
    with ThreadPoolExecutor(len(runs)) as pool:
        others = [(pool.submit(run, *one, more, lines.append), one, lines) for one, lines in later]
        results = [(runs[0][0], *run(*runs[0], more, tell))]
        for other, (title, *_rest), lines in others:
            found = other.result()
            tell("".join(lines))
            results.append((title, *found))
    return results


def tell(text):
    """Show text at once, also where the output goes into a file."""
    print(text, end="", flush=True)


def environments(everything):
    """The runs that are possible here, as (title, markers, environment), and the sentences on what is not."""
    own = {"DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE"}  # unkept, every worker prepares every module anew
    plain = {name: value for name, value in os.environ.items() if name not in own}
    plain |= {"PHAROS_SAMPLES": str(samples()), "PHAROS_TEST_WORKERS": str(WORKERS)}
    slow = "" if everything else " and ".join(f"not {kind}" for kind in SLOW)
    without = " and ".join(filter(None, ["not postgres and not redis", slow]))
    runs, left_out = [("SQLite, embedded worker", without, plain)], []
    postgres, redis = reachable("postgres"), reachable("redis")
    if postgres and redis:
        servers = {"DATABASE_URL": postgres["url"], "REDIS_URL": redis["url"], "PHAROS_TEST_SKIP_PURE": "1"}
        servers["PHAROS_TEST_WORKERS"] = str(WORKERS if everything else -(-WORKERS // 2))
        again = "not browser and not (once and load)" if everything else f"{slow} and not once"
        if not everything:
            plain["PHAROS_TEST_PART"], servers["PHAROS_TEST_PART"] = "first", "second"
        runs.append(("PostgreSQL and Redis (every test that uses the database)", again, plain | servers))
        left_out += AGAIN_LONG if everything else AGAIN_SHORT
    else:
        gone = " and ".join(name for name, found in (("PostgreSQL", postgres), ("Redis", redis)) if not found)
        left_out.append(f"services: {gone} not reachable, so that run was skipped (make services starts them)")
    if not samples().is_dir():
        left_out.append(f"samples: no folder {samples()}, so their tests were skipped (PHAROS_SAMPLES names it)")
    left_out.append(SHARES if everything else f"the slow kinds: {', '.join(SLOW)} (make test-all runs them)")
    return runs, left_out


def main(arguments):
    """Run what can run; the closing lines of all runs come last."""
    everything = "--all" in arguments
    more = [argument for argument in arguments if argument != "--all"]
    more += ["-p", "schemathesis", "--hypothesis-profile=long"] if everything else []
    runs, left_out = environments(everything)
    refused = [sentence for sentence in left_out if sentence.split(":")[0] in REQUIRED]
    if refused:
        sys.exit("\n".join(["Not run, since PHAROS_REQUIRE asks for more than there is here:", *refused]))
    started = time.monotonic()
    at_once = [[one] for one in runs] if everything else [runs]  # browsers and kills have a machine to themselves
    results = [result for together in at_once for result in run_all(together, more)]
    print(f"\n=== Result after {time.monotonic() - started:.0f} s ===")
    for sentence in left_out:
        print(f"left out — {sentence}")
    for title, code, last in results:
        print(f"{title}: {'ok' if not code else 'FAILED'}\n{last}")
    return max(code for _, code, _ in results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
