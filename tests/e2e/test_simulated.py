"""Runs on the simulated cloud in the binary: start --simulate, and start beside lamplighter simulate."""

import json
import os
import re
import signal
import subprocess

import pytest

from harness import EXAMPLE, Lamplighter, on_a_terminal, read_until, wait_for
from test_daemon import serving


@pytest.fixture
def alone(lamplighter, tmp_path):
    """The binary without any endpoint or credentials."""
    program = Lamplighter(lamplighter, tmp_path, None)
    del program.env["AWS_ACCESS_KEY_ID"], program.env["AWS_SECRET_ACCESS_KEY"]
    return program


def test_all_goes_well(alone):
    result = alone("start", "-f", EXAMPLE, "--simulate=max", "--json")
    assert result.code == 0, result.stderr
    assert result.json["status"] == "SUCCEEDED"
    assert sum(len(phase["servers"]) for e in result.json["environments"] for phase in e["phases"]) == 20
    assert "dev db: 3 of 3 servers started" in result.stderr


def test_one_halts_alone_and_the_same_seed_gives_the_same_run(alone):
    arguments = ["start", "-f", EXAMPLE, "--simulate=max", "--json", "--seed", "5", "--fault", "capacity:test9"]
    first, second = alone(*arguments), alone(*arguments)
    assert (first.code, second.code) == (1, 1)
    status = {environment["name"]: environment for environment in first.json["environments"]}
    assert [status[name]["status"] for name in ("dev", "test", "preprod")] == ["ready", "halted", "ready"]
    assert "test9" in status["test"]["reason"] and "InsufficientInstanceCapacity" in status["test"]["reason"]
    assert [phase["status"] for phase in status["test"]["phases"]] == ["failed", "not touched"]
    assert first.json["environments"] == second.json["environments"]
    assert first.json["api_calls"] == second.json["api_calls"]


def test_few_servers_without_capacity_keep_none_of_many_from_starting(alone):
    """EC2 lets five starts through at once, and its refusal names nobody."""
    servers = {name: [f"{name}-{number}" for number in range(count)] for name, count in (("large", 60), ("small", 8))}
    (alone.home / "f.yaml").write_text(json.dumps({"fleet": "f", "region": "us-east-1", "environments": {
        name: {"phases": [{"name": "app", "servers": names}]} for name, names in servers.items()}}))
    faulty = {"large-0", "large-7", "large-31", "small-3"}
    result = alone("start", "-f", "f.yaml", "--simulate=max", "--json", *(word for name in faulty for word in ("--fault", f"capacity:{name}")))
    assert result.code == 1
    rows = {row["name"]: row for environment in result.json["environments"] for phase in environment["phases"] for row in phase["servers"]}
    assert {name for name, row in rows.items() if row["state"] != "running"} == faulty
    for name in faulty:
        assert "InsufficientInstanceCapacity" in rows[name]["reason"], rows[name]


def test_what_may_not_be_stopped_runs_on_alone_each_with_its_own_reason(alone):
    faults = {"test1": "protected", "test4": "one-time-spot", "test19": "denied"}
    arguments = [part for name, kind in faults.items() for part in ("--fault", f"{kind}:{name}")]
    result = alone("stop", "dev", "-f", EXAMPLE, "--simulate=max", "--json", *arguments)
    assert result.code == 1, result.stderr
    app = result.json["environments"][0]["phases"][0]
    servers = {server["name"]: server for server in app["servers"]}
    assert set(faults) < set(servers)
    for name, server in servers.items():
        assert server["state"] == ("running" if name in faults else "stopped")
        assert (server["id"] in server["reason"]) == (name in faults)
        assert not any(other["id"] in server["reason"] for other in servers.values() if other is not server)


def test_the_report_is_shown(alone):
    result = alone("stop", "dev", "-f", EXAMPLE, "--simulate=max")
    assert result.code == 0
    assert "SHUTDOWN STATUS: SUCCESS" in result.stdout
    assert "test19" in result.stdout


