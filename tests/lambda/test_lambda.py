"""lambda.zip under AWS's Runtime Interface Emulator, against moto."""

import hashlib
import hmac
import http.server
import json
import os
import subprocess
import sys
import threading
import urllib.request
import zipfile

import boto3
import pytest
from moto.server import ThreadedMotoServer

sys.path.insert(0, os.path.dirname(__file__))
import emulator  # noqa: E402

REGION = "us-east-1"
FLEET = """
fleet: classic
region: us-east-1
environments:
  dev: {phases: [{name: db, servers: [test2, test7]}, {name: app, servers: [test1]}]}
  test: {phases: [{name: db, servers: {tags: {Tier: nothing-has-this}}}]}
notify: {sns: mailme}
classic: [dev/app, dev/db, test/db]
"""


def package(build_dir, output, *files):
    environment = {**os.environ, "LAMPLIGHTER_BUILD_DIR": str(build_dir)}
    script = build_dir.parent.parent / "script/package-lambda"
    subprocess.run([script, output, *files], env=environment, check=True, timeout=300)
    return output


@pytest.fixture(scope="module")
def zip_file(build_dir, tmp_path_factory):
    folder = tmp_path_factory.mktemp("zip")
    (folder / "fleet.yaml").write_text(FLEET)
    return package(build_dir, folder / "lambda.zip", folder / "fleet.yaml")


@pytest.fixture(scope="module")
def root(build_dir, zip_file, tmp_path_factory):
    return emulator.make_root(tmp_path_factory.mktemp("root"), zip_file, emulator.build_emulator(build_dir))


@pytest.fixture(scope="module")
def moto():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(moto):
    """moto's URL, empty."""
    reset = urllib.request.Request(moto + "/moto-api/reset", method="POST")
    urllib.request.urlopen(reset, timeout=30).close()
    return moto


KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def client(service, url):
    return boto3.client(service, endpoint_url=url, region_name=REGION, **KEYS)


def make_server(url, name, running=False):
    ec2 = client("ec2", url)
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
    made = ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, TagSpecifications=tags)
    instance_id = made["Instances"][0]["InstanceId"]
    if not running:
        ec2.stop_instances(InstanceIds=[instance_id])
    return instance_id


def states(url):
    """{name: state} of every server."""
    reservations = client("ec2", url).describe_instances()["Reservations"]
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    return {instance["Tags"][0]["Value"]: instance["State"]["Name"] for instance in instances}


@pytest.fixture(scope="module")
def sandbox(root, moto, tmp_path_factory):
    environment = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION}
    environment |= {"AWS_ENDPOINT_URL": moto, "AWS_LAMBDA_FUNCTION_TIMEOUT": "100"}
    with emulator.running(root, tmp_path_factory.mktemp("log") / "log", environment) as running:
        yield running


@pytest.fixture
def function(sandbox):
    """The function, warm, with a log that begins here."""
    sandbox.begin_log()
    return sandbox


def inbox(url):
    """A queue that gets what the topic `mailme` gets; a function that reads its messages."""
    topic = client("sns", url).create_topic(Name="mailme")["TopicArn"]
    sqs = client("sqs", url)
    queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client("sns", url).subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def read():
        return [json.loads(message["Body"]) for message in sqs.receive_message(QueueUrl=queue).get("Messages", [])]

    return read


def environment(*names):
    """dev with one phase of these servers, as a task is told of it."""
    phase = {"name": "db", "servers": {"names": list(names), "ids": [], "tags": []}, "timeout": 900}
    return {"name": "dev", "region": REGION, "phases": [phase]}


def admitted(function, *names):
    """The members of the phase."""
    answer = function.invoke({"task": "admit", "action": "start", "fleet": "f", "environment": environment(*names),
                              "execution": "arn:the-execution"})
    assert answer["status"] == "run", answer
    return answer["members"]["db"]


def reconcile(**changes):
    payload = {
        "task": "reconcile", "action": "start", "fleet": "f", "environment": "dev", "phase": "db", "region": REGION,
        "members": {"first_states": {"stopped": ["i-0a"]}}, "room": 20_000, "since": "2026-11-24T06:00:00.000Z", "passed": 0,
        "timeout": 900, "looks": 100, "pause": 1, "alarms": "dimension", "execution": "arn:the-execution", "memory": None,
    }  # fmt: skip
    return {**payload, **changes}


def test_the_zip_is_small_and_reproducible(zip_file, build_dir, tmp_path):
    assert zip_file.stat().st_size < 15_000_000
    with zipfile.ZipFile(zip_file) as archive:
        assert {"bootstrap", "lib/ld-linux-x86-64.so.2", "lib/libc.so.6", "fleet.yaml"} <= set(archive.namelist())
    again = package(build_dir, tmp_path / "again.zip", zip_file.parent / "fleet.yaml")
    assert again.read_bytes() == zip_file.read_bytes()


