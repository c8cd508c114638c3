"""The report: printed, kept and shown whatever becomes of its mail; the last look decides."""

import json
import re
import subprocess
import urllib.request

import pytest
import yaml

from harness import Lamplighter, simulated_cloud

SPEED = 300
FLEET = {
    "fleet": "small", "region": "us-east-1", "timezone": "Europe/Berlin", "notify": {"sns": "mailme"},
    "environments": {"dev": {"phases": [{"name": "db", "servers": ["test2"]}, {"name": "app", "servers": ["test1"]}]}},
}


@pytest.fixture
def cloud(lamplighter, tmp_path):
    """Serves a simulated cloud with faults; gives the binary that knows it."""
    servers = []

    def serve(*faults):
        program = Lamplighter(lamplighter, tmp_path, None)
        program.path = tmp_path / "fleet.yaml"
        program.path.write_text(yaml.safe_dump(FLEET))
        server = subprocess.Popen(
            [lamplighter, "simulate", "-f", program.path, "--speed", str(SPEED), "--port", "0",
             *(part for fault in faults for part in ("--fault", fault))], stdout=subprocess.PIPE, text=True)
        servers.append(server)
        program.env["AWS_ENDPOINT_URL"] = re.search(r"at (http://\S+)", server.stdout.readline())[1]

        def mails():
            with urllib.request.urlopen(program.env["AWS_ENDPOINT_URL"] + "/_lamplighter/outbox", timeout=30) as answer:
                return json.load(answer)
        program.mails = mails
        return program
    yield serve
    for server in servers:
        server.terminate()
        server.wait(timeout=10)


def start(program, *more):
    return program("start", "-f", program.path, "--speed", SPEED, *more)


@pytest.mark.parametrize("fault, sent, mails, words", [
    ("topic-denied:mailme", False, 0, "the report was not sent: AuthorizationError"),
    ("topic-key:mailme", False, 0, "the report was not sent: KMSAccessDenied"),
    ("topic-missing:mailme", False, 0, "the report was not sent: TopicNotFound"),
    ("topic-unanswered:mailme", "unknown", 1, "nobody knows whether the report was sent: AnswerLost"),
    ("topic-lost:mailme", "unknown", 0, "nobody knows whether the report was sent: AnswerLost"),
    ("topic-throttled:mailme*4", True, 1, None),
])
def test_a_run_whose_mail_was_lost_goes_through_and_says_so(cloud, fault, sent, mails, words):
    program = cloud(fault)
    result = start(program, "--json")
    assert result.code == (0 if sent is True else 3), result.stderr
    assert result.json["status"] == "SUCCEEDED"
    assert result.json["report"]["sent"] == sent
    assert bool(result.json["report"]["error"]) == (sent is not True)
    assert len(program.mails()) == mails, "what may have been sent is not sent again"
    assert words is None or words in result.stderr
    assert json.loads(program("executions", "--json").stdout)[0]["status"] == "SUCCEEDED"


def test_the_report_is_printed_and_shown_later_sent_or_not(cloud):
    program = cloud("topic-denied:mailme")
    printed = start(program)
    assert printed.code == 3
    body = printed.stdout[printed.stdout.index("START STATUS: SUCCESS - small"):]
    assert "\n  dev  started in " in body
    assert re.search(r"Began +\S+ \S+ Europe/Berlin \((\S+ )?\S+ UTC\)", body), "another date there is said"
    name = re.search(r"Execution +(\S+)", body)[1]
    shown = program("history", name)
    assert shown.code == 0 and shown.stdout.endswith(body)
    assert program("history", name, "--report").stdout.strip() == body.strip()
    kept = program("history", name, "--report", "--json").json
    assert kept["execution"] == name and kept["report"]["sent"] is False
    assert [s["name"] for phase in kept["environments"][0]["phases"] for s in phase["servers"]] == ["test2", "test1"]


def test_a_plan_warns_of_a_topic_that_is_not_there(cloud):
    program = cloud("topic-missing:mailme")
    plan = program("plan", "start", "-f", program.path)
    assert plan.code == 0, plan.stderr
    assert 'no SNS topic is called "mailme" in us-east-1' in plan.stdout
    quiet = cloud()
    assert "Warning" not in quiet("plan", "start", "-f", quiet.path).stdout


def test_a_report_warns_of_what_was_wrong_before_the_run(cloud):
    program = cloud("topic-missing:mailme")
    assert "before the run\n    the report can't be mailed: TopicNotFound" in start(program).stdout


def test_servers_too_many_for_the_report_are_listed_by_name_later_too(lamplighter, tmp_path):
    names = [f"a-server-with-a-rather-long-name-{i}" for i in range(2_000)]
    program = Lamplighter(lamplighter, tmp_path, None)
    path = tmp_path / "fleet.yaml"
    path.write_text(yaml.safe_dump({"fleet": "large", "region": "us-east-1", "alarms": "none", "environments": {
        "dev": {"phases": [{"name": "db", "servers": names}]}}}))
    with simulated_cloud(lamplighter, "60", "--state", "running", fleet=path) as program.env["AWS_ENDPOINT_URL"]:
        done = program("start", "-f", path, "--speed", 60, "--json", timeout=300)
        assert done.code == 0, done.stderr
        told = program("history", done.json["execution"], "--report", "--json")
        [phase] = told.json["environments"][0]["phases"]
        assert {server["name"] for server in phase["servers"]} == set(names)
        assert told.json["api_calls"] is None
    [phase] = program("history", done.json["execution"], "--report", "--json", timeout=120).json["environments"][0]["phases"]
    assert any(server["name"].startswith("i-") for server in phase["servers"]), "nobody knows their names any more"
