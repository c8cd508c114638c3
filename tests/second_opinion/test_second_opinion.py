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
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata

FLEET = """
fleet: two
region: us-east-1
environments:
  dev: {phases: [{name: db, servers: [a], timeout: 5m}, {name: app, servers: [b], timeout: 5m}]}
  test: {phases: [{name: db, servers: [c], timeout: 5m}, {name: app, servers: [d], timeout: 2s}]}
notify: {sns: mailme}
"""


def looked(status, name, reason="", changed=1):
    return {"status": status, "wait_seconds": 1, "passed": 1, "lease": {"generation": 3, "age": 1}, "memory": {"seen": 1} if status == "waiting" else None,
            "phase": {"name": name, "status": status, "reason": reason, "servers_ready": 1, "servers_total": 1,
                      "changed": changed, "waiting_for": "", "servers": [],
                      "alarms": {"disabled": 0, "enabled": 0, "reason": ""}}}


def failed(error, message):
    return {"error": error, "cause": json.dumps({"errorType": error, "errorMessage": message})}


def surveyed(dev="run", test="run", phase="", reason=""):
    """The survey's answer; `phase` and `reason` are those of test."""
    return [{"environments": [{"name": "dev", "status": dev, "phase": "", "reason": ""},
                              {"name": "test", "status": test, "phase": phase, "reason": reason}],
             "looks": 100, "warnings": ["the topic mailme was not found"]}]


def admitted(status="run", phase="", reason=""):
    members = {name: {"first_states": {"stopped": ["AAAAAAAAAAAA"]}} for name in ("db", "app")}
    waits = status == "waiting"
    return {"status": status, "phase": phase, "reason": reason, "members": members, "wait_seconds": 2,
            "claim": {"generation": 2, "beat": 0, "seconds": 2, "waited": 2} if waits else None,
            "lease": {"generation": 3, "age": 0} if status == "run" else None}


def unmuted(status, words=""):
    return {"status": status, "wait_seconds": 1, "enabled": 1, "left": [], "troubles": [], "words": words}


def reported(status, halted=(), unmutes=("dev", "test")):
    environments = [{"name": name, "status": "halted" if name in halted else "ready", "reason": "because"}
                    for name in ("dev", "test")]
    return {"report": [{"action": "start", "status": status, "subject": "START STATUS", "body": "All.", "environments": environments,
                        "unmutes": list(unmutes), "leases": {}, "silent": False, "ended_at": "2026-11-24T06:04:00.000Z"}],
            "unmute": [unmuted("done")],
            "notify": [{"sent": True, "message_id": "m-1", "error": ""}]}


READY = {f"{e}/{p}": [looked("waiting", p), looked("ready", p)] for e in ("dev", "test") for p in ("db", "app")}
GOOD = READY | reported("SUCCEEDED") | {"survey": surveyed(), "admit/dev": [admitted()], "admit/test": [admitted()]}
BAD = GOOD | reported("ABORTED", ["test"])
THROTTLED = failed("RequestLimitExceeded", "Request limit exceeded.")
SCENARIOS = {
    "all goes well": GOOD,
    "what was ready needs no time to settle": GOOD | {"dev/db": [looked("ready", "db", changed=0)]},
    "a phase fails": BAD | {"test/db": [looked("waiting", "db"), looked("failed", "db", "c: no capacity")]},
    "a task is refused": BAD | {"dev/app": [failed("UnauthorizedOperation", "You may not.")]},
    "the report can't be made": GOOD | {"report": [failed("InvalidPayload", "results: found 7.")]},
    "the mail is lost": GOOD | {"notify": [failed("ReportNotSent", "SNS said no.")]},
    "the mail may have gone": GOOD | {"notify": [failed("Sandbox.Timedout", "Timed out."), {"sent": True, "message_id": "m-2", "error": ""}]},
    "alarms follow": GOOD | {"unmute": [unmuted("waiting"), unmuted("done")]},
    "alarms can't be looked at": GOOD | {"unmute": [failed("UnauthorizedOperation", "You may not.")]},
    "no alarm becomes well": GOOD | {"unmute": [unmuted("waiting", "alarms that are still muted: a-cpu")]},
    "alarms stay muted": GOOD | {"unmute": [unmuted("done", "alarms that are still muted: a-cpu")]},
    "alarms stay muted after a halt": BAD | {"test/db": [looked("failed", "db", "c: no capacity")], "unmute": [unmuted("done", "a-cpu")]},
    "a server is missing": BAD | reported("ABORTED", ["test"], unmutes=["dev"]) | {
        "survey": surveyed(test="halted", phase="db", reason='c: not found. Did you mean "C"?')},
    "an overlap halts both": BAD | reported("ABORTED", ["dev", "test"], unmutes=[]) | {
        "survey": surveyed("halted", "halted", "app", "b is in dev app and in test app")},
    "the input chooses": GOOD | {"survey": surveyed(test="skipped")},
    "the survey fails": BAD | {"survey": [failed("UnknownEnvironment", 'the input\'s environments: found "prod"')]},
    "admit is refused": BAD | {"admit/test": [failed("UnauthorizedOperation", "You may not look.")]},
    "admit halts": BAD | {"admit/test": [admitted("halted", "app", "d: is gone")]},
    "another run has it": GOOD | {"admit/test": [admitted("waiting", reason="waiting while stop-1 stops it"), admitted()]},
    "people decided otherwise": GOOD | {"admit/test": [admitted("skipped", reason="kept stopped until 22:00 by ada")]},
    # dev's errors pass in time, test's app can't be looked at until its 2 s are over
    "errors that pass": BAD | {"admit/dev": [THROTTLED, admitted()], "dev/app": [looked("waiting", "app"), THROTTLED, looked("ready", "app")],
                               "test/app": [THROTTLED]},
}
INPUTS = {"the input chooses": {"environments": ["dev"]}, "the survey fails": {"environments": ["prod"]}}


