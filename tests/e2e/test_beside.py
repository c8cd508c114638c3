"""What is seen and said beside a process that holds the state directory, or where nobody can."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import pytest

from harness import EXAMPLE, Lamplighter, simulated_cloud
from test_look import SPEED, begun, listed, run_of, served, state_dir  # noqa: F401: fixtures


@pytest.fixture
def abandoned(served):
    """The name of an execution whose process was killed."""
    with run_of(served, "start", "dev") as run:
        [one] = listed(served)
        run.kill()
        run.wait()
    return one["name"]


def serve(served, *more):
    return begun(served, "serve", "--port", "0", "--speed", SPEED, *more, until="Step Functions API at", name="serve")


def test_what_nobody_carries_on_is_shown(served, abandoned):
    [one] = listed(served)
    assert (one["status"], one["carried_on"]) == ("RUNNING", False)
    shown = served("executions", "--state-dir", served.home / ".local/state/lamplighter").stdout
    assert re.search(rf"^{abandoned} +RUNNING .*  nobody carries it on$", shown, flags=re.MULTILINE)
    assert f"\nWhat nobody carries on goes on with: lamplighter resume {abandoned} --state-dir" in shown


def test_what_the_daemon_left_as_it_is_is_told_apart(served, abandoned):
    with simulated_cloud(served.program, SPEED) as other, serve(served, "--endpoint-url", other) as daemon:
        served("start", "test", "-f", EXAMPLE)
        assert {one["name"]: one["carried_on"] for one in listed(served)}[abandoned] is False
        for verb in ("watch", "resume"):
            told = served(verb, abandoned)
            assert told.code == 2
            assert f"lamplighter serve (process {daemon.pid})" in told.stderr and f"lamplighter resume {abandoned}" in told.stderr
            assert "left" in told.stderr and "as it is" in told.stderr
    [one] = [one for one in listed(served) if one["name"] == abandoned]
    assert one["status"] == "RUNNING"


def test_resume_beside_who_carries_it_on_points_to_watch(served, abandoned):
    with serve(served, "--endpoint-url", served.cloud) as daemon:
        for which in ([], [abandoned]):
            told = served("resume", *which)
            if "nothing runs" in told.stderr:
                continue  # it has come to its end meanwhile
            assert told.code == 2
            assert f"lamplighter serve (process {daemon.pid}) holds the state directory\nit carries {abandoned} on" in told.stderr
            assert f"\n  lamplighter watch {abandoned}\n" in told.stderr


def test_a_state_directory_that_can_t_be_made_is_bad_input(served):
    for command in (["start", "dev", "-f", EXAMPLE, "--endpoint-url", served.cloud, "--speed", SPEED], ["serve", "--port", "0"]):
        refused = served(*command, "--state-dir", "/proc/nowhere")
        assert refused.code == 2
        assert "/proc/nowhere can't be made: " in refused.stderr and "choose another with --state-dir" in refused.stderr


def as_nobody(program, home, *arguments):
    """Without root's rights to write anywhere."""
    user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
    return subprocess.run([program, *map(str, arguments)], env=env, cwd="/", capture_output=True, text=True, timeout=60, **user)


def test_a_directory_that_may_only_be_read_is_looked_at(served, abandoned, state_dir):
    place = pathlib.Path(tempfile.mkdtemp(prefix="lamplighter-read-only-"))
    assert served("pause", "for", "5h", "--why", "upgrade", "-f", EXAMPLE).code == 0
    try:
        fleet = pathlib.Path(shutil.copy(EXAMPLE, place / "fleet.yaml"))
        program = pathlib.Path(shutil.copy(served.program, place / "lamplighter"))
        kept = pathlib.Path(shutil.copytree(state_dir, place / "state", ignore=shutil.ignore_patterns("socket")))
        for path in (*kept.iterdir(), kept, place):
            path.chmod(0o555 if path.is_dir() else 0o444)
        program.chmod(0o555)
        seen = as_nobody(program, place, "executions", "--json", "--state-dir", kept)
        assert seen.returncode == 0, seen.stderr
        assert [(one["name"], one["carried_on"]) for one in json.loads(seen.stdout)] == [(abandoned, False)]
        assert re.search(r" all schedules  paused until .*: upgrade$", as_nobody(program, place, "overrides", "-f", fleet, "--state-dir", kept).stdout.strip())
        assert "dev db: starting" in as_nobody(program, place, "history", abandoned, "--state-dir", kept).stdout
        cancelled = as_nobody(program, place, "cancel", abandoned, "--state-dir", kept)
        assert cancelled.returncode == 2 and f"the state directory {kept} can't be written to: " in cancelled.stderr
    finally:
        for path in (place, place / "state"):
            path.chmod(0o755)
        shutil.rmtree(place)


