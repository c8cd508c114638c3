"""Being told: topics, webhooks and buses, each of what it wants to know, whatever becomes of the others."""

import contextlib
import datetime
import hashlib
import hmac
import http.server
import json
import sqlite3
import threading
import time
import urllib.request

import boto3
import pytest
import yaml

from harness import Lamplighter, simulated_cloud
from test_daemon import at, now, serving

SPEED = 300
CANARY = "canary-3f9c1b"
SECRET = "secret-canary-77d0"
ENVIRONMENTS = {name: {"phases": [{"name": "app", "servers": [f"server-{name}"]}]} for name in ("dev", "test")}


class Receiver:
    """Takes POSTs, and does with each what the path's last word says."""

    def __init__(self):
        self.got = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kind = self.path.rsplit("/", 1)[-1]
                outer.got.append((kind, dict(self.headers), body, self.path))
                getattr(outer, "do_" + kind)(self)

            def do_GET(self):
                outer.got.append(("GET", {}, b"", self.path))
                outer.answer(self, 200)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.end = threading.Event()

    def url(self, kind):
        return f"http://127.0.0.1:{self.server.server_port}/{CANARY}/{kind}"

    def of(self, kind):
        return [(headers, body) for one, headers, body, _ in self.got if one == kind]

    @staticmethod
    def answer(handler, status, **headers):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        body = CANARY.encode()  # an answer may hold what was asked for
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def do_slack(self, handler):
        self.answer(handler, 200)

    do_teams = do_json = do_slack

    def do_gone(self, handler):
        self.answer(handler, 410)

    def do_redirect(self, handler):
        self.answer(handler, 307, Location=self.url("redirected"))

    def do_redirected(self, handler):
        self.answer(handler, 200)

    def do_stall(self, _handler):
        self.end.wait(30)

    def do_close(self, handler):
        handler.close_connection = True
        handler.connection.close()

    def do_busy(self, handler):
        if len(self.of("busy")) < 3:
            return self.answer(handler, 429, Retry_After="30" if len(self.of("busy")) == 1 else "5")
        return self.answer(handler, 200)

    def do_closed_for_today(self, handler):
        self.answer(handler, 503, Retry_After="36000")


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.end.set()
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def program(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)

    def write(notify, **more):
        path = tmp_path / "fleet.yaml"
        path.write_text(yaml.safe_dump({"fleet": "f", "region": "us-east-1", "environments": ENVIRONMENTS,
                                        "notify": notify, **more}))
        return path
    program.write = write
    return program


def webhook(variable, kind="json", **more):
    return {"webhook": {"url": {"env": variable}, "format": kind, "timeout": "2s"}, **more}


@contextlib.contextmanager
def cloud_of(program, path, *more):
    with simulated_cloud(program.program, str(SPEED), *more, fleet=path) as url:
        program.env["AWS_ENDPOINT_URL"] = url
        yield url


def kept(url, what):
    with urllib.request.urlopen(f"{url}/_lamplighter/{what}", timeout=30) as answer:
        return json.load(answer)


def start(program, path, *more, action="start"):
    return program(action, "-f", path, "--speed", SPEED, "--json", *more)


def told(result):
    return {one["to"]: (one["sent"], one["error"]) for one in result.json["notifications"]}


def files_with(folder, *words):
    return [str(path) for path in folder.rglob("*") if path.is_file()
            if any(word.encode() in path.read_bytes() for word in words)]


