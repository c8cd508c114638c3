"""The daemon as a service: what it tells systemd, what it logs, and what it answers to those who look whether it is well."""
import datetime
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import time
import urllib.parse

import pytest
import yaml

import prometheus_text
from crowds import Client
from notify_socket import NotifySocket
from program import CLEAN, Serving, keys_of, wait_until

SERVE = ["serve", "--port", "0", "--auth", "none", "--state-dir", "state"]
HOSTILE = 'evening "stop"\\ {x="1"}'


def fleet_of(path, schedules=(), environments=("dev", "test")):
    path.write_text(yaml.safe_dump({
        "fleet": "f", "region": "us-east-1", **({"schedules": list(schedules)} if schedules else {}),
        "environments": {name: {"phases": [{"name": "app", "servers": [f"server-{name}"]}]} for name in environments}}))
    return path


def evening(name="evening"):
    return {"name": name, "action": "stop", "cron": "0 20 * * ? *"}


def ask(place, path, method="GET", **headers):
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    connection.request(method, path, headers={key.title(): value for key, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), dict(answer.getheaders())


def metrics(place, **headers):
    status, text, _ = ask(place, "/metrics", **headers)
    assert status == 200
    return prometheus_text.parse(text)


# ---- systemd

@pytest.fixture
def manager(tmp_path):
    manager = NotifySocket(tmp_path)
    yield manager
    manager.close()


def test_systemd_is_told_when_it_answers_what_it_does_and_that_it_ends(serving, manager, tmp_path):
    fleet = fleet_of(tmp_path / "fleet.yaml", [evening()])
    server = serving(*SERVE, "-f", fleet, **manager.variables(watchdog_seconds=4))
    ready = manager.wait_for("READY", "1")
    assert ask(server.place, "/healthz")[0] == 200
    assert 'next: "evening" of f at ' in ready["STATUS"] and ready["STATUS"].startswith("0 executions run; ")
    begun = time.monotonic()
    for _ in range(3):
        assert "STATUS" in manager.wait_for("WATCHDOG", "1", seconds=4)
    assert 3 < time.monotonic() - begun < 8, "about every 2 s, half of the 4 that there are"
    server.process.send_signal(signal.SIGTERM)
    manager.wait_for("STOPPING", "1")
    assert server.process.wait(timeout=10) == 0


def test_what_runs_stands_in_the_status(serving, manager):
    server = serving(*SERVE, **manager.variables(watchdog_seconds=2))
    manager.wait_for("READY")
    client = Client(server.place)
    client.call("StartExecution", stateMachineArn=client.machine("m", "A", {"A": {"Type": "Wait", "Seconds": 600, "End": True}}))
    manager.wait_for("STATUS", "1 execution runs; nothing is due")


def test_a_schedules_name_tells_systemd_nothing_else(serving, manager, tmp_path):
    fleet = fleet_of(tmp_path / "fleet.yaml", [evening("x\u2028STOPPING=1")])
    serving(*SERVE, "-f", fleet, **manager.variables(watchdog_seconds=2))
    manager.wait_for("READY")
    manager.wait_for("WATCHDOG")
    assert not any("STOPPING" in message for _, message in manager.said)


def test_a_thread_that_hangs_is_noticed_and_systemd_told_no_more(serving_json, manager, tmp_path):
    """The fleet's thread reads its file, which has become a pipe that nobody writes to: that takes 10 s, more than the watchdog
    gives."""
    fleet = fleet_of(tmp_path / "fleet.yaml")
    server = serving_json(*SERVE, "-f", fleet, **manager.variables(watchdog_seconds=2))
    manager.wait_for("WATCHDOG")
    fleet.unlink()
    os.mkfifo(fleet)
    other_end = os.open(fleet, os.O_RDWR)
    try:
        wait_until(lambda: ask(server.place, "/healthz")[0] == 503)
        assert ask(server.place, "/healthz")[1] == "the schedules of f\n"
        while not manager.silent_for("WATCHDOG", 2):
            pass
    finally:
        os.close(other_end)
    assert [line["message"] for line in server.log() if line["event"] == "thread_hangs"] == ["the schedules of f: this thread does not go on"]


def test_an_aws_that_does_not_answer_is_no_hanging(serving, manager, tmp_path):
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
    fleet = fleet_of(tmp_path / "fleet.yaml", [{"name": "soon", "action": "start", "at": f"{soon:%Y-%m-%dT%H:%M:%S}"}])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(20)
        server = serving(*SERVE, "-f", fleet, **manager.variables(watchdog_seconds=2), **aws_at(silent))
        manager.wait_for("READY")
        connection, _ = silent.accept()  # its account is asked for, and nobody answers
        with connection:
            for _ in range(6):
                manager.wait_for("WATCHDOG", "1", seconds=2)
            assert ask(server.place, "/healthz")[0] == 200
            # And it ends in time.
            began = time.monotonic()
            server.process.terminate()
            assert server.process.wait(timeout=20) == 0 and time.monotonic() - began < 5


def aws_at(listener):
    return {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{listener.getsockname()[1]}", "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}


# ---- the log

def logged(server):
    """Ends the server; its log's lines, read."""
    server.process.terminate()
    lines = server.process.stderr.read().splitlines()
    assert server.process.wait(timeout=10) == 0
    return [json.loads(line) for line in lines]


@pytest.fixture
def serving_json(lamplighter, tmp_path):
    """`serve` with its log as JSON, which says on standard error where it listens."""
    running = []

    class Listening(Serving):
        def _read_place(self):
            self.lines = []
            for line in self.process.stderr:
                self.lines.append(json.loads(line))
                if "http://" in line:
                    address = next(word for word in self.lines[-1]["message"].split() if word.startswith("http://"))
                    return urllib.parse.urlparse(address)
            raise AssertionError(self.lines)

        def log(self):
            return self.lines + logged(self)

    def start(*arguments, **variables):
        running.append(Listening(lamplighter, [*arguments, "--log-format", "json"], tmp_path, **variables))
        return running[-1]
    yield start
    for each in running:
        each.end()


def test_a_programs_log_is_an_object_a_line(serving_json, tmp_path):
    server = serving_json(*SERVE, "-f", fleet_of(tmp_path / "fleet.yaml", [evening()]))
    client = Client(server.place)
    machine = client.machine("m", "A", {"A": {"Type": "Fail", "Error": "Bad\n{\"event\": \"daemon_ended\"}", "Cause": "worse"}})
    client.call("StartExecution", stateMachineArn=machine, name="first")
    wait_until(lambda: client.call("ListExecutions", stateMachineArn=machine)["executions"][0]["status"] == "FAILED")
    lines = server.log()
    events = [line["event"] for line in lines]
    assert events[0] == "daemon_began" and events[-1] == "daemon_ended" and events.count("daemon_ended") == 1
    assert {"listening", "fleet_in_force", "execution_started", "execution_failed"} <= set(events)
    for line in lines:
        assert {"time", "level", "event", "message"} <= set(line) <= {"time", "level", "event", "message", "execution", "fleet", "environment"}
        datetime.datetime.strptime(line["time"], "%Y-%m-%dT%H:%M:%S.%fZ")
    started = next(line for line in lines if line["event"] == "execution_started")
    assert started["execution"] == "first" and "by somebody through the API" in started["message"]
    assert server.process.stdout.read() == ""


def test_also_its_last_words_are_an_object(serving_json, lamplighter, tmp_path):
    first = serving_json(*SERVE)
    second = subprocess.run([lamplighter, *SERVE, "--log-format", "json"], cwd=tmp_path, env=CLEAN, capture_output=True, text=True, timeout=60)
    assert second.returncode == 2 and second.stdout == ""
    lines = [json.loads(line) for line in second.stderr.splitlines()]
    assert (lines[-1]["event"], lines[-1]["level"]) == ("daemon_failed", "error")
    assert str(first.process.pid) in lines[-1]["message"]


def test_what_was_running_goes_on_and_is_said(serving_json, tmp_path):
    server = serving_json(*SERVE)
    client = Client(server.place)
    machine = client.machine("m", "A", {"A": {"Type": "Wait", "Seconds": 3, "End": True}})
    client.call("StartExecution", stateMachineArn=machine, name="long")
    assert [line["execution"] for line in server.log() if line["event"] == "execution_started"] == ["long"]
    again = serving_json(*SERVE)
    client = Client(again.place)
    wait_until(lambda: client.call("ListExecutions", stateMachineArn=machine)["executions"][0]["status"] == "SUCCEEDED")
    told = [(line["event"], line.get("execution")) for line in again.log()]
    assert ("execution_resumed", "long") in told and ("execution_ended", "long") in told
    assert ("execution_started", "long") not in told


def test_whoever_is_refused_is_said_but_not_each(serving_json, lamplighter, tmp_path):
    server = serving_json("serve", "--port", "0", "--state-dir", "state")
    for _ in range(50):
        assert ask(server.place, "/", "POST", authorization="AWS4-HMAC-SHA256 Credential=evil")[0] == 403
    secret = keys_of(lamplighter, tmp_path / "state")["SecretAccessKey"]
    lines = server.log()
    [refused] = [line for line in lines if line["event"] == "client_refused"]
    assert refused["address"] == "127.0.0.1" and "from 127.0.0.1" in refused["message"]
    assert secret not in json.dumps(lines)


def test_a_log_that_nobody_reads_holds_nothing_up(lamplighter, tmp_path):
    """Nor the end: standard error is a pipe that is full."""
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    try:
        while True:
            os.write(theirs, b"x" * 65536)
    except BlockingIOError:
        pass
    os.set_blocking(theirs, True)
    process = subprocess.Popen([lamplighter, *SERVE, "--log-format", "json"], stdout=subprocess.DEVNULL, stderr=theirs, cwd=tmp_path, env=CLEAN)
    try:
        wait_until(lambda: (tmp_path / "state/socket").exists())
        process.terminate()
        began = time.monotonic()
        assert process.wait(timeout=20) == 0 and time.monotonic() - began < 5
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def test_a_client_that_never_reads_does_not_hold_the_end_up(serving_json):
    server = serving_json(*SERVE)
    with socket.create_connection((server.place.hostname, server.place.port)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.setblocking(False)
        asked = 0
        end = time.monotonic() + 20
        while time.monotonic() < end:  # until it takes no more, since it can't send
            try:
                client.send(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
                asked = time.monotonic()
            except BlockingIOError:
                if time.monotonic() - asked > 0.5:
                    break
        began = time.monotonic()
        events = [line["event"] for line in server.log()]
        assert time.monotonic() - began < 5 and events[-1] == "daemon_ended"


# ---- health

def test_it_says_that_it_is_well(serving):
    place = serving(*SERVE).place
    for path in ("/healthz", "/readyz"):
        assert ask(place, path)[:2] == (200, "ok\n")
        assert ask(place, path, "HEAD")[:2] == (200, "")
        assert ask(place, path, "POST")[0] == 405
    assert ask(place, "/nothing")[0] == 404
    assert ask(place, "/metrics", host="evil.example")[0] == 404


def test_a_broken_file_and_a_full_disk_stand_in_readyz(serving, tmp_path):
    fleet = fleet_of(tmp_path / "fleet.yaml")
    place = serving(*SERVE, "-f", fleet).place
    good = fleet.read_text()
    assert prometheus_text.value(metrics(place), "lamplighter_fleet_file_refused", fleet="f") == 0
    fleet.write_text("fleet: [")
    wait_until(lambda: ask(place, "/readyz")[0] == 503)
    assert "fleet.yaml is not in force, f as it was is: " in ask(place, "/readyz")[1]
    assert prometheus_text.value(metrics(place), "lamplighter_fleet_file_refused", fleet="f") == 1
    fleet.write_text(good)
    wait_until(lambda: ask(place, "/readyz")[0] == 200)
    # Somebody else writes: as a disk that is full, for as long as it takes.
    with sqlite3.connect(tmp_path / "state/engine.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        status, text, _ = ask(place, "/readyz")
        assert status == 503 and ("can't be written" in text or "does not answer" in text)
        other.execute("ROLLBACK")
    wait_until(lambda: ask(place, "/readyz")[0] == 200)
    assert ask(place, "/healthz")[0] == 200


def test_beyond_loopback_a_token_is_asked_for(serving, tmp_path):
    server = serving("serve", "--address", "0.0.0.0", "--port", "0", "--state-dir", "state")
    place = server.place._replace(netloc=f"127.0.0.1:{server.place.port}")
    file = tmp_path / "state/health-token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    token = file.read_text()
    assert len(token) >= 40
    for path in ("/healthz", "/readyz", "/metrics"):
        status, text, headers = ask(place, path)
        assert (status, headers["WWW-Authenticate"]) == (401, "Bearer") and token not in text
        assert ask(place, path, authorization=f"Bearer {token[:-1]}")[0] == 401
        assert ask(place, path, authorization=f"Bearer {token}")[0] == 200
    server.process.terminate()
    said = server.process.stdout.read() + server.process.stderr.read()
    assert token not in said and "refused " in said


# ---- metrics

def test_the_document_lists_the_metrics_that_there_are(serving):
    page = (pathlib.Path(__file__).resolve().parents[2] / "docs/daemon.md").read_text()
    rows = re.findall(r"^\| (`\S+?`(?:, `\S+?`)*) \| (counter|gauge|histogram) \|", page, flags=re.MULTILINE)
    listed = {(name, kind) for names, kind in rows for name in re.findall(r"`(.+?)`", names)}
    assert listed == {(name, family["type"]) for name, family in metrics(serving(*SERVE).place).items()}


def test_what_can_be_counted_stands_there_from_the_start(serving, tmp_path):
    begun = time.time()
    place = serving(*SERVE, "-f", fleet_of(tmp_path / "fleet.yaml", [evening(), evening(HOSTILE)])).place
    found = metrics(place)
    value = lambda name, **labels: prometheus_text.value(found, name, **labels)
    for outcome in ("started", "made_up", "missed", "failed"):
        for fleet in ("f", ""):
            assert value("lamplighter_occurrences_total", fleet=fleet, outcome=outcome) == 0
    for action in ("start", "stop"):
        for environment in ("dev", "test"):
            assert value("lamplighter_environment_last_success_timestamp_seconds", fleet="f", environment=environment, action=action) == 0
        assert found["lamplighter_execution_duration_seconds"]["samples"][
            ("lamplighter_execution_duration_seconds_count", (("action", action), ("fleet", "f")))] == 0
    for name in ("calls", "throttles"):
        assert value(f"lamplighter_aws_{name}_total", service="ec2", operation="StartInstances") == 0
    for name in ("executions_running", "tasks_active", "tasks_waiting", "executions_started_total"):
        assert value(f"lamplighter_{name}") == 0
    for schedule in ("evening", HOSTILE):
        due = value("lamplighter_schedule_next_occurrence_timestamp_seconds", fleet="f", schedule=schedule)
        assert begun < due <= begun + 86_401 and due % 86_400 == 20 * 3_600
    assert value("lamplighter_store_size_bytes", file="engine.db") > 0
    assert abs(value("process_start_time_seconds") - begun) < 60
    assert list(found["lamplighter_build_info"]["samples"].values()) == [1]
    assert ask(place, "/metrics")[2]["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_names_from_the_api_make_no_series(serving):
    server = serving(*SERVE)
    client = Client(server.place)
    before = sum(len(family["samples"]) for family in metrics(server.place).values())
    for i in range(30):
        name = f"hostile-{i}-start"
        machine = client.machine(name, "A", {"A": {"Type": "Pass", "Output": {"environment": name, "halted": True, "reason": "x"}, "End": True}})
        client.call("StartExecution", stateMachineArn=machine)
        connection = http.client.HTTPConnection(server.place.hostname, server.place.port, timeout=20)
        connection.request("POST", f"/schedules/{name}", json.dumps(
            {"ScheduleExpression": "rate(1 days)", "StartDate": 4e9, "FlexibleTimeWindow": {"Mode": "OFF"},
             "Target": {"Arn": machine, "RoleArn": "arn:aws:iam::123456789012:role/r"}}), {"Content-Type": "application/json"})
        assert connection.getresponse().status == 200
    wait_until(lambda: prometheus_text.value(metrics(server.place), "lamplighter_executions_ended_total", status="SUCCEEDED") == 30)
    wait_until(lambda: prometheus_text.value(metrics(server.place), "lamplighter_schedules", fleet="") == 30)
    found = metrics(server.place)
    assert sum(len(family["samples"]) for family in found.values()) == before + 1, "the next of the API's schedules, of them all"
    assert "hostile" not in ask(server.place, "/metrics")[1]
