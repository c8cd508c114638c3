"""`lamplighter next` of the daemon and of a deployment: what they have, not what a file says."""

import contextlib
import datetime
import json
import re
import subprocess

import boto3
import pytest

from harness import REGION, Lamplighter, simulated_cloud, wait_for

FLEET = """fleet: f
region: us-east-1
environments:
  dev: {phases: [{name: app, servers: [a]}]}
  test: {phases: [{name: app, servers: [b]}]}
schedules:
  - {name: week day mornings, action: start, cron: "0 6 * * ? *", timezone: Europe/Berlin}
  - {name: again, action: start, environments: [dev], cron: "30 6 * * ? *", timezone: Europe/Berlin}
  - {name: nights, action: stop, cron: "0 20 * * ? *", timezone: Europe/Berlin}
  - {name: often, action: stop, environments: [test], rate: 5 days}
"""
# On whichever day it is asked.
CALENDARS = """  - {name: noons, action: start, environments: [dev], cron: "0 12 * * ? *", timezone: Asia/Tokyo, except: [always]}
  - {name: other noons, action: stop, environments: [dev], cron: "15 12 * * ? *", only: [always, before]}
  - {name: no noons, action: stop, environments: [dev], cron: "30 12 * * ? *", only: [before]}
calendars: {always: {dates: [2020-01-01..2199-12-31]}, before: {dates: [2020-01-01]}}
"""
ROLE = "arn:aws:iam::123456789012:role/r"


