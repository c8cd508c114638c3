"""How the program treats its standard streams, what it reads, and the signals that end it."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLEET = ROOT / "examples/lower-environments.yaml"
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}


def run(*command, **options):
    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.run([*map(str, command)], stderr=subprocess.PIPE, text=True, timeout=60, env={**CLEAN, **options.pop("env", {})}, **options)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["validate", "-f", FLEET], ["compile", "start", "-f", FLEET],
     ["start", "-f", FLEET, "--simulate", "--json"], ["validate-definition", "/dev/null"]],
    ids=lambda arguments: arguments[0])
def test_what_cant_be_written_is_an_error(lamplighter, arguments, tmp_path):
    with open("/dev/full", "w") as full:
        done = run(lamplighter, *arguments, stdout=full, cwd=tmp_path)
    assert done.returncode in ((1, 2) if arguments[0] == "validate-definition" else (1,)), done.stderr
    assert "can't write to standard output" in done.stderr


def test_nothing_takes_a_closed_descriptors_place(lamplighter, tmp_path):
    """With 0, 1 and 2 closed, the simulated cloud's listener would be one of them."""
    process = subprocess.Popen(
        ["sh", "-c", 'exec "$0" simulate -f "$1" <&- >&- 2>&-', str(lamplighter), str(FLEET)], env=CLEAN, cwd=tmp_path)
    try:
        wait_until(lambda: sockets(process.pid))
        assert [os.readlink(f"/proc/{process.pid}/fd/{number}") for number in range(3)] == ["/dev/null"] * 3
    finally:
        process.kill()
        process.wait()


def sockets(pid):
    found = []
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            found += [number] if os.readlink(f"/proc/{pid}/fd/{number}").startswith("socket:") else []
        except OSError:
            pass
    return found


@pytest.mark.parametrize("what", ["fleet", "config"])
def test_a_pipe_that_nobody_writes_to_does_not_hang(lamplighter, tmp_path, what):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if what == "fleet":
        done = run(lamplighter, "validate", "-f", pipe)
        assert done.returncode == 2
    else:
        done = run(lamplighter, "plan", "start", "-f", FLEET, env={"AWS_CONFIG_FILE": str(pipe), "AWS_EC2_METADATA_DISABLED": "true"})
        assert done.returncode in (2, 3), done.stderr


def test_a_fleet_may_come_through_a_pipe(lamplighter):
    done = run("bash", "-c", 'exec "$0" validate -f <(cat "$1")', lamplighter, FLEET)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def serving(lamplighter, tmp_path):
    """Starts a verb that serves; gives its process and address."""
    running = []

    def start(*arguments, **variables):
        process = subprocess.Popen([lamplighter, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={
            **CLEAN, "AWS_EC2_METADATA_DISABLED": "true", **variables}, cwd=tmp_path)
        running.append(process)
        for line in process.stdout:
            if "http://" in line:
                return process, urllib.parse.urlparse(next(word for word in line.split() if word.startswith("http://")))
        raise AssertionError(process.stderr.read())
    yield start
    for process in running:
        process.kill()
        process.wait()


VERBS = {"serve": ["serve", "--port", "0", "--auth", "none", "--state-dir", "state"], "simulate": ["simulate", "-f", FLEET]}


@pytest.mark.parametrize("verb", VERBS)
def test_servers_end_at_sigterm_whoever_is_connected(serving, verb):
    process, place = serving(*VERBS[verb])
    with socket.create_connection((place.hostname, place.port)) as idle, socket.create_connection((place.hostname, place.port)) as half:
        half.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc")
        idle.sendall(b"POST / HT")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0



@pytest.fixture
def silent():
    """An endpoint that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        yield listener


def call(place, action, **parameters):
    request = urllib.request.Request(place.geturl(), json.dumps(parameters).encode(), {"X-Amz-Target": f"AWSStepFunctions.{action}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


@pytest.mark.parametrize("signals, exit_code, words", [(1, 0, "left behind"), (2, 128 + signal.SIGTERM, "")])
def test_a_hung_task_does_not_hold_the_server(serving, silent, signals, exit_code, words):
    process, place = serving(*VERBS["serve"], AWS_ENDPOINT_URL_LAMBDA=f"http://127.0.0.1:{silent.getsockname()[1]}", AWS_REGION="us-east-1")
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:hangs", "End": True}
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": task}})
    machine = call(place, "CreateStateMachine", name="m", definition=definition, roleArn="arn:aws:iam::123456789012:role/r")
    call(place, "StartExecution", stateMachineArn=machine["stateMachineArn"])
    connection, _ = silent.accept()
    with connection:
        for _ in range(signals):
            process.send_signal(signal.SIGTERM)
            # Two signals that wait together count as one: the first must have been taken.
            wait_until(lambda: not pending(process.pid))
        assert process.wait(timeout=20) == exit_code
    assert words in process.stderr.read()


def pending(pid):
    """Whether a signal waits for the process to take it."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return any(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("ShdPnd"))


def wait_until(holds, seconds=20):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
