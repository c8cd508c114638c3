"""Whole runs of the binary against moto, checked through boto3."""

import http.server
import socket
import subprocess
import threading

import pytest
import yaml

from harness import ROOT

EXAMPLE = ROOT / "examples/lower-environments.yaml"
NAMES = [f"test{n}" for n in range(1, 21)]


@pytest.fixture
def example(run):
    """The example of 20 servers, without a minute's settling."""
    fleet = yaml.safe_load(EXAMPLE.read_text())
    for environment in fleet["environments"].values():
        for phase in environment["phases"]:
            phase.pop("settle", None)
            phase["timeout"] = "30s"
    path = run.home / "fleet.yaml"
    path.write_text(yaml.safe_dump(fleet))
    return path


def servers(result):
    return {server["name"]: server for environment in result["environments"] for phase in environment["phases"]
            for server in phase["servers"]}


def test_a_whole_cycle(cloud, run, example):
    cloud.launch(NAMES)
    for name in NAMES:
        cloud.add_alarm(f"{name}-status", name)
    cloud.add_alarm("test3-by-a-person", "test3", enabled=False)
    inbox = cloud.subscribe_queue("mailme")

    stopped = run("stop", "--yes", "-f", example, "--json")
    assert stopped.code == 0, stopped.stderr
    assert set(cloud.states().values()) == {"stopped"}
    assert set(cloud.alarms_enabled().values()) == {False}
    result = stopped.json
    assert list(result) == ["execution", "action", "status", "subject", "environments", "alarms", "report",
                            "notifications", "api_calls", "started_at", "ended_at"]
    assert result["status"] == "SUCCEEDED"
    assert result["subject"].startswith("SHUTDOWN STATUS: SUCCESS - ")
    assert result["alarms"] == {"disabled": 20, "enabled": 0, "follow": 0}
    assert result["api_calls"]["ec2:StopInstances"] >= 6
    assert {name: server["id"] for name, server in servers(result).items()} == cloud.ids
    assert {server["initial_state"] for server in servers(result).values()} == {"running"}
    [(subject, message)] = cloud.mails(inbox)
    assert subject.startswith("SHUTDOWN STATUS: SUCCESS - ")
    assert all(cloud.ids[name] in message for name in NAMES)

    started = run("start", "-f", example, "--json")
    assert started.code == 0, started.stderr
    assert set(cloud.states().values()) == {"running"}
    enabled = cloud.alarms_enabled()
    # What a person had disabled stays so through the whole cycle.
    assert enabled.pop("test3-by-a-person") is False
    assert set(enabled.values()) == {True}
    assert started.json["alarms"] == {"disabled": 0, "enabled": 0, "follow": 20}
    assert {(s["initial_state"], s["state"], s["instance_status"], s["system_status"])
            for s in servers(started.json).values()} == {("stopped", "running", "ok", "ok")}
    [(subject, message)] = cloud.mails(inbox)
    assert subject.startswith("START STATUS: SUCCESS - ")
    assert "test20" in message

    names = [row.split()[0] for row in run("executions").stdout.splitlines()[1:]]
    assert names == [started.json["execution"], stopped.json["execution"]]
    story = run("history", stopped.json["execution"]).stdout
    assert "dev app: stopping" in story and "dev: stopped" in story
    events = run("history", "--events", stopped.json["execution"]).stdout
    assert "Stop dev app servers" in events and "ExecutionSucceeded" in events


def test_one_server_s_stop_leaves_another_s_alarm_alone(cloud, run):
    cloud.launch(["test1", "test10"])
    cloud.add_alarm("test1-cpu", "test1")
    cloud.add_alarm("test10-cpu", "test10")
    for match in ("dimension", "dimension-or-name"):
        path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["test1"]}]}}, alarms={"match": match})
        assert run("stop", "--yes", "-f", path).code == 0
        assert cloud.alarms_enabled() == {"test1-cpu": False, "test10-cpu": True}
        assert run("start", "-f", path).code == 0
        assert cloud.alarms_enabled() == {"test1-cpu": True, "test10-cpu": True}
    assert cloud.states() == {"test1": "running", "test10": "running"}


