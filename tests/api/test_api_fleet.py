"""The example fleet driven by the AWS CLI alone, against `serve` and a simulated cloud: `aws scheduler` makes a schedule that
starts dev, `aws stepfunctions` watches it and stops dev again."""
import json
import re
import subprocess
import time
import urllib.request

import pytest

from api_server import BINARY, ROLE, ROOT, aws_cli

SPEED = "300"
EXAMPLE = ROOT / "examples/lower-environments.yaml"
DEV = {"test1", "test2", "test4", "test5", "test7", "test8", "test19"}


@pytest.fixture
def cloud():
    server = subprocess.Popen([BINARY, "simulate", "-f", EXAMPLE, "--speed", SPEED, "--port", "0"], stdout=subprocess.PIPE, text=True)
    yield re.search(r"at (http://\S+)", server.stdout.readline())[1]
    server.kill()
    server.wait()


def running(cloud):
    with urllib.request.urlopen(cloud + "/_lamplighter/servers", timeout=30) as answer:
        return {one["name"] for one in json.load(answer) if one["state"] == "running"}


def ended(aws, machine, seconds=120):
    """The machine's only execution, once it has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ran = aws("list-executions", "--state-machine-arn", machine)["executions"]
        if ran and all(one["status"] != "RUNNING" for one in ran):
            (one,) = ran
            return aws("describe-execution", "--execution-arn", one["executionArn"])
    raise AssertionError(f"{machine} has not ended")


def test_a_fleet_is_driven_by_the_aws_cli(serve, cloud, tmp_path):
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(EXAMPLE.read_text().replace("MON-FRI *", "MON-FRI 2199"))  # hours pass in this test: none of its own is due
    server = serve("-f", fleet, "--speed", SPEED, env={**keys, "AWS_ENDPOINT_URL": cloud})
    scheduler, machines = (aws_cli(server, tmp_path, service) for service in ("scheduler", "stepfunctions"))
    files = scheduler("list-schedules", "--group-name", "lower-environments")["Schedules"]
    assert [one["Name"] for one in files] == ["weekday-evenings", "weekday-mornings"]
    arns = {one["name"]: one["stateMachineArn"] for one in machines("list-state-machines")["stateMachines"]}
    start, stop = arns["lower-environments-start"], arns["lower-environments-stop"]
    assert [one["Target"]["Arn"] for one in files] == [stop, start], "before any of them was due"

    scheduler("create-schedule", "--name", "dev-early", "--schedule-expression", "rate(1 days)",  # due at once
              "--flexible-time-window", "Mode=OFF", "--target", json.dumps({"Arn": start, "RoleArn": ROLE, "Input": '{"environments": ["dev"]}'}))
    began = ended(machines, start)
    scheduler("delete-schedule", "--name", "dev-early")
    assert began["status"] == "SUCCEEDED" and json.loads(began["output"])["subject"].startswith("START STATUS: SUCCESS")
    assert running(cloud) == DEV
    events = machines("get-execution-history", "--execution-arn", began["executionArn"])["events"]
    assert "Start dev db servers" in {one.get("stateEnteredEventDetails", {}).get("name") for one in events}

    machines("start-execution", "--state-machine-arn", stop, "--name", "home-time", "--input", '{"environments": ["dev"]}')
    assert ended(machines, stop)["status"] == "SUCCEEDED"
    assert running(cloud) == set()
