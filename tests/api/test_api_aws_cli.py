"""Debian's AWS CLI against `serve`, with `lamplighter credentials` as its credential_process."""
import json
import time

import pytest

from api_server import ROLE, aws_cli, machine


@pytest.fixture
def aws(server, tmp_path):
    return aws_cli(server, tmp_path, "stepfunctions")


def test_a_machine_is_made_run_and_looked_at(aws):
    definition = machine("Hello", Hello={"Type": "Pass", "Output": {"greeting": "{% 'hello ' & $states.input.name %}"}, "End": True})
    arn = aws("create-state-machine", "--name", "hello", "--definition", definition, "--role-arn", ROLE)["stateMachineArn"]
    execution = aws("start-execution", "--state-machine-arn", arn, "--input", '{"name": "world"}')["executionArn"]
    for _ in range(20):
        seen = aws("describe-execution", "--execution-arn", execution)
        if seen["status"] != "RUNNING":
            break
        time.sleep(0.1)
    assert json.loads(seen["output"]) == {"greeting": "hello world"}
    events = aws("get-execution-history", "--execution-arn", execution)["events"]
    assert [e["type"] for e in events] == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
    assert [m["name"] for m in aws("list-state-machines")["stateMachines"]] == ["hello"]
    assert [e["name"] for e in aws("list-executions", "--state-machine-arn", arn)["executions"]] == [execution.split(":")[-1]]
