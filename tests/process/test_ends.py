"""A first SIGINT or SIGTERM ends a process within 5 s whatever hangs, a second one at once."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

import pytest

from crowds import Client
from program import CLEAN, status_of, wait_until

FLEET = pathlib.Path(__file__).resolve().parents[2] / "examples/lower-environments.yaml"
SERVE = ["serve", "--port", "0", "--auth", "none", "--state-dir", "state"]
SIMULATE = ["simulate", "-f", FLEET]
SOON = 5  # seconds
AT_ONCE = 1


def end(process, *signals, within):
    """Sends the signals, one after the other has been taken; the end must come so soon after the last. Gives the exit code, as
    shells count."""
    for number in signals:
        # Two that wait together may be taken in another order, or as one.
        wait_until(lambda: not waits_for_signal(process.pid))
        began = time.monotonic()
        process.send_signal(number)
    code = process.wait(timeout=30)
    assert time.monotonic() - began < within
    return 128 - code if code < 0 else code


def waits_for_signal(pid):
    return int(status_of(pid).get("ShdPnd", "0"), 16) != 0


@pytest.mark.parametrize("arguments", [SERVE, SIMULATE], ids=lambda arguments: arguments[0])
def test_servers_end_whoever_is_connected(serving, arguments):
    server = serving(*arguments)
    address = (server.place.hostname, server.place.port)
    with socket.create_connection(address) as idle, socket.create_connection(address) as half:
        half.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc")
        idle.sendall(b"POST / HT")
        assert end(server.process, signal.SIGTERM, within=SOON) == 0


@pytest.fixture
def silent():
    """An endpoint that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        yield listener


@pytest.fixture
def hanging(serving, silent):
    """A server whose task hangs."""
    server = serving(*SERVE, AWS_ENDPOINT_URL_LAMBDA=f"http://127.0.0.1:{silent.getsockname()[1]}", AWS_REGION="us-east-1")
    client = Client(server.place)
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:hangs", "End": True}
    client.call("StartExecution", stateMachineArn=client.machine("hangs", "A", {"A": task}))
    connection, _ = silent.accept()
    with connection:
        yield server.process


def test_a_hung_task_does_not_hold_the_server(hanging):
    assert end(hanging, signal.SIGTERM, within=SOON) == 0
    assert "left behind" in hanging.stderr.read()


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_the_second_signal_ends_a_server_at_once(hanging, second):
    assert end(hanging, signal.SIGTERM, second, within=AT_ONCE) == 128 + second


@pytest.fixture
def starting(lamplighter, tmp_path):
    """A server that can't begin yet: its configuration is a pipe whose other end says nothing."""
    os.mkfifo(tmp_path / "pipe")
    other_end = os.open(tmp_path / "pipe", os.O_RDWR)
    process = subprocess.Popen([lamplighter, *SERVE], stderr=subprocess.PIPE, text=True, cwd=tmp_path,
                               env={**CLEAN, "AWS_CONFIG_FILE": str(tmp_path / "pipe")})
    wait_until(lambda: any(str(tmp_path) in path for path in open_files(process.pid)))
    yield process
    process.kill()
    process.communicate()
    os.close(other_end)


def open_files(pid):
    directory = pathlib.Path(f"/proc/{pid}/fd")
    return [os.readlink(each) for each in directory.iterdir() if each.is_symlink()]


def test_a_server_that_cant_begin_ends_too(starting):
    assert end(starting, signal.SIGTERM, within=SOON) == 0
    assert "left behind" in starting.stderr.read()


def test_the_second_signal_ends_a_server_that_cant_begin_at_once(starting):
    assert end(starting, signal.SIGTERM, signal.SIGTERM, within=AT_ONCE) == 128 + signal.SIGTERM


@pytest.fixture
def run(serving, lamplighter, tmp_path):
    """A `start` whose cloud no longer answers."""
    cloud = serving(*SIMULATE, "--speed", "60")
    process = subprocess.Popen(
        [lamplighter, "start", "-f", FLEET, "--state-dir", "state", "--speed", "60", "--endpoint-url", cloud.place.geturl()],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env={**CLEAN, "AWS_ACCESS_KEY_ID": "simulated", "AWS_SECRET_ACCESS_KEY": "simulated"})
    process.stdout.readline()
    cloud.process.send_signal(signal.SIGSTOP)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
def test_a_run_whose_cloud_is_silent_ends_and_says_how_it_goes_on(run, first):
    assert end(run, first, within=SOON) == 130
    said = run.stderr.read()
    assert re.search(r"^  lamplighter resume .*--state-dir state", said, flags=re.MULTILINE)


@pytest.mark.parametrize("signals", [(signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGTERM)], ids=["same", "different"])
def test_the_second_signal_ends_a_run_at_once(run, signals):
    assert end(run, *signals, within=AT_ONCE) == 128 + signals[-1]


def test_a_simulated_run_ends_at_once(lamplighter, tmp_path):
    process = subprocess.Popen([lamplighter, "start", "-f", FLEET, "--simulate=1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, cwd=tmp_path, env=CLEAN)
    try:
        process.stdout.readline()
        assert end(process, signal.SIGTERM, within=AT_ONCE) == 130
        assert "stopped" in process.stderr.read()
    finally:
        process.kill()
        process.communicate()