def test_a_missing_server_halts_its_environment_alone(cloud, run):
    cloud.launch(["a", "b", "c"])
    inbox = cloud.subscribe_queue("mailme")
    path = run.fleet({
        "broken": {"phases": [{"name": "db", "servers": ["a", "nowhere"]}, {"name": "app", "servers": ["b"]}]},
        "fine": {"phases": [{"name": "app", "servers": ["c"]}]}}, notify={"sns": "mailme"}, timeout="10s")
    result = run("stop", "--yes", "-f", path, "--json")
    assert result.code == 1, result.stderr
    assert result.json["status"] == "ABORTED"
    # It is known before anything is changed, and nothing is taken half down.
    assert cloud.states() == {"a": "running", "b": "running", "c": "stopped"}
    by_name = {environment["name"]: environment for environment in result.json["environments"]}
    assert by_name["fine"]["status"] == "ready"
    assert by_name["broken"]["status"] == "halted"
    assert "nowhere" in by_name["broken"]["reason"]
    [(subject, message)] = cloud.mails(inbox)
    assert subject.startswith("SHUTDOWN STATUS: ABORTED - ")
    assert "nowhere" in message
    assert "broken: " in run("executions").stdout and "nowhere" in run("executions").stdout

    result = run("start", "broken", "-f", path, "--json")
    assert result.code == 1
    phases = result.json["environments"][0]["phases"]
    assert [(phase["name"], phase["status"]) for phase in phases] == [("db", "failed"), ("app", "not touched")]
    assert cloud.states() == {"a": "running", "b": "running", "c": "stopped"}


def test_more_than_a_thousand_servers(cloud, run):
    names = [f"many{n}" for n in range(1100)]
    cloud.launch(names, tags=[("Tier", "many")])
    path = run.fleet({"dev": {"phases": [{"name": "all", "servers": {"tags": {"Tier": "many"}}, "timeout": "5m"}]}})
    result = run("stop", "--yes", "-f", path, "--json", timeout=300)
    assert result.code == 0, result.stderr
    assert set(cloud.states().values()) == {"stopped"}
    assert len(cloud.states()) == 1100


def test_a_topic_that_is_not_there_is_no_abort(cloud, run):
    cloud.launch(["a"])
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}}, notify={"sns": "nobody"})
    result = run("stop", "--yes", "-f", path, "--json", timeout=300)
    assert result.code == 3
    assert result.json["status"] == "SUCCEEDED"
    assert "the report was not sent: TopicNotFound" in result.stderr
    assert cloud.states() == {"a": "stopped"}


def test_plan_looks_and_changes_nothing(cloud, run):
    cloud.launch(["a", "b"])
    cloud.add_alarm("a-status", "a")
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a", "b"]}]}})
    result = run("plan", "stop", "-f", path)
    assert result.code == 0, result.stderr
    assert cloud.ids["a"] in result.stdout
    assert "a-status" in result.stdout
    assert "Nothing was changed." in result.stdout
    assert cloud.states() == {"a": "running", "b": "running"}
    assert cloud.alarms_enabled() == {"a-status": True}
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a", "c"]}]}})
    assert run("plan", "stop", "-f", path).code == 1


def test_the_last_line_of_a_plan_can_be_pasted(cloud, run):
    cloud.launch(["a", "b"])
    run.fleet({name: {"phases": [{"name": "app", "servers": [name]}]} for name in ("a", "b")})
    (run.home / "fleet.yaml").rename(run.home / "my fleet's.yaml")
    (run.home / ".aws").mkdir()
    (run.home / ".aws/config").write_text("[profile the ops]\naws_access_key_id = k\naws_secret_access_key = s\n")
    result = run("plan", "stop", "b", "-f", "my fleet's.yaml", "--profile", "the ops", "--endpoint-url", cloud.url)
    assert result.code == 0, result.stderr
    command = result.stdout.splitlines()[-1].removeprefix("Nothing was changed. To do it: ")
    done = run.paste(command + " --yes --json")
    assert done.code == 0, (command, done.stderr)
    assert cloud.states() == {"a": "running", "b": "stopped"}


