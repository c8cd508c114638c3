"""Looking, waiting and handing over while a run or the daemon is under way, in another process."""

import contextlib
import getpass
import json
import os
import re
import signal
import socket
import stat
import subprocess

import boto3
import pytest

from harness import EXAMPLE, REGION, Lamplighter, begun, simulated_cloud, wait_for

SPEED = "120"


@pytest.fixture
def served(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, SPEED) as program.cloud:
        yield program


@pytest.fixture
def state_dir(served):
    return served.home / ".local/state/lamplighter"


def run_of(served, verb, environment, *more, until=None, name="log"):
    yes = ["--yes"] if verb == "stop" else []
    return begun(served, verb, environment, "-f", EXAMPLE, "--speed", SPEED, "--endpoint-url", served.cloud, *yes, *more,
                 until=until or f"{environment} {'db: starting' if verb == 'start' else 'app: stopping'}", name=name)


@pytest.fixture
def daemon(served):
    with begun(served, "serve", "--port", "0", "--speed", SPEED, "--endpoint-url", served.cloud, until="Step Functions API at") as process:
        yield process


def listed(served):
    return json.loads(served("executions", "--json").stdout)


def test_executions_history_watch_and_export_work_while_another_process_runs(served, state_dir):
    with run_of(served, "start", "dev") as run:
        assert stat.S_IMODE(os.stat(state_dir / "socket").st_mode) == 0o600
        [one] = listed(served)
        assert (one["status"], one["name"]) == ("RUNNING", one["execution"])
        assert one["started_by"].startswith(getpass.getuser() + "@")
        story = served("history", one["name"])
        assert story.code == 0
        assert f"{one['name']} RUNNING, started at" in story.stdout.splitlines()[0]
        assert "dev db: starting" in story.stdout
        assert "TaskStateEntered" in served("history", "--events", one["name"]).stdout
        assert json.loads(served("export", one["name"]).stdout)["execution"]["startedBy"]["how"] == "command"
        watched = served("watch")
        assert watched.code == 0, watched.stderr
        assert "dev app: " in watched.stdout and "SUCCESS" in watched.stdout
        assert run.wait(timeout=60) == 0
    assert not (state_dir / "socket").exists()
    events = json.loads(served("history", one["name"], "--json").stdout)
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))


def test_what_is_seen_meanwhile_is_what_is_seen_afterwards(served, daemon):
    assert served("start", "dev", "-f", EXAMPLE).code == 0
    [one] = listed(served)
    seen = [served("history", one["name"], *how).stdout for how in ([], ["--events"], ["--json"], ["--report"])]
    exported = served("export", one["name"]).stdout
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=10) == 0
    assert seen == [served("history", one["name"], *how).stdout for how in ([], ["--events"], ["--json"], ["--report"])]
    assert exported == served("export", one["name"]).stdout
    assert [one] == listed(served)


def test_a_start_is_handed_over_to_the_daemon_and_ctrl_c_only_stops_the_watching(served, daemon):
    with begun(served, "start", "dev", "-f", EXAMPLE, until="dev db: starting", name="start") as start:
        start.send_signal(signal.SIGINT)
        assert start.wait(timeout=10) == 130
        said = start.log.read_text()
    [one] = listed(served)
    assert one["status"] == "RUNNING"
    assert f"stopped watching; {one['name']} goes on" in said
    assert re.search(rf"\(socket, process {start.pid}\)", one["started_by"])
    access = json.loads(json.loads(served("export", one["name"]).stdout)["execution"]["input"])["access"]
    assert access["endpoint"] == served.cloud, "as the daemon reaches it"
    watch = re.search(r"^  (lamplighter watch .*)$", said, flags=re.MULTILINE)[1]
    assert "SUCCESS" in served.paste(watch).stdout
    assert served("watch").stdout == "Nothing is running.\n"


def test_who_started_what_is_not_the_request_s_own_word(served, daemon):
    keys = json.loads(served("credentials").stdout)
    url = re.search(r"at (http://\S+)", daemon.log.read_text())[1]
    states = boto3.client("stepfunctions", region_name=REGION, endpoint_url=url, aws_access_key_id=keys["AccessKeyId"],
                          aws_secret_access_key=keys["SecretAccessKey"])
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    machine = states.create_state_machine(name="m", definition=json.dumps(definition), roleArn="arn:aws:iam::1:role/r")
    claim = {"occurrence": {"schedule": "nightly"}, "started_by": {"how": "command", "user": "root"}}
    states.start_execution(stateMachineArn=machine["stateMachineArn"], name="e", input=json.dumps(claim))
    [one] = listed(served)
    assert one["started_by"] == "API key " + keys["AccessKeyId"]
    assert served("history", "e").stdout.count("PassState") == 2, "no story of ours: its events"
    assert served("watch", "e").code == 2


