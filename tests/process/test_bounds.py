"""Whatever crowd comes to `lamplighter serve`, it stays small and others are served."""
import json

import pytest

import crowds
from program import keys_of, wait_until

MOST = 300  # megabytes
TARGET = "AWSStepFunctions.ListStateMachines"
SERVE = ["serve", "--port", "0", "--state-dir", "state"]


@pytest.fixture
def server(serving):
    return serving(*SERVE, "--auth", "none")


def test_unfinished_uploads(server):
    with crowds.Neighbour(server.place) as neighbour, crowds.uploads(server.place, 250, sent=1 << 20):
        neighbour.wait_for(10)
    assert server.peak_megabytes() < MOST


def test_connections_that_say_nothing(server):
    with crowds.Neighbour(server.place) as neighbour, crowds.connections(server.place, 256):
        neighbour.wait_for(10)
    assert server.peak_megabytes() < MOST


def test_ten_thousand_starts(server):
    machine = crowds.Client(server.place).machine("waits", "A", {"A": {"Type": "Wait", "Seconds": 86_400, "End": True}})
    with crowds.Neighbour(server.place) as neighbour:
        crowds.start_many(server.place, machine, 10_000)
    assert len(neighbour.delays) > 10
    assert server.peak_megabytes() < MOST


def test_answers_that_nobody_reads(server):
    client = crowds.Client(server.place)
    states = {f"S{n}": {"Type": "Pass", "Next": f"S{n + 1}"} for n in range(10)} | {"S10": {"Type": "Succeed"}}
    machine = client.machine("large", "S0", states)
    execution = client.call("StartExecution", stateMachineArn=machine, input=json.dumps("x" * 260_000))["executionArn"]
    wait_until(lambda: client.call("DescribeExecution", executionArn=execution)["status"] == "SUCCEEDED")
    assert "nextToken" in client.call("GetExecutionHistory", executionArn=execution), "it is too long for one answer"
    request = crowds.post(server.place, "GetExecutionHistory", json.dumps({"executionArn": execution}).encode())
    with crowds.Neighbour(server.place) as neighbour, crowds.connections(server.place, 200) as sockets:
        crowds.send_all(sockets, request)
        neighbour.wait_for(10)
    assert server.peak_megabytes() < MOST


def test_bodies_of_very_many_values(server):
    body = b'{"maxResults": [' + b"1," * (crowds.UPLOAD // 2 - 100) + b"1]}"
    request = crowds.post(server.place, "ListStateMachines", body)
    with crowds.Neighbour(server.place) as neighbour, crowds.connections(server.place, 16) as sockets:
        crowds.send_all(sockets, request)
        neighbour.wait_for(10)
    assert server.peak_megabytes() < MOST


STRANGERS = {
    "nobody": lambda keys: None,
    "another": lambda keys: {**keys, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE"},
    "a guess": lambda keys: {**keys, "SecretAccessKey": "guessed"},
}


@pytest.mark.parametrize("who", STRANGERS)
def test_uploads_of_strangers_are_refused_unread(serving, lamplighter, tmp_path, who):
    server = serving(*SERVE)
    keys = keys_of(lamplighter, tmp_path / "state")
    headers = crowds.signed(server.place, b"", {"X-Amz-Target": TARGET, "X-Amz-Content-Sha256": "0" * 64}, STRANGERS[who](keys))
    with crowds.Neighbour(server.place, keys) as neighbour:
        with crowds.uploads(server.place, 250, sent=1 << 20, headers=headers) as sockets:
            assert all(is_refused(each) for each in sockets)
            neighbour.wait_for(10)
    assert server.peak_megabytes() < 60, "a header and 64 KiB each"


def is_refused(connection):
    connection.settimeout(20)
    try:
        return connection.recv(12) == b"HTTP/1.1 403"
    except ConnectionResetError:  # it sent more than anybody reads
        return True


def test_uploads_whose_signature_needs_their_body(serving, lamplighter, tmp_path):
    server = serving(*SERVE)
    keys = keys_of(lamplighter, tmp_path / "state")
    headers = crowds.signed(server.place, b"", {"X-Amz-Target": TARGET}, keys)
    with crowds.Neighbour(server.place, keys) as neighbour, crowds.uploads(server.place, 250, sent=1 << 20, headers=headers):
        neighbour.wait_for(10)
    assert server.peak_megabytes() < MOST