def test_everybody_is_told_whatever_becomes_of_the_others(program, receiver):
    kinds = ["gone", "redirect", "stall", "close", "busy", "closed_for_today", "json"]
    notify = [webhook(kind.upper()) for kind in kinds]
    notify[-1]["webhook"]["secret"] = {"env": "KEY"}
    notify += [webhook("NOT_SET"), {"eventbridge": "ops"}, {"sns": "mailme"}]
    program.env.update({kind.upper(): receiver.url(kind) for kind in kinds}, KEY=SECRET)
    path = program.write(notify)
    with cloud_of(program, path) as url:
        began = time.monotonic()
        result = start(program, path)
        assert time.monotonic() - began < 60, "two seconds for who stalls, and less for the others"
        mails, events = kept(url, "outbox"), kept(url, "events")
        outputs = [result.stdout, result.stderr]
        assert result.code == 3, result.stderr
        assert result.json["status"] == "SUCCEEDED" and result.json["report"] == {"sent": True, "error": ""}
        [execution] = program("executions", "--json").json
        assert execution["status"] == "SUCCEEDED"
        for command in (["history", execution["name"]], ["history", execution["name"], "--report", "--json"],
                        ["history", execution["name"], "--json"], ["export", execution["name"]], ["executions"],
                        ["validate", "-f", path], ["compile", "start", "-f", path], ["plan", "start", "-f", path]):
            shown = program(*command)
            outputs += [shown.stdout, shown.stderr]

    got = told(result)
    assert list(got) == [f"webhook:env:{kind.upper()}" for kind in kinds] + [
        "webhook:env:NOT_SET", "eventbridge:ops", "sns:mailme"]
    assert got["webhook:env:GONE"] == (False, "the webhook of the variable GONE answered 410")
    assert got["webhook:env:REDIRECT"][1].endswith("answered 307: redirects are not followed")
    assert got["webhook:env:STALL"][0] == "unknown" and got["webhook:env:CLOSE"][0] == "unknown"
    assert got["webhook:env:BUSY"] == (True, "") and len(receiver.of("busy")) == 3
    assert got["webhook:env:CLOSED_FOR_TODAY"][1].endswith("asks for 36000 s: at most 60 s are waited for")
    assert "the variable NOT_SET is not set" in got["webhook:env:NOT_SET"][1]
    for sent in ("webhook:env:JSON", "eventbridge:ops", "sns:mailme"):
        assert got[sent] == (True, "")
    assert "the report was not sent to webhook:env:GONE: " in result.stderr
    assert not receiver.of("redirected"), "a redirect is not followed"
    assert all(len(receiver.of(kind)) == 1 for kind in kinds if kind != "busy")
    assert [mail["subject"] for mail in mails] == ["START STATUS: SUCCESS - f"]

    [(headers, body)] = receiver.of("json")
    timestamp = headers["X-Lamplighter-Timestamp"]
    signature = hmac.new(SECRET.encode(), f"v1:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Lamplighter-Signature"] == f"v1={signature}"
    report = json.loads(body)
    assert report["version"] == 1 and report["kind"] == "report" and report["status"] == "SUCCEEDED"
    assert [(one["name"], one["status"]) for one in report["environments"]] == [("dev", "ready"), ("test", "ready")]
    assert report["subject"] == "START STATUS: SUCCESS - f" and "dev" in report["text"]
    assert report["execution"].endswith(":" + result.json["execution"]) and report["repeat"] is False

    assert [(one["detail_type"], one["detail"]["environment"]) for one in events] == [
        ("Lamplighter environment started", "dev"), ("Lamplighter environment started", "test")]
    assert {one["bus"] for one in events} == {"ops"} and {one["source"] for one in events} == {"lamplighter"}
    assert events[0]["detail"]["execution"] == report["execution"]

    leaks = [output for output in outputs if CANARY in output or SECRET in output]
    assert not leaks, leaks[0]
    assert not files_with(program.home, CANARY, SECRET), "no secret is on disk, the databases included"


