"""The machines that `lamplighter compile` makes, run by an interpreter that others wrote.

moto 5.2.5 carries LocalStack's interpreter of the Amazon States Language; its JSONata evaluator was left out (an expression
ends with "TypeError: 'NoneType' object is not callable"), so jsonata-python, another implementation by others, stands in its
place. npm's aws-local-stepfunctions 3.0.0 ignores Output in the JSONata dialect and can't serve. Lambda's answers are scripted on both
sides. One scenario ends differently, and a test of its own says how: an expression of a state's Output that fails.
"""

import collections
import json
import subprocess
import time

import boto3
import jsonata
import pytest
from moto import mock_aws
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata

FLEET = """
fleet: two
region: us-east-1
environments:
  dev: {phases: [{name: db, servers: [a], timeout: 5m}, {name: app, servers: [b], timeout: 5m}]}
  test: {phases: [{name: db, servers: [c], timeout: 5m}, {name: app, servers: [d], timeout: 5m}]}
notify: {sns: mailme}
"""


def looked(status, name, reason=""):
    return {"status": status, "wait_seconds": 1, "memory": {"seen": 1} if status == "waiting" else None,
            "phase": {"name": name, "status": status, "reason": reason, "servers_ready": 1, "servers_total": 1, "changed": 1,
                      "waiting_for": "", "servers": [], "alarms": {"disabled": 0, "enabled": 0, "reason": ""}}}


def failed(error, message):
    return {"error": error, "cause": json.dumps({"errorType": error, "errorMessage": message})}


READY = {f"{e}/{p}": [looked("waiting", p), looked("ready", p)] for e in ("dev", "test") for p in ("db", "app")}
REPORT = {"report": [{"action": "start", "status": "SUCCEEDED", "subject": "START STATUS: SUCCESS", "environments": []}]}
ABORTED = {"report": [{"action": "start", "status": "ABORTED", "subject": "START STATUS: ABORTED", "environments": []}]}
SCENARIOS = {
    "all goes well": READY | REPORT,
    "a phase fails": READY | ABORTED | {"test/db": [looked("waiting", "db"), looked("failed", "db", "c: no capacity")]},
    "a task is refused": READY | ABORTED | {"dev/app": [failed("UnauthorizedOperation", "You may not.")]},
    "the report can't be sent": READY | {"report": [failed("ReportNotSent", "SNS said no.")]},
}


def scripted_lambda(answers):
    """What replaces moto's Lambda client."""
    asked = collections.Counter()

    def invoke(parameters, region, state_credentials):
        payload = json.loads(parameters["Payload"])
        key = "report" if payload["task"] == "report" else f"{payload['environment']}/{payload['phase']}"
        answer = answers[key][min(asked[key], len(answers[key]) - 1)]
        asked[key] += 1
        if "error" in answer:
            return {"FunctionError": "Unhandled", "Payload": json.loads(answer["cause"]), "StatusCode": 200}
        return {"ExecutedVersion": "$LATEST", "Payload": answer, "StatusCode": 200}
    return invoke


def evaluate(text):
    """jsonata-python where LocalStack has a Java implementation."""
    try:
        return jsonata.Jsonata(text).evaluate(None)
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error


def run_on_moto(definition, answers, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.setattr(moto_jsonata, "_eval_jsonata", evaluate)
    monkeypatch.setattr(lambda_eval_utils, "_invoke_lambda_function", scripted_lambda(answers))
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        client = boto3.client("stepfunctions", region_name="us-east-1")
        machine = client.create_state_machine(name="m", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/r")
        execution = client.start_execution(stateMachineArn=machine["stateMachineArn"], input="{}")["executionArn"]
        end = time.monotonic() + 120
        while (seen := client.describe_execution(executionArn=execution))["status"] == "RUNNING" and time.monotonic() < end:
            time.sleep(0.1)
        events = client.get_execution_history(executionArn=execution, maxResults=1000)["events"]
        return {"status": seen["status"], "output": seen.get("output"), "error": seen.get("error"), "events": events}


def run_on_ours(definition, answers, build_dir):
    request = json.dumps({"definition": definition, "input": {}, "answers": answers})
    done = subprocess.run([build_dir / "engine_run"], input=request, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def visits(run):
    """Each state's visits in their order: (input) and (output) as values. Branches interleave freely."""
    out = collections.defaultdict(list)
    for event in run["events"]:
        for key, payload in (("stateEnteredEventDetails", "input"), ("stateExitedEventDetails", "output")):
            if key in event:
                out[event[key]["name"], payload].append(json.loads(event[key][payload]))
    return out


def without_retries(node):
    """Their delays are jittered, and real time on moto."""
    if isinstance(node, dict):
        return {key: without_retries(value) for key, value in node.items() if key != "Retry"}
    return [without_retries(value) for value in node] if isinstance(node, list) else node


@pytest.fixture
def definition(lamplighter, tmp_path):
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(FLEET)
    compiled = subprocess.run([lamplighter, "compile", "start", "-f", fleet], capture_output=True, text=True, check=True, timeout=30)
    return without_retries(json.loads(compiled.stdout))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_another_interpreter_takes_the_same_way(definition, build_dir, monkeypatch, scenario):
    ours = run_on_ours(definition, SCENARIOS[scenario], build_dir)
    theirs = run_on_moto(definition, SCENARIOS[scenario], monkeypatch)
    assert (ours["status"], ours.get("error")) == (theirs["status"], theirs.get("error"))
    if ours["status"] == "SUCCEEDED":
        assert json.loads(ours["output"]) == json.loads(theirs["output"])
    assert visits(ours) == visits(theirs)


def test_a_failed_evaluation_is_caught_here_and_not_there(definition, build_dir, monkeypatch):
    """An answer that lacks what the machine reads: both note EvaluationFailed for it. AWS's Catch covers a state's Output
    ("States.ALL" matches States.QueryEvaluationError), and so does ours: the environment halts and its neighbour goes on. moto
    evaluates Output when it is done with Catch, so that its execution ends there."""
    answers = READY | ABORTED | {"test/db": [{}]}
    ours = run_on_ours(definition, answers, build_dir)
    theirs = run_on_moto(definition, answers, monkeypatch)
    assert all("EvaluationFailed" in [event["type"] for event in run["events"]] for run in (ours, theirs))
    assert theirs["status"] == "FAILED"
    halted = run_on_ours(definition, SCENARIOS["a phase fails"], build_dir)
    assert (ours["status"], ours.get("error")) == (halted["status"], halted.get("error"))