def key_of(payload):
    """What a task's answers stand under."""
    if payload["task"] == "reconcile":
        return f"{payload['environment']}/{payload['phase']}"
    return f"admit/{payload['environment']['name']}" if payload["task"] == "admit" else payload["task"]


def scripted_lambda(answers, asked):
    """What replaces moto's Lambda client."""
    def invoke(parameters, region, state_credentials):
        payload = json.loads(parameters["Payload"])
        key = key_of(payload)
        answer = answers[key][min(len(asked[key]), len(answers[key]) - 1)]
        asked[key].append(payload)
        if "cause" in answer:
            return {"FunctionError": "Unhandled", "Payload": json.loads(answer["cause"]), "StatusCode": 200}
        return {"ExecutedVersion": "$LATEST", "Payload": answer, "StatusCode": 200}
    return invoke


def wait_a_quarter(_self, env, wait_seconds):
    """In place of LocalStack's waiting in real time."""
    env.program_state_event.wait(wait_seconds / 4)


def evaluate(text):
    """jsonata-python where LocalStack has a Java implementation."""
    try:
        return jsonata.Jsonata(text).evaluate(None)
    except Exception as error:
        raise moto_jsonata.JSONataException("UNKNOWN", str(error)) from error


def run_on_moto(definition, answers, monkeypatch, given=None):
    asked = collections.defaultdict(list)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.setattr(moto_jsonata, "_eval_jsonata", evaluate)
    monkeypatch.setattr(WaitFunction, "_wait_interval", wait_a_quarter)
    monkeypatch.setattr(lambda_eval_utils, "_invoke_lambda_function", scripted_lambda(answers, asked))
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        client = boto3.client("stepfunctions", region_name="us-east-1")
        machine = client.create_state_machine(name="m", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/r")
        execution = client.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(given or {}))["executionArn"]
        end = time.monotonic() + 120
        while (seen := client.describe_execution(executionArn=execution))["status"] == "RUNNING" and time.monotonic() < end:
            time.sleep(0.05)
        events = client.get_execution_history(executionArn=execution, maxResults=1000)["events"]
        return {"status": seen["status"], "output": seen.get("output"), "error": seen.get("error"), "cause": seen.get("cause"),
                "events": events, "asked": asked}


def run_on_ours(definition, answers, build_dir, given=None):
    request = json.dumps({"definition": definition, "input": given or {}, "answers": answers})
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


def asked_for(run):
    """What each task was asked for, less what is each run's own."""
    own = {"execution", "execution_name", "started_at", "since", "began", "passed"}
    def shared(payload):
        return {member: shared(value) if member == "run" else value for member, value in payload.items() if member not in own}
    return {key: [shared(payload) for payload in payloads] for key, payloads in run["asked"].items()}


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


def ends(run):
    """How each environment's branch ended, as the report is told: (status, phase, reason). Who reads an error that halted
    one puts it in words."""
    [report] = run["asked"]["report"]
    def reason(end):
        return f"{end['error']}: {json.loads(end['cause'])['errorMessage']}" if "error" in end else end.get("reason")
    return {end["environment"]: (end["status"], end.get("phase"), reason(end)) for end in report["results"]}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_another_interpreter_takes_the_same_way(definition, build_dir, monkeypatch, scenario):
    ours = run_on_ours(definition, SCENARIOS[scenario], build_dir, INPUTS.get(scenario))
    theirs = run_on_moto(definition, SCENARIOS[scenario], monkeypatch, INPUTS.get(scenario))
    assert [ours.get(key) for key in ("status", "error", "cause")] == [theirs.get(key) for key in ("status", "error", "cause")]
    if ours["status"] == "SUCCEEDED":
        assert json.loads(ours["output"]) == json.loads(theirs["output"])
    assert asked_for(ours) == asked_for(theirs)
    if scenario == "errors that pass":
        for run in (ours, theirs):
            *_, before, after = (payload["passed"] for payload in run["asked"]["dev/app"])
            assert after >= before + 10, "the error's pause, and the time that its task took"
    assert visits(ours) == visits(theirs)