@contextlib.contextmanager
def daemon(program, *arguments):
    log = program.home / "daemon.log"
    with log.open("w") as out:
        process = subprocess.Popen([program.program, "serve", "--port", "0", "--auth", "none", *map(str, arguments)], env=program.env,
                                   cwd=program.home, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            wait_for(log, "Step Functions API at")
            process.url = re.search(r"at (http://\S+)", log.read_text())[1]
            yield process
        finally:
            process.kill()
            process.wait()


def client(service, url):
    return boto3.client(service, region_name=REGION, endpoint_url=url, aws_access_key_id="a", aws_secret_access_key="b")


@pytest.fixture
def program(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    program.file = tmp_path / "fleet.yaml"
    program.file.write_text(FLEET)
    with simulated_cloud(lamplighter, "1000", fleet=program.file) as program.env["AWS_ENDPOINT_URL"]:
        yield program


def next_of(program, *arguments):
    done = program("next", "--json", *arguments)
    assert done.code == 0, done.stderr
    return done.json


def make_machine(states, name="m"):
    definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    return states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]


def test_of_the_daemon_it_lists_what_the_file_says_and_people_added(program):
    with daemon(program, "-f", program.file) as process:
        schedules, states = client("scheduler", process.url), client("stepfunctions", process.url)
        of_file = {row["schedule"]: row for row in next_of(program)}
        assert of_file == {row["schedule"]: {**row, "group": "f", "machine": f"f-{row['action']}"} | at_first_read(row, of_file)
                           for row in next_of(program, "-f", program.file)}
        when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        target = {"Arn": make_machine(states), "RoleArn": ROLE}
        for name, state in (("tonight", "ENABLED"), ("off", "DISABLED")):
            schedules.create_schedule(Name=name, State=state, ScheduleExpression=f"at({when:%Y-%m-%dT%H:%M:%S})", Target=target,
                                      FlexibleTimeWindow={"Mode": "OFF"})
        added = {row["schedule"]: row for row in next_of(program) if row["group"] == "default"}
        assert (added["tonight"]["outlook"], added["tonight"]["machine"], added["tonight"]["action"]) == ("due", "m", None)
        assert added["tonight"]["due"] == f"{when:%Y-%m-%dT%H:%M:%S}.000Z"
        assert (added["off"]["outlook"], added["off"]["reason"], added["off"]["due"]) == ("disabled", "its state is DISABLED", None)
        text = program("next").stdout
        assert re.search(r"default/tonight +run +state machine m$", text, flags=re.MULTILINE)
        assert "\ndefault/off is not due in this time; disabled: its state is DISABLED\n" in text
        assert re.search(r"f/week day mornings +start +all$", text, flags=re.MULTILINE)
        assert {row["schedule"] for row in next_of(program, "test")} == {"week day mornings", "nights", "often", "tonight", "off"}


def at_first_read(row, of_file):
    """A rate counts from when the daemon read it: a moment before the file was looked at here."""
    moments = ("due", "begins_by", "local")
    return {key: of_file[row["schedule"]][key] for key in moments} if row["schedule"] == "often" else {}


def test_what_ran_last_says_what_is_so_already(program):
    with daemon(program, "-f", program.file, "--speed", "1000"):
        assert program("stop", "-f", program.file, "--yes").code == 0
        assert program("start", "dev", "-f", program.file).code == 0
        now = datetime.datetime.now(datetime.timezone.utc)
        first = {}
        for row in next_of(program, "--days", "9"):
            first.setdefault(row["schedule"], row)
        assert first["again"]["already"] == ["dev"], "a start before it"
        assert re.search(r"  nights +stop +all", program("next").stdout), "its machine says which all are"
        up, down = first["week day mornings"], first["nights"]
        assert (up["already"] == ["dev"]) or (down["due"] < up["due"] and down["already"] == ["test"]), now


def test_what_was_missed_is_shown_and_by_whom(program):
    program.file.write_text(FLEET + "  - {name: minutes, action: start, environments: [dev], cron: \"* * * * ? *\", timezone: Europe/Berlin, late: 0m}\n")
    with daemon(program, "-f", program.file, "--speed", "1000"):
        pass
    # A day of that clock is a minute and a half here: what falls between is too old by now.
    state = program.home / ".local/state/lamplighter/schedules.sqlite"
    shift = "UPDATE schedule SET first_seen = first_seen - 7200000, done_until = done_until - 7200000, settled_until = settled_until - 7200000"
    subprocess.run(["python3", "-c", f"import sqlite3; c = sqlite3.connect({str(state)!r}); c.execute({shift!r}); c.commit()"], check=True)
    with daemon(program, "-f", program.file):
        wait_for(program.home / "daemon.log", "missed, due")
        missed = [row for row in next_of(program) if row["outlook"] == "missed"]
        # On a machine that is busy, the first daemon, at a minute in 60 ms, has missed a few of its own.
        minutes = max((row for row in missed if row["schedule"] == "minutes"), key=lambda row: row["count"])
        assert minutes["count"] >= 100 and minutes["due"] < minutes["until"] and minutes["reason"] == "older than it may be to be made up for"
        text = program("next", "--days", "1").stdout
        assert "\nMissed in the last 7 days:\n" in text
        assert re.search(r"^  minutes: \d+ occurrences, due .* Europe/Berlin \(.* UTC\) until .*: older than it may be to be made up for$", text, flags=re.MULTILINE)


def test_a_run_that_holds_the_directory_fires_nothing(program):
    log = program.home / "log"
    with log.open("w") as out:
        process = subprocess.Popen([program.program, "start", "dev", "-f", str(program.file)], env=program.env, stdout=out, stderr=out)
        try:
            wait_for(log, "dev app: starting")
            refused = program("next")
            assert refused.code == 2
            assert f"lamplighter start (process {process.pid}) fires no schedules" in refused.stderr
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize("where", ["another daemon", "moto"])
def test_of_a_deployment(program, moto_url, where, request):
    """What synth wrote, made through Scheduler's API of another implementation."""
    with contextlib.ExitStack() as stack:
        if where == "moto":
            request.getfixturevalue("cloud")
            url = moto_url
        else:
            home = program.home / "aws"
            home.mkdir()
            url = stack.enter_context(daemon(Lamplighter(program.program, home, None))).url
        schedules, states = client("scheduler", url), client("stepfunctions", url)
        program.file.write_text(FLEET + CALENDARS)
        program("synth", "-f", program.file, "-o", "out")
        group = "lamplighter-f"
        nobody = program("next", "--cloud", "--endpoint-url", url)
        if where != "moto":  # which takes any group for one without schedules
            assert nobody.code == 2 and "found no schedule group lamplighter-f in us-east-1" in nobody.stderr
        schedules.create_schedule_group(Name=group)
        template = json.loads(next((program.home / "out").glob("*template*.json")).read_text())
        arns = {action: states.create_state_machine(name=f"lamplighter-f-{action}", roleArn=ROLE,
                                                    definition=program("compile", action, "-f", program.file).stdout)["stateMachineArn"]
                for action in ("start", "stop")}
        for made in template["Resources"].values():
            if made["Type"] != "AWS::Scheduler::Schedule":
                continue
            properties = dict(made["Properties"])
            action = json.loads(properties["Target"]["Input"])["action"]
            properties["Target"] = {"Arn": arns[action], "RoleArn": ROLE, "Input": properties["Target"]["Input"]}
            schedules.create_schedule(**{**properties, "GroupName": group})
        deployed = {row["schedule"]: row for row in next_of(program, "--cloud", "--endpoint-url", url)}
        here = {row["schedule"]: row for row in next_of(program, "-f", program.file)}
        assert here["noons"]["skipped"].startswith("not on always (") and here["no noons"]["skipped"].startswith("not in before (")
        assert deployed == {name: {**row, "group": group, "machine": f"lamplighter-f-{row['action']}"} | at_first_read(row, deployed)
                            for name, row in here.items()}


def test_the_daemon_says_what_calendars_leave_out(program):
    program.file.write_text(FLEET + CALENDARS)
    with daemon(program, "-f", program.file):
        found = {(row["schedule"], row["due"]): row["skipped"] for row in next_of(program)}
        here = {(row["schedule"], row["due"]): row["skipped"] for row in next_of(program, "-f", program.file) if row["schedule"] != "often"}
        assert {key: skipped for key, skipped in found.items() if key in here} == here
        noons = {local[:10]: row["skipped"] for row in next_of(program) if row["schedule"] == "noons" for local in [row["local"]]}
        assert len(noons) == 7 and all(skipped == f"not on always ({day})" for day, skipped in noons.items())
        assert "; skipped: not in before (" in program("next").stdout
