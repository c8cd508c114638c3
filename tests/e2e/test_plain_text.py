"""Names, tags and messages that hold orders to a terminal reach screen and mail as text and nothing else."""

import http.server
import os
import pty
import re
import subprocess
import threading
import urllib.parse
from xml.sax.saxutils import escape

import pytest
import yaml

from harness import REGION, Lamplighter

# An erased screen, a forged line, reversed and isolated text, a title set through C1, a carriage return.
NASTY = "web\x1b[2J\nFORGED\r\u202etxt\u2066\x9b2J\x9d0;title\x07\x85\u2028\t-1"
ORDERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb]")
OWN = re.compile(r"\x1b\[(?:\d*m|\?25[lh]|\d+A|K|J)|\r")  # the live view's colours and cursor


def xml(text):
    return re.sub("[\x00-\x1f\x7f-\x9f\u2028]", lambda found: f"&#{ord(found.group())};", escape(text))


class Aws(http.server.BaseHTTPRequestHandler):
    """Two servers: one may not be stopped, one never starts; each says so in words of its own."""

    def do_POST(self):  # noqa: N802
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        status, body = self.answer(form)
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, form):
        action, world = form["Action"], self.server
        if action == "DescribeInstances":
            return 200, "<DescribeInstancesResponse><reservationSet>" + "".join(
                f"<item><instancesSet><item><instanceId>{i}</instanceId><instanceState><name>{world.state}</name></instanceState>"
                f"<stateReason><code>Server.Oops</code><message>{xml(NASTY)}</message></stateReason>"
                f"<tagSet><item><key>Name</key><value>{xml(NASTY)}{i}</value></item></tagSet></item></instancesSet></item>"
                for i in ("i-0000000a", "i-0000000b")) + "</reservationSet></DescribeInstancesResponse>"
        if action in ("StartInstances", "StopInstances"):
            return 400, (f"<Response><Errors><Error><Code>OperationNotPermitted</Code><Message>{xml(NASTY)} of "
                         f"{form['InstanceId.1']}</Message></Error></Errors></Response>")
        if action == "DescribeAlarms":
            return 200, (f"<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms><member><AlarmName>{xml(NASTY)}</AlarmName><AlarmArn>arn:a</AlarmArn>"
                         "<ActionsEnabled>true</ActionsEnabled><Dimensions><member><Name>InstanceId</Name><Value>i-0000000a</Value>"
                         "</member></Dimensions></member></MetricAlarms></DescribeAlarmsResult></DescribeAlarmsResponse>")
        if action == "Publish":
            world.mails.append(form["Message"])
            return 200, "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>"
        return 200, f"<{action}Response/>"

    def log_message(self, *_):
        pass


@pytest.fixture
def aws():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Aws)
    server.mails, server.state = [], "stopped"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def run(lamplighter, tmp_path, aws):
    return Lamplighter(lamplighter, tmp_path, f"http://127.0.0.1:{aws.server_port}")


@pytest.fixture
def fleet(run):
    """Keys and values of the file are as nasty as it takes them: line breaks and C0 controls it refuses."""
    tag = "x\u202ey\u2066\x9b2J"
    servers = {"tags": [{"Environment": "dev"}, {"Owner" + tag: "me" + tag}], "names": ["name" + tag]}
    return run.fleet({"dev": {"phases": [{"name": "db", "timeout": "3s", "servers": servers}]}},
                     notify={"sns": f"arn:aws:sns:{REGION}:123456789012:mailme"},
                     schedules=[{"name": "evening" + tag, "action": "stop", "cron": "0 19 ? * * *"}])


def printed(run, *arguments):
    """What was printed, byte for byte (text mode would hide a carriage return)."""
    done = subprocess.run([run.program, *map(str, arguments)], env=run.env, cwd=run.home, capture_output=True, timeout=60,
                          stdin=subprocess.DEVNULL, check=False)
    return done.stdout.decode() + done.stderr.decode()


def expect_plain(text, what):
    found = ORDERS.search(text)
    assert found is None, f"{what}: {text[max(0, found.start() - 60):found.end() + 20]!r}"
    assert not any(line.startswith("FORGED") for line in text.splitlines()), what


def test_every_verb_prints_text_and_nothing_else(run, fleet, aws):
    seen = {}

    def look(*arguments):
        seen[" ".join(map(str, arguments))] = text = printed(run, *arguments)
        expect_plain(text, arguments)
        return text

    look("validate", "-f", fleet)
    for format in ("asl", "mermaid"):
        look("compile", "stop", "-f", fleet, "--format", format)
    look("policy", "-f", fleet)
    look("synth", "-f", fleet, "-o", run.home / "out")
    for file in (file for file in (run.home / "out").rglob("*") if file.is_file()):
        expect_plain(file.read_text(), file)
    for action, state in (("start", "stopped"), ("stop", "running")):
        aws.state = state
        for json in ((), ("--json",)):
            assert "FORGED" in look("plan", action, "-f", fleet, *json)
            assert "FORGED" in look(action, "-f", fleet, "--yes", *json)
    executions = look("executions")
    look("executions", "--json")
    for name in re.findall(r"(?m)^(?:start|stop)-\S+", executions):
        assert "FORGED" in look("history", name)
        look("history", name, "--json")
        look("export", name)
    look("resume")
    assert len(aws.mails) == 4
    for mail in aws.mails:
        assert "FORGED" in mail
        expect_plain(mail, "mail")


def test_the_live_view_draws_text_and_nothing_else(run, fleet, aws):
    ours, theirs = pty.openpty()
    run.env |= {"TERM": "xterm", "COLUMNS": "120"}
    program = subprocess.Popen([run.program, "start", "-f", fleet], env=run.env, cwd=run.home, stdin=subprocess.DEVNULL,
                               stdout=theirs, stderr=theirs)
    os.close(theirs)
    drawn = b""
    try:
        while chunk := os.read(ours, 65536):
            drawn += chunk
    except OSError:
        pass  # how Linux says that the other end is closed
    os.close(ours)
    program.wait(timeout=60)
    text = OWN.sub("", drawn.decode())
    assert "HALTED" in text and "FORGED" in text
    expect_plain(text, "live view")


@pytest.mark.parametrize("key", ["ph\x1b[2Jases", "ph\nFORGED", "ph\u202eases", "ph\x9b2J"])
def test_errors_of_a_fleet_file_quote_text_and_nothing_else(run, key):
    path = run.fleet({"dev": {"phases": [{"name": "db", "servers": ["a"], key: "x", "timeout": key}]}, key: {"phases": key}})
    assert "found the unknown key" in printed(run, "validate", "-f", path)
    expect_plain(printed(run, "validate", "-f", path), key)
    expect_plain(printed(run, "validate", "-f", path, key), key)
    assert yaml.safe_load(path.read_text())["environments"][key]


def test_problems_of_a_definition_are_told_as_text(run):
    path = run.home / "d.json"
    path.write_text('{"QueryLanguage": "JSONata", "StartAt": "a\\u001b[2J\\u202e", "States": {"b\\u009b\\nFORGED": {"Type": "x\\u2066"}}}')
    expect_plain(printed(run, "validate-definition", path), "validate-definition")
    path.write_text("{\x1b[2J\u202e")
    expect_plain(printed(run, "validate-definition", path), "validate-definition")