@pytest.mark.parametrize("arguments, words", [
    (["--simulate=fast"], "expected a speed such as 60, or max"),
    (["--fault", "capacity:test4"], "--fault needs --simulate"),
    (["--simulate", "--speed", "3"], "--simulate=SPEED"),
    (["--simulate=max", "--fault", "capacity:test99"], "test99"),
    (["--simulate=max", "prod"], 'found the environment "prod"'),
    (["--unheard-of"], "--help"),
])
def test_usage(alone, arguments, words):
    result = alone("start", "-f", EXAMPLE, *arguments)
    assert result.code == 2
    assert words in result.stderr
    assert result.stderr.startswith("lamplighter: ")
    assert result.stdout == ""


def test_the_live_view(alone):
    process, terminal = on_a_terminal(alone, "start", "-f", EXAMPLE, "--simulate=600")
    text = read_until(terminal, "START STATUS: SUCCESS")
    assert process.wait(timeout=20) == 0
    os.close(terminal)
    assert "\x1b[?25l" in text and "\x1b[?25h" in text  # the cursor is given back
    assert re.search(r"dev.*test.*preprod", text)


def test_a_stop_asks_once(run, cloud):
    cloud.launch(["a"])
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}})
    process, terminal = on_a_terminal(run, "stop", "-f", path)
    read_until(terminal, r"Stop 1 server of dev \(us-east-1\) in account 123456789012 \(the environment's key pair\)\?")
    os.write(terminal, b"n\n")
    read_until(terminal, "nothing was stopped")
    assert process.wait(timeout=20) == 2
    os.close(terminal)
    assert cloud.states() == {"a": "running"}


def test_a_stop_that_is_handed_over_asks_as_well_informed(run, cloud):
    """By way of the daemon, which has the credentials."""
    cloud.launch(["a", "b"])
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a", "b"]}]}})
    with serving(run, path):
        process, terminal = on_a_terminal(run, "stop", "-f", path)
        read_until(terminal, r"Stop 2 servers of dev \(us-east-1\) in account 123456789012 "
                             r"\(the environment's key pair, by way of lamplighter serve \(process \d+\)\)\?")
        os.write(terminal, b"n\n")
        read_until(terminal, "nothing was stopped")
        assert process.wait(timeout=20) == 2
        os.close(terminal)
    assert cloud.states() == {"a": "running", "b": "running"}


ASKED = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.mark.parametrize("how", [*ASKED, signal.SIGKILL])
def test_resume_goes_on(served, how):
    log = served.home / "log"
    with log.open("w") as out:
        process = subprocess.Popen([served.program, "start", "-f", EXAMPLE, "--speed", "60"], env=served.env,
                                   cwd=served.home, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        wait_for(log, "dev db: starting")
        assert " RUNNING " in served("executions").stdout, "others may look"
        second = served("resume")
        assert second.code == 2 and "holds the state directory" in second.stderr, "one process at a time carries it on"
        process.send_signal(how)
        if how == signal.SIGHUP:
            wait_for(log, "lamplighter resume")
            process.send_signal(how)  # as a shell passes on what the terminal sent already
        code = process.wait(timeout=60)
    if how in ASKED:
        assert code == 130
        command = log.read_text().splitlines()[-1].strip()
        assert "lamplighter resume start-" in command
        for remembered in ("AWS_ENDPOINT_URL", "--endpoint-url", "--speed"):
            assert remembered not in command
    else:
        command = f"AWS_ENDPOINT_URL={served.env['AWS_ENDPOINT_URL']} lamplighter resume --speed 60"
    assert " RUNNING " in served("executions").stdout
    result = served.paste(command + " --json")
    assert result.code == 0, (command, result.stderr)
    assert result.json["status"] == "SUCCEEDED"
    assert served("resume", "--speed", "60").stdout == "Nothing was running.\n"


def test_nohup_is_obeyed(alone):
    process = subprocess.Popen(["nohup", alone.program, "start", "-f", EXAMPLE, "--simulate=600", "--json"], env=alone.env,
                               cwd=alone.home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    while "dev db: starting" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=60)
    assert process.returncode == 0
