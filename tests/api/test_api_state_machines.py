"""State machines through boto3."""
import json

import pytest

from api_server import ROLE, create, machine

PASS = machine("A", A={"Type": "Pass", "End": True})
OTHER = machine("B", B={"Type": "Succeed"})


def test_a_machine_is_described_as_it_was_made_and_listed(client):
    arn = create(client, PASS, "first")
    assert arn == "arn:aws:states:us-east-1:123456789012:stateMachine:first"
    seen = client.describe_state_machine(stateMachineArn=arn)
    assert (seen["name"], seen["status"], seen["type"], seen["definition"], seen["roleArn"]) == ("first", "ACTIVE", "STANDARD", PASS, ROLE)
    assert [m["name"] for m in client.list_state_machines()["stateMachines"]] == ["first"]


def test_making_the_same_again_is_idempotent_and_another_is_a_conflict(client):
    assert create(client, PASS) == create(client, PASS)
    with pytest.raises(client.exceptions.StateMachineAlreadyExists):
        create(client, OTHER)


def test_an_update_changes_the_definition_and_the_revision(client):
    arn = create(client, PASS)
    before = client.describe_state_machine(stateMachineArn=arn)
    updated = client.update_state_machine(stateMachineArn=arn, definition=OTHER)
    after = client.describe_state_machine(stateMachineArn=arn)
    assert after["definition"] == OTHER
    assert updated["updateDate"] >= before["creationDate"]
    assert after["revisionId"] == updated["revisionId"] != before.get("revisionId")


def test_lists_come_in_pages(client):
    names = [f"machine-{n}" for n in range(5)]
    for name in names:
        create(client, PASS, name)
    pages = client.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 2})
    sizes, seen = [], []
    for page in pages:
        sizes.append(len(page["stateMachines"]))
        seen += [m["name"] for m in page["stateMachines"]]
    assert sorted(seen) == names and max(sizes) == 2


def test_a_deleted_machine_is_gone(client):
    arn = create(client, PASS)
    client.delete_state_machine(stateMachineArn=arn)
    client.delete_state_machine(stateMachineArn=arn)
    assert client.list_state_machines()["stateMachines"] == []
    with pytest.raises(client.exceptions.StateMachineDoesNotExist):
        client.describe_state_machine(stateMachineArn=arn)
    with pytest.raises(client.exceptions.StateMachineDoesNotExist):
        client.start_execution(stateMachineArn=arn)


def test_tags_are_kept(client):
    arn = client.create_state_machine(name="m", definition=PASS, roleArn=ROLE, tags=[{"key": "a", "value": "1"}])["stateMachineArn"]
    client.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}])
    client.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "b", "value": "2"}]


def test_what_is_wrong_with_a_definition_is_said(client):
    with pytest.raises(client.exceptions.InvalidDefinition) as caught:
        create(client, machine("Nowhere", A={"Type": "Pass", "Next": "Missing"}))
    assert "Nowhere" in str(caught.value) and "Missing" in str(caught.value)


def test_validation_gives_every_problem_with_its_place(client):
    good = client.validate_state_machine_definition(definition=PASS)
    assert (good["result"], good["diagnostics"], good["truncated"]) == ("OK", [], False)
    bad = client.validate_state_machine_definition(
        definition=machine("A", A={"Type": "Pass", "Next": "Missing"}, B={"Type": "Wait", "Seconds": -1, "End": True}))
    assert bad["result"] == "FAIL"
    assert all(d["severity"] == "ERROR" and d["code"] and d["message"] for d in bad["diagnostics"])
    assert {d["location"].split("/")[2] for d in bad["diagnostics"]} >= {"A", "B"}


@pytest.mark.parametrize("change, error", [
    ({"name": "a b"}, "InvalidName"),
    ({"definition": "{"}, "InvalidDefinition"),
    ({"definition": json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {}, "End": True}}})}, "InvalidDefinition"),
    ({"type": "EXPRESS"}, "StateMachineTypeNotSupported"),
    ({"name": "x" * 81}, "ValidationException"),
])
def test_bad_machines_are_refused_by_name(client, change, error):
    with pytest.raises(client.exceptions.ClientError) as caught:
        client.create_state_machine(**{"name": "m", "definition": PASS, "roleArn": ROLE, **change})
    assert caught.value.response["Error"]["Code"] == error