def test_the_daemon_s_way_to_aws_is_the_only_one(served, daemon):
    for option in (["--profile", "other"], ["--endpoint-url", "http://127.0.0.1:1"], ["--speed", "7"]):
        refused = served("start", "dev", "-f", EXAMPLE, *option)
        assert refused.code == 2
        assert f"lamplighter serve (process {daemon.pid}) holds the state directory" in refused.stderr
    assert listed(served) == []


def test_a_second_run_goes_to_the_first_one_s_process_which_stays_for_it(served, state_dir):
    with run_of(served, "start", "dev") as first, run_of(served, "start", "test", name="second") as second:
        names = {one["name"]: one["started_by"] for one in listed(served)}
        assert len(names) == 2
        several = served("watch")
        assert several.code == 2 and all(f"lamplighter watch {name}" in several.stderr for name in names)
        first.send_signal(signal.SIGINT)
        wait_for(first.log, "waiting for what others started here: start-")
        assert first.poll() is None
        assert second.wait(timeout=60) == 0
        assert "SUCCESS" in second.log.read_text()
        assert first.wait(timeout=60) in (0, 130)
    assert not (state_dir / "socket").exists()


def test_an_execution_that_nobody_carries_on_is_told_so(served):
    with run_of(served, "start", "dev") as run:
        [one] = listed(served)
        with begun(served, "watch", one["name"], until="dev db: starting", name="watch") as watch:
            run.kill()
            run.wait()
            assert watch.wait(timeout=30) == 2
            assert f"nobody carries {one['name']} on" in watch.log.read_text()
            assert f"lamplighter resume {one['name']}" in watch.log.read_text()
    assert served("watch", one["name"]).code == 2
    assert listed(served)[0]["status"] == "RUNNING"
    assert served("cancel", one["name"]).code == 0


def test_a_running_execution_is_cancelled_where_it_runs(served, daemon):
    with begun(served, "start", "dev", "-f", EXAMPLE, until="dev db: starting", name="start") as start:
        [one] = listed(served)
        cancelled = served("cancel", one["name"], "--now")
        assert cancelled.stdout.startswith(f"{one['name']} is ABORTED.")
        assert start.wait(timeout=20) == 1
    [one] = listed(served)
    assert one["status"] == "ABORTED"
    assert one["cause"].startswith(f"by lamplighter cancel of {getpass.getuser()}@")