def test_nothing_is_started_where_aws_can_t_be_reached(cloud, run):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        run.env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{closed.getsockname()[1]}"
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}})
    result = run("start", "-f", path, "--json")
    assert result.code == 3
    assert result.stdout == ""
    assert "nothing was started" in result.stderr
    assert not (run.home / ".local/state/lamplighter").exists()


@pytest.mark.parametrize("verb", [["plan", "stop"], ["stop", "--yes"], ["start"]])
def test_the_file_s_account_is_checked_before_anything_else(cloud, run, verb):
    cloud.launch(["a", "b"])
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]},
                      "prod": {"account": "210987654321", "phases": [{"name": "app", "servers": ["b"]}]}},
                     account="123456789012")
    result = run(*verb, "-f", path)
    assert result.code == 2
    assert "found account 123456789012 for prod, expected 210987654321" in result.stderr
    assert result.stdout == ""
    assert cloud.states() == {"a": "running", "b": "running"}
    assert not (run.home / ".local/state/lamplighter").exists()
    assert run(*verb, "dev", "-f", path).code == 0  # prod has no part in it


def test_a_silent_endpoint_is_named_while_it_is_waited_for(run):
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}})
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        process = subprocess.Popen([run.program, "start", "-f", path, "--endpoint-url", url], env=run.env,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = process.stderr.readline()
        process.terminate()
        process.communicate(timeout=20)
    assert line == f"lamplighter: waiting for an answer of ec2 in us-east-1 ({url}/)\n"


class Expired(http.server.BaseHTTPRequestHandler):
    """EC2, as it answers credentials that have ended."""

    def do_POST(self):
        body = b"<Response><Errors><Error><Code>RequestExpired</Code><Message>Request has expired.</Message></Error></Errors></Response>"
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_expired_credentials_are_named_with_the_remedy(run):
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}})
    (run.home / ".aws").mkdir()
    (run.home / ".aws/credentials").write_text("[ops]\naws_access_key_id = D\naws_secret_access_key = s\n")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Expired) as server:
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        result = run("start", "-f", path, "--profile", "ops", "--endpoint-url", url)
        server.shutdown()
    assert result.code == 3
    assert "RequestExpired" in result.stderr and "aws sso login --profile ops" in result.stderr


def test_a_stop_without_a_terminal_needs_yes(cloud, run):
    cloud.launch(["a"])
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}})
    result = run("stop", "-f", path)
    assert result.code == 2
    assert "no terminal to ask on" in result.stderr and "--yes" in result.stderr
    assert cloud.states() == {"a": "running"}
    assert run("start", "-f", path).code == 0  # nobody is asked


def test_half_a_key_pair_takes_no_other_account(cloud, run):
    (run.home / ".aws").mkdir()
    (run.home / ".aws/credentials").write_text("[default]\naws_access_key_id = D\naws_secret_access_key = s\n")
    del run.env["AWS_SECRET_ACCESS_KEY"]
    cloud.launch(["a"])
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}})
    result = run("stop", "--yes", "-f", path)
    assert result.code == 2
    assert "found AWS_ACCESS_KEY_ID without AWS_SECRET_ACCESS_KEY" in result.stderr
    assert cloud.states() == {"a": "running"}


def test_settings_that_are_not_honoured_are_refused(run):
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}})
    run.env["AWS_USE_FIPS_ENDPOINT"] = "true"
    result = run("plan", "stop", "-f", path)
    assert result.code == 2
    assert "AWS_USE_FIPS_ENDPOINT" in result.stderr and "not supported" in result.stderr


def test_speed_is_for_this_machine_only(run):
    run.env["AWS_ENDPOINT_URL"] = "https://ec2.example.com"
    path = run.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}})
    result = run("start", "-f", path, "--speed", "60")
    assert result.code == 2
    assert "--speed is for a simulated cloud on this machine" in result.stderr