def test_reconcile_starts_a_phase(function, aws):
    make_server(aws, "test2")
    make_server(aws, "test7", running=True)
    members = admitted(function, "test2", "test7")
    assert sorted(members["first_states"]) == ["running", "stopped"]
    first = function.invoke(reconcile(members=members))
    assert first["status"] == "waiting", first
    second = function.invoke(reconcile(members=members, passed=first["passed"], memory=first["memory"]))
    assert second["status"] == "ready", second
    assert second["phase"]["changed"] == 1
    assert states(aws) == {"test2": "running", "test7": "running"}


def test_each_thing_done_is_a_line_of_json_with_the_execution(function, aws):
    instance_id = make_server(aws, "test2")
    members = admitted(function, "test2")
    function.begin_log()
    function.invoke(reconcile(members=members))
    records = function.log_records()
    started = [record for record in records if record.get("call") == "ec2:StartInstances"]
    assert [record["resources"] for record in started] == [[instance_id]]
    assert {record["execution"] for record in records} == {"arn:the-execution"}
    assert len({record["requestId"] for record in records}) == 1
    assert any(line.startswith("start dev db: waiting, 0 of 1 servers ready") for line in function.log_lines())


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.got.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def hook():
    """A webhook's receiver on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.got, server.status = [], 200
    server.url = f"http://127.0.0.1:{server.server_port}/canary-of-the-url"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_webhook_and_a_bus_are_told_and_their_secrets_are_in_no_log(function, aws, hook):
    ssm = client("ssm", aws)
    ssm.put_parameter(Name="/hooks/json", Value=hook.url, Type="SecureString")
    ssm.put_parameter(Name="/hooks/key", Value="canary-of-the-key", Type="SecureString")
    environments = [{"name": "dev", "status": "ready", "phase": "", "reason": ""}]
    task = {"task": "notify", "subject": "START STATUS: SUCCESS - f", "body": "all is well", "execution": "arn:x",
            "facts": {"kind": "report", "fleet": "f", "action": "start", "environments": environments}}
    webhook = {"url": {"ssm": "/hooks/json"}, "format": "json", "secret": {"ssm": "/hooks/key"}, "timeout": 10, "region": REGION}
    function.begin_log()
    assert function.invoke({**task, "webhook": webhook}) == {"sent": True, "message_id": "", "error": ""}
    [(path, headers, body)] = hook.got
    assert path == "/canary-of-the-url" and json.loads(body)["environments"] == environments
    signed = f"v1:{headers['X-Lamplighter-Timestamp']}:".encode() + body
    assert headers["X-Lamplighter-Signature"] == "v1=" + hmac.new(b"canary-of-the-key", signed, hashlib.sha256).hexdigest()
    hook.status = 404
    refused = function.invoke({**task, "webhook": webhook})
    assert refused["sent"] is False and refused["error"] == "the webhook of the SSM parameter /hooks/json answered 404"
    assert function.invoke({**task, "bus": "default", "region": REGION})["sent"] is True
    assert "canary" not in "\n".join(function.log_lines())


def test_survey_says_what_is_in_the_way(function, aws):
    make_server(aws, "test2")
    answer = function.invoke({"task": "survey", "action": "start", "fleet": "f", "chosen": [], "execution": "arn:x", "environments": [
        environment("test2"), {**environment("Test2"), "name": "test"}]})
    run, halted = answer["environments"]
    assert (run["status"], halted["status"], halted["phase"]) == ("run", "halted", "db"), answer
    assert 'did you mean "test2"?' in halted["reason"]
    assert states(aws) == {"test2": "stopped"}


def test_report_is_made_and_mailed(function, aws):
    make_server(aws, "test2", running=True)
    read = inbox(aws)
    answer = function.invoke({
        "task": "report", "action": "start", "fleet": "f", "execution": "arn:x", "execution_name": "start-1",
        "started_at": "2026-11-24T06:00:00.000Z", "environments": [environment("test2")], "warnings": [], "survey_error": "",
        "results": [{"environment": "dev", "status": "ready", "members": {"db": admitted(function, "test2")}, "phases": [
            {"name": "db", "status": "ready", "reason": "", "servers_ready": 1, "servers_total": 1, "changed": 0,
             "started_at": "2026-11-24T06:00:00.000Z", "ended_at": "2026-11-24T06:01:00.000Z", "waiting_for": "",
             "servers": [], "alarms": {"disabled": 0, "enabled": 0, "reason": ""}}]}],
    })  # fmt: skip
    assert answer["status"] == "SUCCEEDED", answer
    sent = function.invoke({"task": "notify", "topic": "mailme", "region": REGION, "subject": answer["subject"],
                            "body": answer["body"], "execution": "arn:x", "repeat": False})
    assert sent["sent"] is True, sent
    (mail,) = read()
    assert mail["Subject"].startswith("START STATUS: SUCCESS")
    assert "test2" in mail["Message"]


@pytest.mark.parametrize(
    "event, error",
    [
        (b"{}", "InvalidPayload"),
        (b"[1]", "InvalidPayload"),
        (b'"task"', "InvalidPayload"),
        (b"{", "InvalidJson"),
        (b"[" * 5000 + b"]" * 5000, "InvalidJson"),
        ({"task": "dance"}, "InvalidPayload"),
        (reconcile(action="destroy"), "InvalidPayload"),
        (reconcile(members={"first_states": {"stopped": ["not packed"]}}), "InvalidPayload"),
        ({"task": "admit", "action": "start", "fleet": "f", "environment": "dev"}, "InvalidPayload"),
        ({"task": "survey", "action": "start", "fleet": "f", "environments": [], "chosen": ["dev"]}, "UnknownEnvironment"),
        ({"task": "notify", "topic": "", "region": REGION, "subject": "S", "body": "B"}, "InvalidPayload"),
        ({key: value for key, value in reconcile().items() if key != "members"}, "InvalidPayload"),
        (reconcile(memory={"x": 1}), "InvalidPayload"),
        (reconcile(padding="x" * 5_900_000, action=7), "InvalidPayload"),
        ({"phase_number": 3, "next_phase": True, "action": "start", "cw_log_phase": "x", "send_mail": False}, "InvalidEvent"),
        ({"phase_number": "0", "next_phase": True, "action": "start", "cw_log_phase": "x"}, "InvalidEvent"),
        ({"phase_number": -1, "next_phase": True, "action": "start", "cw_log_phase": "x"}, "InvalidEvent"),
        ({"phase_number": 0, "action": "start", "cw_log_phase": "x"}, "InvalidEvent"),
        ({"phase_number": 0, "next_phase": True, "action": "reboot", "cw_log_phase": "x"}, "InvalidEvent"),
        ({"phase_number": 0, "next_phase": True, "action": "start"}, "InvalidEvent"),
        ({"send_mail": True}, "InvalidEvent"),
        ({"send_mail": True, "subject": "S", "dap_state": {"test1": 1}}, "InvalidEvent"),
    ],
)  # fmt: skip
def test_bad_input_is_a_typed_error_and_touches_nothing(function, aws, event, error):
    for name in ("test1", "test2", "test7"):
        make_server(aws, name)
    before = states(aws)
    answer = function.invoke(event)
    assert answer["errorType"] == error, answer
    assert "expected" in answer["errorMessage"] or error == "InvalidJson"
    assert states(aws) == before
    assert not [record for record in function.log_records() if "call" in record]


def classic(number, action, next_phase=True):
    text = f"{action}ing servers"
    return {"phase_number": number, "next_phase": next_phase, "action": action, "cw_log_phase": text, "send_mail": False}


def test_classic_events_are_served_unchanged(function, aws):
    ids = {name: make_server(aws, name) for name in ("test1", "test2", "test7")}
    read = inbox(aws)
    db = function.invoke(classic(1, "start"))
    assert db == {
        "statusCode": 200,
        "next_phase": True,
        "initial_state": {
            name: {"InstanceId": ids[name], "State": "stopped", "is_running": False} for name in ("test2", "test7")
        },
    }
    assert states(aws) == {"test1": "stopped", "test2": "running", "test7": "running"}
    assert "STARTING SERVERS" in function.log_lines()
    app = function.invoke(classic(0, "start", next_phase="next_phase.$"))
    assert app["next_phase"] is True
    assert states(aws)["test1"] == "running"
    mail = {"send_mail": True, "subject": "START STATUS: SUCCESS", "dap_state": app["initial_state"]}
    mail |= {"tap_state": db["initial_state"], "pdb_state": {"empty": True}}
    assert function.invoke(mail) == {"statusCode": 200}
    (received,) = read()
    assert received["Subject"] == "START STATUS: SUCCESS"
    assert f"test1  {ids['test1']}  stopped -> running  instance ok, system ok" in received["Message"]


def test_classic_false_and_empty(function, aws):
    make_server(aws, "test1")
    empty = {"empty": True}
    assert function.invoke(classic(0, "start", False)) == {"statusCode": 200, "next_phase": False, "initial_state": empty}
    assert function.invoke(classic(0, "start", "")) == {"statusCode": 200, "next_phase": "", "initial_state": empty}
    assert function.invoke(classic(2, "start")) == {"statusCode": 200, "next_phase": True, "initial_state": empty}
    assert states(aws) == {"test1": "stopped"}


def test_classic_missing_server_fails_its_group(function, aws):
    make_server(aws, "test2")
    answer = function.invoke(classic(1, "start"))
    assert answer["next_phase"] is False
    assert list(answer["initial_state"]) == ["test2"]


def test_a_broken_fleet_file_is_an_init_error(build_dir, tmp_path):
    (tmp_path / "fleet.yaml").write_text("fleet: [")
    seen = []

    class RuntimeApi(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), RuntimeApi) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        environment = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_address[1]}"}
        environment |= {"LAMPLIGHTER_FLEET": str(tmp_path / "fleet.yaml")}
        command = ["/lib64/ld-linux-x86-64.so.2", build_dir / "bootstrap"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        thread.join()
    ((path, error),) = seen
    assert path == "/2018-06-01/runtime/init/error"
    assert error["errorType"] == "InvalidFleet"
    assert "fleet.yaml:1:" in error["errorMessage"]
    assert done.returncode == 1
    assert error["errorMessage"] in done.stderr
