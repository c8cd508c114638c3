"""Executions and their histories through boto3."""
import datetime
import json

import pytest

from api_server import create, machine, wait_for_end

ECHO = machine("A", A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Output": "{% $states.input %}", "End": True})
SLEEP = machine("A", A={"Type": "Wait", "Seconds": 3600, "End": True})


def test_an_execution_runs_to_its_output(client):
    arn = create(client, ECHO)
    before = datetime.datetime.now(datetime.timezone.utc)
    started = client.start_execution(stateMachineArn=arn, name="run", input='{"x": 1}')
    assert started["executionArn"] == "arn:aws:states:us-east-1:123456789012:execution:machine:run"
    assert abs(started["startDate"] - before) < datetime.timedelta(seconds=5)
    seen = wait_for_end(client, started["executionArn"])
    assert seen["status"] == "SUCCEEDED"
    assert json.loads(seen["output"]) == {"x": 1}
    assert seen["stopDate"] >= seen["startDate"]


def test_a_failure_has_error_and_cause(client):
    arn = create(client, machine("A", A={"Type": "Fail", "Error": "Broken", "Cause": "on purpose"}))
    seen = wait_for_end(client, client.start_execution(stateMachineArn=arn)["executionArn"])
    assert (seen["status"], seen["error"], seen["cause"]) == ("FAILED", "Broken", "on purpose")


def test_starting_again_by_name_is_idempotent_while_it_runs_with_the_same_input(client):
    arn = create(client, SLEEP)
    first = client.start_execution(stateMachineArn=arn, name="run", input='{"x": 1}')
    again = client.start_execution(stateMachineArn=arn, name="run", input='{"x": 1}')
    assert (again["executionArn"], again["startDate"]) == (first["executionArn"], first["startDate"])
    with pytest.raises(client.exceptions.ExecutionAlreadyExists):
        client.start_execution(stateMachineArn=arn, name="run", input='{"x": 2}')
    client.stop_execution(executionArn=first["executionArn"])
    with pytest.raises(client.exceptions.ExecutionAlreadyExists):
        client.start_execution(stateMachineArn=arn, name="run", input='{"x": 1}')
    assert len(client.list_executions(stateMachineArn=arn)["executions"]) == 1


def test_a_stopped_execution_is_aborted_with_the_reason_given(client):
    arn = client.start_execution(stateMachineArn=create(client, SLEEP))["executionArn"]
    stopped = client.stop_execution(executionArn=arn, error="Enough", cause="it is late")
    seen = client.describe_execution(executionArn=arn)
    assert (seen["status"], seen["error"], seen["cause"], seen["stopDate"]) == ("ABORTED", "Enough", "it is late", stopped["stopDate"])
    last = client.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=1)["events"][0]
    assert last["type"] == "ExecutionAborted"
    assert last["executionAbortedEventDetails"] == {"error": "Enough", "cause": "it is late"}


def test_history_forwards_backwards_and_in_pages(client):
    arn = client.start_execution(stateMachineArn=create(client, ECHO), input='{"x": 1}')["executionArn"]
    wait_for_end(client, arn)
    events = client.get_execution_history(executionArn=arn)["events"]
    assert [(e["id"], e["previousEventId"], e["type"]) for e in events] == [
        (1, 0, "ExecutionStarted"), (2, 0, "PassStateEntered"), (3, 2, "PassStateExited"), (4, 3, "PassStateEntered"),
        (5, 4, "PassStateExited"), (6, 5, "ExecutionSucceeded")]
    assert events[1]["stateEnteredEventDetails"] == {"name": "A", "input": '{"x": 1}', "inputDetails": {"truncated": False}}
    assert isinstance(events[0]["timestamp"], datetime.datetime)
    for reverse in (False, True):
        pages = list(client.get_paginator("get_execution_history").paginate(
            executionArn=arn, reverseOrder=reverse, PaginationConfig={"PageSize": 4}))
        assert [len(p["events"]) for p in pages] == [4, 2]
        paged = [e["id"] for p in pages for e in p["events"]]
        assert paged == sorted(paged, reverse=reverse) and len(paged) == 6
    bare = client.get_execution_history(executionArn=arn, includeExecutionData=False)["events"]
    assert bare[1]["stateEnteredEventDetails"] == {"name": "A"}


