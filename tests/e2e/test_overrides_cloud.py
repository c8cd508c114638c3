"""People overrule a deployment: what the verbs write with --cloud is what the deployed machines read, and what happens
at an end is a schedule of EventBridge Scheduler's. Scheduler, DynamoDB and EC2 are moto's; Step Functions is another
lamplighter, which runs the deployed definitions with the function's own handler."""

import datetime
import json
import re

import boto3
import pytest

from harness import REGION, Lamplighter
from test_agenda import daemon

GROUP = "lamplighter-f"
TABLE = "lamplighter-f-coordination"
KEYWORD = "<aws.scheduler.scheduled-time>"
FLEET = """fleet: f
region: us-east-1
timezone: Europe/Berlin
alarms: none
environments:
  dev: {phases: [{name: app, servers: [server-dev]}]}
  test: {phases: [{name: app, servers: [server-test]}]}
"""


def resolved(value, template):
    """A template's property, with ARNs as CloudFormation would put them."""
    if isinstance(value, dict):
        for function in ("Ref", "Fn::GetAtt"):
            if function in value:
                logical = value[function] if function == "Ref" else value[function][0]
                properties = template["Resources"][logical]["Properties"]
                name = next(text for key, text in properties.items() if key.endswith("Name") or key == "Name")
                service = {"Role": "iam::123456789012:role/", "StateMachine": f"states:{REGION}:123456789012:stateMachine:",
                           "Queue": f"sqs:{REGION}:123456789012:"}.get(template["Resources"][logical]["Type"].split("::")[-1])
                return f"arn:aws:{service}{name}" if service else name
        return {key: resolved(one, template) for key, one in value.items()}
    return [resolved(one, template) for one in value] if isinstance(value, list) else value


def soon(**some):
    return f"{datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**some):%Y-%m-%dT%H:%M:%SZ}"


def fleet(**schedules):
    """With a schedule a name: (action, moment)."""
    rows = [f'  - {{name: {name}, action: {action}, at: "{moment.rstrip("Z")}", timezone: UTC}}\n' for name, (action, moment) in schedules.items()]
    return FLEET + "schedules:\n" + "".join(rows)


class Deployed:
    """A fleet deployed as its template says; `lamplighter` is whoever overrules it."""

    def __init__(self, lamplighter, home, cloud, url):
        self.program = Lamplighter(lamplighter, home, cloud.url)
        self.program.env["AWS_ENDPOINT_URL_SFN"] = url
        self.cloud = cloud
        self.scheduler = cloud.client("scheduler")
        self.states = boto3.client("stepfunctions", region_name=REGION, endpoint_url=url, aws_access_key_id="a", aws_secret_access_key="b")
        self.path = home / "fleet.yaml"

    def deploy(self, text):
        self.path.write_text(text)
        assert self.program("synth", "-f", self.path, "-o", "out").code == 0
        out = self.program.home / "out"
        self.template = json.loads(next(out.glob("*template*.json")).read_text())
        for table in self.resources("DynamoDB::Table"):
            self.cloud.client("dynamodb").create_table(**table)
        for machine in self.resources("StepFunctions::StateMachine"):
            definition = (out / machine["DefinitionS3Location"]).read_text()
            self.states.create_state_machine(name=machine["StateMachineName"], roleArn=machine["RoleArn"],
                                             definition=definition.replace(f'"FunctionName": "{GROUP}"', '"FunctionName": "lamplighter"'))
        for group in self.resources("Scheduler::ScheduleGroup"):
            self.scheduler.create_schedule_group(**group)
        for schedule in self.resources("Scheduler::Schedule"):
            self.scheduler.create_schedule(**schedule)
        return self

    def resources(self, kind):
        """The properties of all of that type."""
        return [resolved(made["Properties"], self.template) for made in self.template["Resources"].values() if made["Type"] == f"AWS::{kind}"]

    def __call__(self, *arguments):
        return self.program(*arguments, "--cloud", "-f", self.path)

    def done(self, *arguments):
        done = self(*arguments)
        assert done.code == 0, done.stdout + done.stderr
        return done

    def schedule(self, name):
        try:
            return self.scheduler.get_schedule(GroupName=GROUP, Name=name)
        except self.scheduler.exceptions.ResourceNotFoundException:
            return None

    def overrides(self):
        """As they stand in the table."""
        key = {"scope": {"S": "overrides/f"}, "key": {"S": "overrides/f/all"}}
        item = self.cloud.client("dynamodb").get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item")
        return json.loads(item["text"]["S"])["all"] if item else []

    def fire(self, name, due):
        """What Scheduler does then: the report of the execution."""
        target = self.schedule(name)["Target"]
        arn = self.states.start_execution(stateMachineArn=target["Arn"], input=target["Input"].replace(KEYWORD, due))["executionArn"]
        done = self("watch", arn.rsplit(":", 1)[1], "--json")
        assert done.code in (0, 1), done.stderr
        return {one["name"]: (one["status"], one["reason"]) for one in done.json["environments"]}


