"""The verbs with --cloud against Step Functions as moto plays it: another peer than another lamplighter."""

import json
import re

import pytest

from harness import EXAMPLE, REGION, Lamplighter

ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.fixture
def deployed(lamplighter, tmp_path, cloud):
    program = Lamplighter(lamplighter, tmp_path, cloud.url)
    program.states = cloud.client("stepfunctions")
    program.machines = {
        action: program.states.create_state_machine(
            name=f"lamplighter-lower-environments-{action}", roleArn=ROLE,
            definition=program("compile", action, "-f", EXAMPLE, "--cloud").stdout)["stateMachineArn"]
        for action in ("start", "stop")}
    return program


def test_what_runs_on_aws_is_listed_told_and_ended(deployed):
    where = ["--cloud", "-f", EXAMPLE]
    assert deployed("executions", "--json", *where).json == []
    for action, occurrence in (("start", {"schedule": "mornings"}), ("stop", None)):
        given = {"environments": ["dev"], **({"occurrence": occurrence} if occurrence else {})}
        deployed.states.start_execution(stateMachineArn=deployed.machines[action], name=f"{action}-1", input=json.dumps(given))
    listed = {one["name"]: one for one in deployed("executions", "--json", *where).json}
    assert {name: (one["status"], one["carried_on"], one["started_by"]) for name, one in listed.items()} == {
        "start-1": ("RUNNING", True, "schedule mornings"), "stop-1": ("RUNNING", True, None)}
    assert re.search(r"^start-1 +RUNNING .* schedule mornings", deployed("executions", *where).stdout, flags=re.MULTILINE)
    several = deployed("watch", *where)
    assert several.code == 2 and "lamplighter watch start-1 --cloud --file" in several.stderr
    exported = deployed("export", "start-1", *where)
    assert exported.code == 0, exported.stderr
    assert exported.json["execution"]["name"] == "start-1"
    assert deployed("history", "--events", "start-1", *where).code == 0
    assert deployed("history", "start-1", *where).stdout.startswith("start-1 RUNNING, started at")
    assert deployed("cancel", "start-1", "--now", *where).stdout.startswith("start-1 is ABORTED.")
    described = deployed.states.describe_execution(executionArn=listed["start-1"]["arn"])
    assert described["status"] == "ABORTED"
    again = deployed("cancel", "start-1", "--now", *where)
    assert again.code == 2 and "lamplighter history start-1 --cloud --file" in again.stderr
    missing = deployed("history", "nobody", *where)
    assert missing.code == 2 and "lamplighter executions --cloud --file" in missing.stderr
    assert not (deployed.home / ".local/state/lamplighter").exists(), "nothing is kept here"


def test_what_is_not_deployed_is_said(deployed):
    other = deployed.fleet({"dev": {"phases": [{"name": "db", "servers": ["a"]}]}})
    refused = deployed("start", "dev", "--cloud", "-f", other)
    assert refused.code == 2
    assert f"found no state machine lamplighter-f-start in {REGION}" in refused.stderr