READY_END = ("ready", None, None)
ENDS = {
    "all goes well": {"dev": READY_END, "test": READY_END},
    "a phase fails": {"dev": READY_END, "test": ("halted", "db", "c: no capacity")},
    "a server is missing": {"dev": READY_END, "test": ("halted", "db", 'c: not found. Did you mean "C"?')},
    "the input chooses": {"dev": READY_END, "test": ("skipped", None, "")},
    "the survey fails": {},
    "admit is refused": {"dev": READY_END, "test": ("halted", "", "UnauthorizedOperation: You may not look.")},
    "admit halts": {"dev": READY_END, "test": ("halted", "app", "d: is gone")},
    "another run has it": {"dev": READY_END, "test": READY_END},
    "people decided otherwise": {"dev": READY_END, "test": ("skipped", None, "kept stopped until 22:00 by ada")},
    "errors that pass": {"dev": READY_END, "test": ("halted", "app", "RequestLimitExceeded: Request limit exceeded.")},
}


@pytest.mark.parametrize("scenario", ENDS)
def test_each_branch_ends_as_it_should(definition, build_dir, scenario):
    ours = run_on_ours(definition, SCENARIOS[scenario], build_dir, INPUTS.get(scenario))
    assert ends(ours) == ENDS[scenario]


def test_nothing_is_touched_where_the_survey_says_no(definition, build_dir):
    asked = run_on_ours(definition, SCENARIOS["an overlap halts both"], build_dir)["asked"]
    assert set(asked) == {"survey", "report", "notify", "unmute"}
    assert asked["unmute"][0]["environments"] == []
    asked = run_on_ours(definition, SCENARIOS["the survey fails"], build_dir, {"environments": ["prod"]})["asked"]
    assert set(asked) == {"survey", "report", "notify", "unmute"}
    assert asked["survey"][0]["chosen"] == ["prod"]
    assert asked["report"][0]["survey_error"] == 'UnknownEnvironment: the input\'s environments: found "prod"'


@pytest.mark.parametrize("scenario, looks", [("all goes well", 1), ("alarms follow", 2), ("alarms can't be looked at", 1), ("no alarm becomes well", 16),
                                             ("a server is missing", 1), ("the mail is lost", 1)])
def test_alarms_follow_the_report_and_those_that_stay_muted_are_seen(definition, build_dir, scenario, looks):
    ours = run_on_ours(definition, SCENARIOS[scenario], build_dir)
    asked = ours["asked"]["unmute"]
    assert [payload["looks"] for payload in asked] == list(range(16, 16 - looks, -1))
    ran = ["dev"] if scenario == "a server is missing" else ["dev", "test"]
    assert [environment["name"] for environment in asked[0]["environments"]] == ran
    assert (asked[0]["since"], asked[0]["unmute_after"]) == ("2026-11-24T06:04:00.000Z", 900)
    assert ours["asked"]["report"][0]["ran"] == ran
    error = {"a server is missing": "StartAborted", "alarms can't be looked at": "AlarmsStillMuted", "no alarm becomes well": "AlarmsStillMuted"}.get(scenario)
    assert ours["status"] == ("FAILED" if error else "SUCCEEDED")
    end = ours["events"][-1].get("executionFailedEventDetails", {})
    assert end.get("error") == error
    assert (error == "AlarmsStillMuted") == ("muted" in end.get("cause", ""))


def test_errors_that_pass_take_looks_and_a_minute(definition, build_dir):
    ours = run_on_ours(definition, GOOD | {"unmute": [THROTTLED, THROTTLED, unmuted("done")]}, build_dir)
    assert ours["status"] == "SUCCEEDED"
    waits = [event for event in ours["events"] if event.get("stateEnteredEventDetails", {}).get("name") == "Wait to unmute alarms"]
    assert len(waits) == 2
    assert json.loads(ours["output"])["notified"]["sent"] is True


def test_a_failed_evaluation_is_caught_here_and_not_there(definition, build_dir, monkeypatch):
    """An answer that lacks what the machine reads: both note EvaluationFailed for it. AWS's Catch covers a state's Output
    ("States.ALL" matches States.QueryEvaluationError), and so does ours: the environment halts and its neighbour goes on. moto
    evaluates Output when it is done with Catch, so that its execution ends there."""
    answers = BAD | {"test/db": [{}]}
    ours = run_on_ours(definition, answers, build_dir)
    theirs = run_on_moto(definition, answers, monkeypatch)
    assert all("EvaluationFailed" in [event["type"] for event in run["events"]] for run in (ours, theirs))
    assert theirs["status"] == "FAILED"
    assert [(end["phase"], end["error"]) for end in ours["asked"]["report"][0]["results"] if end["status"] == "halted"] == [
        ("db", "States.QueryEvaluationError")]
