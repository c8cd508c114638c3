"""Debian's AWS CLI against `serve`, with `lamplighter credentials` as its credential_process."""
import json
import subprocess
import time

import pytest

from api_server import BINARY, CLEAN, ROLE, machine


@pytest.fixture
def aws(server, tmp_path):
    config = tmp_path / "config"
    config.write_text(f"[profile local]\nregion = us-east-1\ncredential_process = {BINARY} credentials --state-dir {server.state_dir}\n")

    def run(*arguments):
        result = subprocess.run(
            ["/usr/bin/aws", "stepfunctions", *arguments, "--endpoint-url", server.url, "--profile", "local", "--output", "json"],
            env={**CLEAN, "AWS_CONFIG_FILE": str(config), "AWS_PAGER": ""}, capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout or "{}")
    return run


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
