"""How the program treats its standard streams, and what it reads."""
import contextlib
import os
import pathlib
import sqlite3
import subprocess
import urllib.parse

import pytest

import crowds
from program import CLEAN, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLEET = ROOT / "examples/lower-environments.yaml"


def run(*command, **options):
    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.run([*map(str, command)], stderr=subprocess.PIPE, text=True, timeout=60, env={**CLEAN, **options.pop("env", {})}, **options)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["validate", "-f", FLEET], ["compile", "start", "-f", FLEET],
     ["start", "-f", FLEET, "--simulate", "--json"], ["validate-definition", "/dev/null"]],
    ids=lambda arguments: arguments[0])
def test_what_cant_be_written_is_an_error(lamplighter, arguments, tmp_path):
    with open("/dev/full", "w") as full:
        done = run(lamplighter, *arguments, stdout=full, cwd=tmp_path)
    assert done.returncode in ((1, 2) if arguments[0] == "validate-definition" else (1,)), done.stderr
    assert "can't write to standard output" in done.stderr


@pytest.mark.parametrize(
    "arguments, code",
    [(["executions", "--state-dir", "/nowhere"], 2), (["strat"], 2), (["stop", "-f", FLEET], 2), (["start", "-f", FLEET, "--simulate=max"], 0),
     (["start", "-f", FLEET, "--simulate=max", "--fault", "capacity:test1"], 1)],
    ids=lambda arguments: arguments[0] if isinstance(arguments, list) else "")
def test_a_standard_error_that_is_full_changes_nothing(lamplighter, arguments, code, tmp_path):
    with open("/dev/full", "w") as full:
        done = subprocess.run([str(lamplighter), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=full, timeout=60, env=CLEAN)
    assert done.returncode == code


def test_a_server_whose_log_is_full_goes_on(lamplighter, tmp_path, serving):
    """What it has to tell comes from the engine's thread: an execution whose history is gone."""
    state = tmp_path / "state"
    first = serving("serve", "--port", "0", "--auth", "none", "--state-dir", state)
    caller = crowds.Client(first.place)
    machine = caller.machine("m", "A", {"A": {"Type": "Wait", "Seconds": 1, "End": True}})
    caller.call("StartExecution", stateMachineArn=machine, name="damaged")
    first.end()
    with contextlib.closing(sqlite3.connect(state / "engine.db")) as database:
        database.execute("DELETE FROM history")
        database.commit()
    with open("/dev/full", "w") as full:
        process = subprocess.Popen([str(lamplighter), "serve", "--port", "0", "--auth", "none", "--state-dir", str(state)],
                                   stdout=subprocess.PIPE, stderr=full, text=True, env=CLEAN)
    try:
        place = next(word for line in process.stdout for word in line.split() if word.startswith("http://"))
        again = crowds.Client(urllib.parse.urlparse(place))
        wait_until(lambda: again.call("ListExecutions", stateMachineArn=machine)["executions"][0]["status"] == "FAILED")
    finally:
        process.kill()
        process.communicate()


def test_nothing_takes_a_closed_descriptors_place(lamplighter, tmp_path):
    """With 0, 1 and 2 closed, the simulated cloud's listener would be one of them."""
    process = subprocess.Popen(
        ["sh", "-c", 'exec "$0" simulate -f "$1" <&- >&- 2>&-', str(lamplighter), str(FLEET)], env=CLEAN, cwd=tmp_path)
    try:
        wait_until(lambda: sockets(process.pid))
        assert [os.readlink(f"/proc/{process.pid}/fd/{number}") for number in range(3)] == ["/dev/null"] * 3
    finally:
        process.kill()
        process.wait()


def sockets(pid):
    found = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            found += [number] if os.readlink(f"/proc/{pid}/fd/{number}").startswith("socket:") else []
        except OSError:
            pass
    return found


@pytest.mark.parametrize("what", ["fleet", "config"])
def test_a_pipe_that_nobody_writes_to_does_not_hang(lamplighter, tmp_path, what):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if what == "fleet":
        done = run(lamplighter, "validate", "-f", pipe)
        assert done.returncode == 2
    else:
        done = run(lamplighter, "plan", "start", "-f", FLEET, env={"AWS_CONFIG_FILE": str(pipe), "AWS_EC2_METADATA_DISABLED": "true"})
        assert done.returncode in (2, 3), done.stderr


def test_a_fleet_may_come_through_a_pipe(lamplighter):
    done = run("bash", "-c", 'exec "$0" validate -f <(cat "$1")', lamplighter, FLEET)
    assert done.returncode == 0, done.stderr