def test_an_execution_that_isn_t_there_is_looked_for_where_it_was_asked(served, abandoned):
    elsewhere = served.home / "elsewhere dir"
    (served.home / ".local/state/lamplighter").rename(elsewhere)
    missing = served("history", "nothing\nhere", "--state-dir", elsewhere)
    assert missing.code == 2
    assert f"found no execution \"nothing here\"; this lists them:\n  lamplighter executions --state-dir '{elsewhere}'" in missing.stderr
    assert abandoned in served.paste(missing.stderr.splitlines()[-1]).stdout


def test_a_retry_happens_once(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, SPEED, "--fault", "capacity:test1") as program.env["AWS_ENDPOINT_URL"]:
        first = program("start", "dev", "-f", EXAMPLE, "--speed", SPEED, "--json", timeout=300).json["execution"]
    with simulated_cloud(lamplighter, SPEED) as program.env["AWS_ENDPOINT_URL"]:
        again = program("retry", first, "-f", EXAMPLE, "--speed", SPEED, "--json").json["execution"]
        twice = program("retry", first, "-f", EXAMPLE, "--speed", SPEED)
        assert twice.code == 2
        assert f"nothing was changed: {first} was retried already, by {again}, which has ended (SUCCEEDED):\n  lamplighter history {again}" in twice.stderr
    assert len(listed(program)) == 2


def test_events_are_events_only(served):
    with run_of(served, "start", "dev") as run:
        assert run.wait(timeout=60) == 0
    [one] = listed(served)
    assert "STATUS: SUCCESS" in served("history", one["name"]).stdout
    assert "STATUS: SUCCESS" not in served("history", one["name"], "--events").stdout.splitlines()[-1]
    assert re.match(r"\s*\S+\s+.*ExecutionSucceeded", served("history", one["name"], "--events").stdout.splitlines()[-1])


def test_the_packaged_daemon_is_found_where_nobody_holds_the_usual_directory(served):
    packaged = served.home / "run"
    packaged.mkdir()
    with serve(served, "--endpoint-url", served.cloud, "--state-dir", served.home / "var", "--socket", packaged / "socket"):
        user = Lamplighter(served.program, served.home, None)
        user.env["LAMPLIGHTER_RUNTIME_DIR"] = str(packaged)
        done = user("start", "dev", "-f", EXAMPLE, "--json")
        assert done.code == 0, done.stderr
        assert done.json["api_calls"] is None, "that process made them"
        assert [one["name"] for one in listed(user)] == [done.json["execution"]]
        assert user("executions", "--state-dir", served.home / "own").code == 2, "another was asked for"
        (packaged / "socket").unlink()
        until = time.monotonic() + 20
        while not (packaged / "socket").exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert listed(user), "a socket that was deleted is made again"
    assert not (served.home / ".local/state/lamplighter").exists()


def test_hostile_peers_in_crowds_hinder_nobody(served, state_dir):
    with serve(served, "--endpoint-url", served.cloud) as daemon:
        def connect(text=b""):
            peer = socket.socket(socket.AF_UNIX)
            peer.settimeout(20)
            peer.connect(str(state_dir / "socket"))
            if text:
                peer.sendall(text)
            return peer

        before = len(os.listdir(f"/proc/{daemon.pid}/fd"))
        head = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AWSStepFunctions.ListStateMachines\r\n"
        crowd = []
        for i in range(1000):
            crowd.append(connect(b"" if i % 2 else head + b"Content-Length: 100\r\n\r\n{"))
            if i % 100 == 99:
                assert served("executions").code == 0
        assert len(os.listdir(f"/proc/{daemon.pid}/fd")) < before + 300, "as many connections as it may have"
        for peer in crowd:
            peer.close()
        never_reads = connect()
        never_reads.setblocking(False)
        try:
            for _ in range(10_000):
                never_reads.send(head + b"Content-Length: 2\r\n\r\n{}")
        except BlockingIOError:
            pass
        assert served("executions").code == 0
        assert daemon.poll() is None
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0
        never_reads.close()


@pytest.mark.parametrize("arguments", [["executions"], ["stop", "dev", "-f", EXAMPLE, "--yes", "--speed", SPEED]], ids=["executions", "stop"])
def test_a_holder_that_is_stopped_is_named_after_some_seconds(served, arguments):
    with run_of(served, "start", "dev") as run:
        run.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        asked = served(*arguments)
        assert time.monotonic() - began < 12
        assert asked.code == 2 and f"the process {run.pid} listens at " in asked.stderr, asked.stderr
        assert f"; kill -CONT {run.pid} lets a stopped one go on" in asked.stderr
        run.send_signal(signal.SIGCONT)
        assert run.wait(timeout=60) == 0
    assert len(listed(served)) == 1, "nobody else started anything"