@pytest.fixture
def deployed(lamplighter, tmp_path, cloud):
    cloud.launch(["server-dev", "server-test"])
    home = tmp_path / "engine"
    home.mkdir()
    engine = Lamplighter(lamplighter, home, cloud.url)
    with daemon(engine, "--speed", "60") as process:
        yield Deployed(lamplighter, tmp_path, cloud, process.url)


def due_of(schedule):
    return re.fullmatch(r"at\((.*)\)", schedule["ScheduleExpression"])[1] + "Z"


def test_a_keep_binds_what_is_deployed_and_its_end_is_a_schedule_of_the_deployments(deployed):
    evening = soon(hours=1)
    deployed.deploy(fleet(evenings=("stop", evening)))
    kept = deployed.done("keep", "dev", "running", "for", "2h", "--why", "release")
    assert "At its end dev is stopped." in kept.stdout and "overrides end 1 --cloud" in kept.stdout and not kept.stderr
    (one,) = deployed.overrides()
    assert (one["kind"], one["environments"], one["state"], one["why"]) == ("keep", ["dev"], "running", "release")

    end, evenings = deployed.schedule("f-override-1"), deployed.schedule("evenings")
    assert due_of(end) == one["until"][:19] + "Z" and end["ScheduleExpressionTimezone"] == "UTC"
    assert end["ActionAfterCompletion"] == "DELETE" and end["FlexibleTimeWindow"] == {"Mode": "OFF"}
    for key in ("Arn", "RoleArn", "DeadLetterConfig"):
        assert end["Target"][key] == evenings["Target"][key], key
    given = json.loads(end["Target"]["Input"])
    assert given["environments"] == ["dev"] and given["occurrence"]["schedule"] == "end of override 1"
    assert given["occurrence"]["due"] == KEYWORD and given["occurrence"]["ends"]["wanted"][0]["schedule"] == "evenings"

    found = deployed.fire("evenings", evening)
    assert found["test"] == ("ready", "") and found["dev"][0] == "skipped"
    assert re.fullmatch(r"kept running until .* \(Europe/Berlin\) by \S+: release", found["dev"][1])
    assert deployed.cloud.states() == {"server-dev": "running", "server-test": "stopped"}
    refused = deployed("stop", "dev", "--yes", "--json")
    assert refused.code == 1 and "kept running until" in refused.json["environments"][0]["reason"]

    assert deployed.fire("f-override-1", due_of(end)) == {"dev": ("ready", "")}
    assert deployed.cloud.states()["server-dev"] == "stopped"


def test_a_keep_is_extended_and_ended(deployed):
    evening = soon(hours=1)
    deployed.deploy(fleet(evenings=("stop", evening)))
    deployed.done("keep", "dev", "running", "for", "2h")
    before = deployed.schedule("f-override-1")
    deployed.done("extend", "dev", "2h", "--why", "longer")
    (one,) = deployed.overrides()
    after = deployed.schedule("f-override-1")
    assert due_of(after) == one["until"][:19] + "Z" > due_of(before)
    names = [schedule["Name"] for schedule in deployed.scheduler.list_schedules(GroupName=GROUP)["Schedules"]]
    assert sorted(names) == ["evenings", "f-override-1"]
    assert {key: after["Target"][key] for key in ("Arn", "RoleArn", "DeadLetterConfig")} == {
        key: before["Target"][key] for key in ("Arn", "RoleArn", "DeadLetterConfig")}
    listed = deployed.done("overrides", "--json").json
    assert [(entry["id"], entry["why"]) for entry in listed] == [(1, "longer")] and [
            {key: value for key, value in entry.items() if key != "counts_for"} for entry in listed] == deployed.overrides()
    ended = deployed.done("overrides", "end", "1")
    assert "ended. Environments stay as they are." in ended.stdout and not ended.stderr
    assert deployed.schedule("f-override-1") is None and deployed.overrides() == []
    assert deployed.fire("evenings", evening) == {"dev": ("ready", ""), "test": ("ready", "")}