def test_hostile_peers_of_the_socket_hinder_nobody(served, daemon, state_dir):
    def connect(text):
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(str(state_dir / "socket"))
        peer.sendall(text)
        return peer

    target = b"X-Amz-Target: AWSStepFunctions."
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
    silent = [connect(head) for _ in range(300)]
    unread = connect((head + target + b"ListStateMachines\r\nContent-Length: 2\r\n\r\n{}") * 2000)
    large = connect(head + target + b"StartExecution\r\nContent-Length: 999999999\r\n\r\n")
    assert b"413" in large.recv(4096)
    for nonsense in (b"\x00\xff" * 1000 + b"\r\n\r\n", b"GET /holder HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                     head + target + b"StartExecution\r\nContent-Length: 1\r\n\r\n[",
                     *(b"POST /overview HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
                       for body in (b"[", b"{}", b'{"environments": [{"name": 1}]}'))):
        answer = connect(nonsense).recv(4096)
        assert re.match(rb"HTTP/1.1 (400|403) ", answer), answer
    assert served("executions").code == 0
    assert daemon.poll() is None
    for peer in (*silent, unread, large):
        peer.close()


def test_a_stale_socket_is_replaced_and_a_deep_directory_will_do(served):
    deep = served.home / ("d" * 100) / ("e" * 100)
    for _ in range(2):
        with run_of(served, "start", "dev", "--state-dir", deep) as run:
            assert json.loads(served("executions", "--json", "--state-dir", deep).stdout)[0]["status"] == "RUNNING"
            run.kill()
            run.wait()
            assert (deep / "socket").exists()


def test_a_daemon_has_a_socket_for_its_group_too(served, state_dir):
    path = served.home / "group"
    with begun(served, "serve", "--port", "0", "--speed", SPEED, "--endpoint-url", served.cloud, "--socket", path, until="Step Functions API at"):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o660
        elsewhere = Lamplighter(served.program, served.home, None)
        elsewhere.env["LAMPLIGHTER_SOCKET"] = str(path)
        elsewhere.env["XDG_STATE_HOME"] = str(served.home / "nowhere")
        assert json.loads(elsewhere("executions", "--json").stdout) == []
        assert elsewhere("start", "dev", "-f", EXAMPLE).code == 0
        assert len(listed(served)) == 1
    assert not (served.home / "nowhere").exists()
    gone = elsewhere("start", "dev", "-f", EXAMPLE)
    assert gone.code == 2 and f"nobody answers at {path}" in gone.stderr, "nothing is started elsewhere"


@pytest.fixture
def deployed(served):
    """Another lamplighter stands for Step Functions: it has the fleet's machines under their deployed names."""
    home = served.home / "aws"
    home.mkdir()
    aws = Lamplighter(served.program, home, None)
    with begun(aws, "serve", "--port", "0", "--auth", "none", "--speed", SPEED, "--endpoint-url", served.cloud, until="Step Functions API at") as process:
        url = re.search(r"at (http://\S+)", process.log.read_text())[1]
        states = boto3.client("stepfunctions", region_name=REGION, endpoint_url=url, aws_access_key_id="a",
                              aws_secret_access_key="b")
        for action in ("start", "stop"):
            definition = served("compile", action, "-f", EXAMPLE).stdout
            states.create_state_machine(name=f"lamplighter-lower-environments-{action}", definition=definition,
                                        roleArn="arn:aws:iam::123456789012:role/r")
        served.env["AWS_ENDPOINT_URL_SFN"] = url
        served.states = states
        yield served


def test_the_deployed_machines_are_started_watched_and_looked_at(deployed):
    where = ["--cloud", "-f", EXAMPLE]
    assert json.loads(deployed("executions", "--json", *where).stdout) == []
    with begun(deployed, "start", "dev", *where, until="dev db: starting", name="start") as start:
        [one] = json.loads(deployed("executions", "--json", *where).stdout)
        assert one["status"] == "RUNNING"
        assert "dev db: starting" in deployed("history", one["name"], *where).stdout
        start.send_signal(signal.SIGINT)
        assert start.wait(timeout=15) == 130
        assert f"lamplighter watch {one['name']} --cloud --file" in start.log.read_text()
    stopped = deployed("cancel", one["name"], "--now", *where)
    assert stopped.code == 0, stopped.stderr
    watched = deployed("watch", one["name"], *where)
    assert watched.code == 1
    assert deployed("stop", "dev", *where).code == 2, "there is no terminal to ask on"
    assert not (deployed.home / ".local/state/lamplighter").exists(), "nothing is kept here"


def test_what_is_not_deployed_is_said(deployed):
    other = deployed.fleet({"dev": {"phases": [{"name": "db", "servers": ["a"]}]}})
    refused = deployed("start", "dev", "--cloud", "-f", other)
    assert refused.code == 2
    assert "found no state machine lamplighter-f-start in us-east-1" in refused.stderr


def test_what_halted_is_started_again_and_nothing_else(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, SPEED, "--fault", "capacity:test1") as program.env["AWS_ENDPOINT_URL"]:
        first = program("start", "dev", "test", "-f", EXAMPLE, "--speed", SPEED, "--json", timeout=300)
        assert {e["name"]: e["status"] for e in first.json["environments"]} == {"dev": "halted", "test": "ready"}
    with simulated_cloud(lamplighter, SPEED) as program.env["AWS_ENDPOINT_URL"]:
        again = program("retry", first.json["execution"], "-f", EXAMPLE, "--speed", SPEED, "--json")
        assert {e["name"]: e["status"] for e in again.json["environments"]} == {"dev": "ready"}
        nothing = program("retry", again.json["execution"], "-f", EXAMPLE, "--speed", SPEED)
        assert nothing.code == 2
        assert f"no environment of {again.json['execution']} halted" in nothing.stderr