def test_lists_are_newest_first_filtered_and_paged(client):
    sleeping = create(client, SLEEP, "sleeping")
    arns = [client.start_execution(stateMachineArn=sleeping, name=f"run-{n}")["executionArn"] for n in range(4)]
    client.stop_execution(executionArn=arns[1])
    listed = [e["executionArn"] for p in client.get_paginator("list_executions").paginate(
        stateMachineArn=sleeping, PaginationConfig={"PageSize": 3}) for e in p["executions"]]
    assert listed == arns[::-1]
    running = client.list_executions(stateMachineArn=sleeping, statusFilter="RUNNING")["executions"]
    assert [e["executionArn"] for e in running] == [arns[3], arns[2], arns[0]]


def test_an_execution_keeps_the_definition_it_started_with(client):
    arn = create(client, SLEEP)
    execution = client.start_execution(stateMachineArn=arn)["executionArn"]
    client.update_state_machine(stateMachineArn=arn, definition=ECHO)
    seen = client.describe_state_machine_for_execution(executionArn=execution)
    assert (seen["stateMachineArn"], seen["name"], seen["definition"]) == (arn, "machine", SLEEP)


@pytest.mark.parametrize("action, parameters, error", [
    ("describe_execution", {"executionArn": "arn:aws:states:us-east-1:123456789012:execution:machine:none"}, "ExecutionDoesNotExist"),
    ("describe_execution", {"executionArn": "nonsense"}, "InvalidArn"),
    ("get_execution_history", {"executionArn": "arn:aws:states:us-east-1:123456789012:execution:machine:none"}, "ExecutionDoesNotExist"),
    ("stop_execution", {"executionArn": "arn:aws:states:us-east-1:123456789012:execution:machine:none"}, "ExecutionDoesNotExist"),
    ("start_execution", {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:none"}, "StateMachineDoesNotExist"),
    ("start_execution", {"stateMachineArn": "MACHINE", "input": "{"}, "InvalidExecutionInput"),
    ("start_execution", {"stateMachineArn": "MACHINE", "name": "a/b"}, "InvalidName"),
    ("start_execution", {"stateMachineArn": "MACHINE", "input": json.dumps("x" * 262_144)}, "ValidationException"),
    ("list_executions", {"stateMachineArn": "MACHINE", "nextToken": "nonsense"}, "InvalidToken"),
    ("list_executions", {"stateMachineArn": "MACHINE", "maxResults": 1001}, "ValidationException"),
    ("send_task_success", {"taskToken": "x", "output": "{}"}, "UnknownOperationException"),
])
def test_errors_have_the_services_names(client, action, parameters, error):
    machine_arn = create(client, SLEEP)
    parameters = {k: machine_arn if v == "MACHINE" else v for k, v in parameters.items()}
    with pytest.raises(client.exceptions.ClientError) as caught:
        getattr(client, action)(**parameters)
    assert caught.value.response["Error"]["Code"] == error
    assert caught.value.response["Error"]["Message"]


def test_executions_survive_a_kill_and_go_on(serve):
    first = serve()
    client = first.client()
    arn = create(client, machine("A", A={"Type": "Wait", "Seconds": 2, "Next": "B"}, B={"Type": "Pass", "End": True}))
    execution = client.start_execution(stateMachineArn=arn, input='{"kept": true}')["executionArn"]
    first.kill()
    client = serve().client()
    seen = wait_for_end(client, execution)
    assert seen["status"] == "SUCCEEDED"
    assert json.loads(seen["output"]) == {"kept": True}
    types = [e["type"] for e in client.get_execution_history(executionArn=execution)["events"]]
    assert types == ["ExecutionStarted", "WaitStateEntered", "WaitStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
