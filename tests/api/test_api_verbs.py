"""The verbs beside `serve`: export and validate-definition."""
import json

import pytest

from api_server import create, machine, run, wait_for_end

PASS = machine("A", A={"Type": "Pass", "End": True})


@pytest.fixture
def ended(serve):
    """The state directory of a server that has run one execution, "run", and ended; and the execution's ARN."""
    server = serve()
    client = server.client()
    arn = client.start_execution(stateMachineArn=create(client, PASS), name="run", input='{"x": 1}')["executionArn"]
    wait_for_end(client, arn)
    assert server.stop() == 0
    return server.state_dir, arn


def test_an_execution_is_exported_whole_by_name_or_arn(ended):
    state_dir, arn = ended
    by_name = run("export", "run", "--state-dir", state_dir)
    assert by_name.returncode == 0, by_name.stderr
    exported = json.loads(by_name.stdout)
    assert arn in json.dumps(exported)
    types = [e["type"] for e in exported["events"]]
    assert types == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
    assert run("export", arn, "--state-dir", state_dir).stdout == by_name.stdout


def test_an_unknown_execution_is_named(ended):
    result = run("export", "other", "--state-dir", ended[0])
    assert (result.returncode, result.stdout) == (2, "")
    assert "other" in result.stderr


def test_a_second_process_on_the_same_state_is_refused(server):
    result = run("serve", "--port", "0", "--state-dir", server.state_dir)
    assert result.returncode == 2
    assert str(server.process.pid) in result.stderr


def test_a_good_definition_is_ok(tmp_path):
    (tmp_path / "good.json").write_text(PASS)
    result = run("validate-definition", tmp_path / "good.json")
    assert result.returncode == 0
    assert json.loads(result.stdout) == {"result": "OK", "diagnostics": [], "truncated": False}
    assert run("validate-definition", "-", input=PASS).returncode == 0


def test_every_problem_of_a_definition_is_shown_with_its_place(tmp_path):
    (tmp_path / "bad.json").write_text(machine("A", A={"Type": "Pass", "Next": "Missing"}, B={"Type": "Wait", "Seconds": -1, "End": True}))
    result = run("validate-definition", tmp_path / "bad.json")
    assert result.returncode == 2
    shown = json.loads(result.stdout)
    assert shown["result"] == "FAIL"
    assert {d["location"].split("/")[2] for d in shown["diagnostics"]} >= {"A", "B"}
    assert set(shown["diagnostics"][0]) == {"severity", "code", "message", "location"}


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    result = run("validate-definition", tmp_path / "missing.json")
    assert result.returncode == 2
    assert "missing.json" in result.stderr
