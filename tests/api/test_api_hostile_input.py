"""What no well-meaning client sends."""
import http.client
import json
import urllib.parse

import pytest


@pytest.fixture
def post(serve):
    place = urllib.parse.urlparse(serve("--auth", "none").url)

    def send(body, target="AWSStepFunctions.ListStateMachines"):
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        connection.request("POST", "/", body, {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    return send


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"maxResults": 1e400}', b'{"maxResults": "1"}', b'{"nextToken": {}}'])
def test_bodies_that_are_no_request_are_refused_and_the_server_goes_on(post, body):
    status, answer = post(body)
    assert status == 400
    assert json.loads(answer)["__type"] in ("SerializationException", "ValidationException")
    assert post(b"{}")[0] == 200


@pytest.mark.parametrize("target", ["", "AWSStepFunctions.", "AWSStepFunctions.Nothing", "DynamoDB_20120810.ListTables", "x" * 5000])
def test_unknown_calls_are_named_so(post, target):
    status, answer = post(b"{}", target)
    assert (status, json.loads(answer)["__type"]) == (400, "UnknownOperationException")


def test_a_body_past_the_limit_is_refused(post):
    assert post(b" " * (9 << 20))[0] == 413


def test_a_definition_past_the_limit_is_refused(post):
    body = json.dumps({"name": "m", "roleArn": "arn:aws:iam::123456789012:role/r", "definition": " " * ((1 << 20) + 1)}).encode()
    status, answer = post(body, "AWSStepFunctions.CreateStateMachine")
    assert (status, json.loads(answer)["__type"]) == (400, "ValidationException")