def test_slack_and_teams_get_messages_that_they_read(program, receiver):
    program.env.update(SLACK=receiver.url("slack"), TEAMS=receiver.url("teams"))
    path = program.write([webhook("SLACK", "slack"), webhook("TEAMS", "teams")])
    with cloud_of(program, path):
        assert start(program, path).code == 0
    [(_, slack)], [(_, teams)] = receiver.of("slack"), receiver.of("teams")
    blocks = json.loads(slack)["blocks"]
    assert blocks[0]["text"]["text"] == "START STATUS: SUCCESS - f"
    assert "dev" in blocks[1]["text"]["text"] and blocks[1]["text"]["text"].startswith("```")
    card = json.loads(teams)["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard" and card["body"][0]["inlines"][0]["text"] == "START STATUS: SUCCESS - f"


def test_each_is_told_of_what_it_wants_to_know(program, receiver):
    program.env.update(JSON=receiver.url("json"))
    path = program.write([{"sns": "mailme"}, webhook("JSON", on=["aborted", "skipped"])])
    with cloud_of(program, path, "--fault", "capacity:server-test*20") as url:
        assert start(program, path, "dev").code == 0
        assert not receiver.got and len(kept(url, "outbox")) == 1
        aborted = start(program, path, "test")
        assert aborted.json["status"] == "ABORTED"
        [(_, body)] = receiver.of("json")
        assert json.loads(body)["status"] == "ABORTED"
        assert [one["status"] for one in json.loads(body)["environments"]] == ["halted"]
        assert len(kept(url, "outbox")) == 2


def test_urls_may_stand_in_ssm(program, receiver):
    path = program.write([{"webhook": {"url": {"ssm": "/hooks/json"}, "format": "json"}}])
    with cloud_of(program, path) as url:
        ssm = boto3.client("ssm", region_name="us-east-1", endpoint_url=url, aws_access_key_id="a", aws_secret_access_key="b")
        ssm.put_parameter(Name="/hooks/json", Value=receiver.url("json"), Type="SecureString", Overwrite=True)
        result = start(program, path)
        assert result.code == 0, result.stderr
        assert told(result) == {"webhook:ssm:/hooks/json": (True, "")} and len(receiver.of("json")) == 1
        missing = program.write([{"webhook": {"url": {"ssm": "/hooks/other"}, "format": "json"}}])
        result = start(program, missing, "--yes", action="stop")
        assert "ParameterNotFound" in result.json["report"]["error"] and CANARY not in result.stdout + result.stderr
    assert not files_with(program.home, CANARY)


def test_nobody_outside_is_told_by_a_simulation(program, receiver):
    program.env.update(JSON=receiver.url("json"))
    path = program.write([webhook("JSON"), {"eventbridge": "default"}])
    result = program("start", "-f", path, "--simulate", "--json")
    assert result.code == 0, result.stderr
    assert told(result)["webhook:env:JSON"] == (True, "") and not receiver.got


def test_what_the_daemon_missed_and_what_comes_is_told_to_those_who_ask(program, receiver):
    program.env.update(JSON=receiver.url("json"))
    notify = [{"sns": "mailme", "on": ["aborted"]}, webhook("JSON", on=["missed", "warning"]),
              {"eventbridge": "default", "on": ["missed", "warning"]}]
    path = program.write(notify)
    with cloud_of(program, path) as url:
        assert start(program, path, "dev").code == 0
        assert not receiver.got
        past = now() - datetime.timedelta(minutes=3)
        path = program.write(notify, schedules=[
            {"name": "hourly", "action": "start", "environments": ["dev"], "cron": f"{past.minute} * * * ? *"},
            {"name": "evening", "action": "stop", "warn": "10m", "environments": ["dev"],
             "at": at(now() + datetime.timedelta(minutes=40))}])
        with serving(program, path, "--speed", SPEED) as daemon:
            daemon.wait_for('warning of stop "evening"')
            end = time.monotonic() + 30
            while not receiver.got and time.monotonic() < end:
                time.sleep(0.05)
        [(_, body)] = [one for one in receiver.of("json") if json.loads(one[1])["kind"] == "warning"]
        warning = json.loads(body)
        assert [(one["name"], one["status"]) for one in warning["environments"]] == [("dev", "warned")]
        assert warning["schedule"] == "evening" and "lamplighter keep dev" in warning["text"]
        # As if it had ended five and a half hours earlier.
        state = program.home / ".local/state/lamplighter/schedules.sqlite"
        with contextlib.closing(sqlite3.connect(state)) as database, database:
            database.execute("UPDATE schedule SET done_until = done_until - 19800000, settled_until = settled_until - 19800000")
        with serving(program, path, "--speed", SPEED) as daemon:
            daemon.wait_for("missed, due")
            end = time.monotonic() + 30
            while time.monotonic() < end and not any(
                    one["detail_type"] == "Lamplighter occurrence missed" for one in kept(url, "events")):
                time.sleep(0.05)
        [(_, body)] = [one for one in receiver.of("json") if json.loads(one[1])["kind"] == "missed"][:1]
        missed = json.loads(body)
        assert missed["subject"].startswith("MISSED: ") and missed["subject"].endswith("occurrences - f")
        assert "hourly" in [one["schedule"] for one in missed["occurrences"]]
        assert "lamplighter start dev -f FLEET_FILE" in missed["text"]
        kinds = {one["detail_type"] for one in kept(url, "events")}
        assert kinds == {"Lamplighter environment warned", "Lamplighter occurrence missed"}
        assert not kept(url, "outbox"), "who asked for aborted runs is told of nothing else"
    assert not files_with(program.home, CANARY)


def test_a_deployment_takes_secrets_of_ssm_alone(program, tmp_path):
    path = program.write([webhook("SLACK", "slack")])
    for verb in (["synth", "-f", path, "-o", tmp_path / "out"], ["compile", "start", "--cloud", "-f", path]):
        refused = program(*verb)
        assert refused.code == 2 and not (tmp_path / "out").exists()
        assert "in the variable SLACK, which the Lambda function does not have, expected an SSM parameter" in refused.stderr
    path = program.write([
        {"webhook": {"url": {"ssm": "/hooks/slack"}, "format": "slack", "secret": {"ssm": "key"}}},
        webhook("LOCAL", on=["missed"]), {"eventbridge": "ops"}])
    assert program("synth", "-f", path, "-o", tmp_path / "out").code == 0
    statements = {one["Sid"]: one for one in program("policy", "-f", path).json["Statement"]}
    assert statements["ReadSecrets"]["Action"] == ["ssm:GetParameter"]
    assert [arn.split(":", 5)[5] for arn in statements["ReadSecrets"]["Resource"]] == ["parameter/hooks/slack", "parameter/key"]
    assert statements["PutEvents"]["Action"] == ["events:PutEvents"]
    assert statements["PutEvents"]["Resource"].endswith(":event-bus/ops")
    assert "/hooks/slack" in (tmp_path / "out/README.md").read_text()