def test_what_is_skipped_or_paused_since_is_not_made_up_for_at_a_keeps_end(deployed):
    evening = soon(hours=1)
    deployed.deploy(fleet(mornings=("start", soon(minutes=30)), evenings=("stop", evening)))
    assert "At its end dev, test are stopped." in deployed.done("keep", "dev", "test", "running", "for", "2h").stdout
    end = due_of(deployed.schedule("f-override-1"))
    for number, (words, why) in enumerate(((["skip", "evenings", "--next"], '"mornings" wants it running by then'),
                                           (["pause", "for", "90m"], "no schedule wants it stopped by then")), 2):
        deployed.done(*words)
        assert deployed.fire("evenings", evening)["dev"][0] == "skipped"
        rows = [row for row in deployed.done("next", "--json").json if row["schedule"] == "end of override 1"]
        assert [row["skipped"] for row in rows] == [why]
        assert deployed.fire("f-override-1", end) == {"dev": ("skipped", why), "test": ("skipped", why)}
        deployed.done("overrides", "end", str(number))
    assert set(deployed.cloud.states().values()) == {"running"}
    assert deployed.fire("f-override-1", end) == {"dev": ("ready", ""), "test": ("ready", "")}


def test_the_next_occurrence_is_skipped_and_all_are_paused(deployed):
    evening = soon(hours=1)
    deployed.deploy(fleet(evenings=("stop", evening)))
    deployed.done("skip", "evenings", "--next")
    (one,) = deployed.overrides()
    (row,) = deployed.done("next", "--json").json
    assert row["skipped"].startswith("skipped once by ") and row["due"] == one["occurrence"] == evening.replace("Z", ".000Z")
    assert {status for status, _ in deployed.fire("evenings", evening).values()} == {"skipped"}
    deployed.done("overrides", "end", "1")
    deployed.done("pause", "for", "2h", "--why", "upgrade")
    found = deployed.fire("evenings", evening)
    assert {status for status, _ in found.values()} == {"skipped"} and "upgrade" in found["test"][1]
    assert set(deployed.cloud.states().values()) == {"running"}
    assert deployed.fire("evenings", soon(hours=3)) == {"dev": ("ready", ""), "test": ("ready", "")}


def test_started_for_a_while_it_is_stopped_again_and_stopped_for_a_while_started(deployed):
    deployed.deploy(fleet(evenings=("stop", soon(days=20))))
    for number, (action, other, state) in enumerate((("stop", "start", "stopped"), ("start", "stop", "running")), 1):
        begun = deployed.done(action, "dev", "--for", "3h", *(["--yes"] if action == "stop" else []))
        assert "At its end dev is " in begun.stdout and deployed.overrides()[-1]["undone"] is True
        assert deployed.cloud.states()["server-dev"] == state
        end = deployed.schedule(f"f-override-{number}")
        assert end["Target"]["Arn"].endswith(f":stateMachine:{GROUP}-{other}")
        role = deployed.template["Resources"]["SchedulerRole"]["Properties"]
        assert end["Target"]["RoleArn"] == f"arn:aws:iam::123456789012:role/{role['RoleName']}"
        (start,) = [one for one in role["Policies"][0]["PolicyDocument"]["Statement"] if one["Action"] == ["states:StartExecution"]]
        assert end["Target"]["Arn"] in resolved(start["Resource"], deployed.template), "Scheduler may start it as that role"
        assert deployed.fire(f"f-override-{number}", due_of(end)) == {"dev": ("ready", "")}
        assert deployed.cloud.states()["server-dev"] == ("running" if state == "stopped" else "stopped")
        deployed.done("overrides", "end", str(number))
        assert deployed.schedule(f"f-override-{number}") is None


@pytest.mark.parametrize("words", [["keep", "dev", "running", "for", "2h"], ["pause", "for", "2h"], ["overrides"],
                                   ["skip", "evenings", "--next"], ["start", "dev", "--for", "2h"]])
def test_where_nothing_is_deployed_nothing_is_decided(deployed, words):
    deployed.path.write_text(fleet(evenings=("stop", soon(hours=1))))
    refused = deployed(*words)
    expected = "nobody there serves the fleet f" if words[0] == "start" else TABLE
    assert refused.code in (2, 3) and expected in refused.stderr, refused.stdout + refused.stderr


def test_a_table_that_may_not_be_read_is_said(deployed):
    deployed.deploy(fleet(evenings=("stop", soon(hours=1))))
    deployed.cloud.client("dynamodb").delete_table(TableName=TABLE)
    refused = deployed("keep", "dev", "running", "for", "2h")
    assert refused.code == 3 and "expected a table of that region" in refused.stderr
    assert deployed.schedule("f-override-1") is None
