"""Make PostgreSQL and Redis reachable for the tests, and say where; `--stop` ends what was started here.

Running servers are used as they are (PHAROS_TEST_DATABASE_URL, PHAROS_TEST_REDIS_URL, or the usual ports where sign-in
works). Otherwise throwaway ones are started on 127.0.0.1, on free ports, with data in a temporary folder. The result
is .services.json: {"postgres": {"url", "pid"?, "folder"?}, "redis": {…}}. Root installs Debian's packages if missing.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import redis

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".services.json"
PACKAGES = {  # what a test needs -> the Debian package that brings it
    "initdb": "postgresql",
    "redis-server": "redis-server",
    "chromium": "chromium",
    "msgfmt": "gettext",
    "cjk-font": "fonts-noto-cjk",
}
POSTGRES_USUAL = [
    "postgresql://postgres@127.0.0.1:5432/postgres",
    "postgresql://postgres:postgres@127.0.0.1:5432/postgres",
]
REDIS_USUAL = ["redis://127.0.0.1:6379/15"]  # the last database of a running server: the tests share it with nobody


def find(program):
    """The path of a program, or None; PostgreSQL's own are not on Debian's PATH."""
    if program == "cjk-font":
        return next(Path("/usr/share/fonts").rglob("*CJK*"), None)
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda p: int(p.parent.parent.name))
    return str(newest[-1]) if newest else shutil.which(program)


def install_packages():
    """Install what is missing, as root on Debian only; otherwise name it."""
    running = {program for name, (_, _, _, program, _) in SERVICES.items() if reachable(name)}
    missing = [package for program, package in PACKAGES.items() if program not in running and not find(program)]
    if not missing:
        return
    if os.geteuid() or not shutil.which("apt-get"):
        print(f"Not installed: {', '.join(missing)} (needs root and apt-get; or install them yourself).")
        return
    print(f"Installing {', '.join(missing)} …", flush=True)
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "-qq", "update"], **quiet)
    if subprocess.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing], **quiet).returncode:
        print("apt-get could not install all of them; the lines above say why.")


def postgres_answers(url):
    """True when sign-in works and databases may be created."""
    try:
        with contextlib.closing(psycopg2.connect(url, connect_timeout=2)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            return cursor.fetchone()[0]
    except psycopg2.Error:
        return False


def redis_answers(url):
    """True when the server takes a command."""
    try:
        with contextlib.closing(redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)) as client:
            return client.ping()
    except (redis.RedisError, ValueError):
        return False


def free_port():
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def quietly(command, cwd):
    """Run a command without its chatter; its output is shown when it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-800:]}")


def start_postgres():
    """A throwaway cluster. PostgreSQL refuses to run as root, so root hands it to the user postgres (or nobody)."""
    folder = Path(tempfile.mkdtemp(prefix="pharos-postgres-"))
    port, prefix = free_port(), []
    if os.geteuid() == 0:
        user = "postgres" if subprocess.run(["id", "postgres"], capture_output=True).returncode == 0 else "nobody"
        shutil.chown(folder, user)
        prefix = ["runuser", "-u", user, "--"]
    data, log = folder / "data", folder / "log"
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    options += " -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    initdb = [find("initdb"), "-D", data, "-U", "pharos", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    pg_ctl = [find("pg_ctl"), "-D", data, "-l", log, "-o", options, "-w", "-t", "30", "start"]
    quietly([*prefix, *map(str, initdb)], folder)
    # pg_ctl leaves the server on its pipes, so waiting for their end would be waiting for ever: no capture here
    silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    subprocess.run([*prefix, *map(str, pg_ctl)], cwd=folder, check=True, **silent)
    pid = int((data / "postmaster.pid").read_text().split()[0])
    return {"url": f"postgresql://pharos@127.0.0.1:{port}/postgres", "pid": pid, "folder": str(folder)}


def start_redis():
    """A throwaway server that keeps nothing on disk."""
    folder = Path(tempfile.mkdtemp(prefix="pharos-redis-"))
    port, pidfile = free_port(), folder / "pid"
    options = f"--port {port} --bind 127.0.0.1 --appendonly no --daemonize yes --dir {folder} --pidfile {pidfile}"
    quietly([find("redis-server"), *options.split(), "--save", ""], folder)
    url = f"redis://127.0.0.1:{port}/0"
    deadline = time.monotonic() + 10
    while not (redis_answers(url) and pidfile.exists()):
        if time.monotonic() > deadline:
            raise RuntimeError("redis-server does not answer")
        time.sleep(0.05)
    return {"url": url, "pid": int(pidfile.read_text()), "folder": str(folder)}


SERVICES = {
    "postgres": ("PHAROS_TEST_DATABASE_URL", POSTGRES_USUAL, postgres_answers, "initdb", start_postgres),
    "redis": ("PHAROS_TEST_REDIS_URL", REDIS_USUAL, redis_answers, "redis-server", start_redis),
}


def read_state():
    """What an earlier run left, or nothing."""
    try:
        return json.loads(STATE.read_text())
    except (OSError, ValueError):
        return {}


def reachable(name):
    """{"url": …} of a service that answers now, without starting anything; None when there is none."""
    variable, usual, answers, _, _ = SERVICES[name]
    if os.environ.get(variable):
        return {"url": os.environ[variable]} if answers(os.environ[variable]) else None
    left = read_state().get(name)
    if left and answers(left["url"]):
        return left
    return next(({"url": url} for url in usual if answers(url)), None)


def provide(name):
    """Use what runs, else start it; None (and a sentence) when neither works."""
    variable, _, _, program, start = SERVICES[name]
    found = reachable(name)
    if found:
        return found
    if os.environ.get(variable):
        print(f"{name}: {variable} is set, but nobody answers there.")
        return None
    if not find(program):
        print(f"{name}: not running and not installed.")
        return None
    stop_one(read_state().get(name))
    try:
        return start()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        print(f"{name}: could not be started: {error}")
        return None


def still_ours(service):
    """True when the process of this id was started for this folder: ids are used again by the system."""
    try:
        command = Path(f"/proc/{service['pid']}/cmdline").read_bytes().decode(errors="replace")
        return service["folder"] in command or os.readlink(f"/proc/{service['pid']}/cwd").startswith(service["folder"])
    except OSError:
        return False


def stop_one(service):
    """End a server that was started here and remove its folder."""
    if not service or "folder" not in service:
        return
    deadline = time.monotonic() + 10
    if still_ours(service):
        os.kill(service["pid"], signal.SIGINT)  # PostgreSQL's "fast" shutdown; Redis ends on it too
    while still_ours(service) and time.monotonic() < deadline:
        time.sleep(0.05)
    shutil.rmtree(service["folder"], ignore_errors=True)


def stop():
    """End everything that was started here."""
    for service in read_state().values():
        stop_one(service)
    STATE.unlink(missing_ok=True)
    print("Stopped.")


def main():
    """Provide both services, write .services.json, and answer 1 when one is missing."""
    if "--stop" in sys.argv[1:]:
        return stop()
    install_packages()
    state = {name: found for name in SERVICES if (found := provide(name))}
    STATE.write_text(json.dumps(state, indent=2) + "\n")
    for name, service in state.items():
        print(f"{name}: {service['url']}" + ("  (throwaway)" if "folder" in service else ""))
    return 0 if len(state) == len(SERVICES) else 1


if __name__ == "__main__":
    sys.exit(main())
