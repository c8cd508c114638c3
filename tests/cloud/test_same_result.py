"""The same result on both engines: what synth deploys, run on Step Functions' API with its tasks in lambda.zip, does
what `lamplighter start` and `stop` do in one process, against equal clouds."""

import contextlib
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import urllib.request

import boto3
import pytest
import yaml
from moto.server import ThreadedMotoServer

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "api"), str(TESTS / "lambda"), str(TESTS / "support")]
import api_server  # noqa: E402
import coordination_table  # noqa: E402
import emulator  # noqa: E402

REGION = "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION}
NOWHERE = "http://127.0.0.1:9"  # nothing listens there
# The clouds are so fast, or the timeouts so short, that the machines' own waits take seconds of real time.
SPEED = "400"
FLEET = {
    "fleet": "nightly",
    "region": REGION,
    "timeout": "3s",
    "alarms": {"unmute_after": "2s"},
    "environments": {
        "dev": {"phases": [{"name": "db", "servers": ["d1", "d2"]}, {"name": "app", "servers": ["d3"]}]},
        "test": {"phases": [{"name": "db", "servers": ["t1", "t2"]}, {"name": "app", "servers": ["t3"]}]},
    },
    "notify": {"sns": "mailme"},
}
SERVERS = ["d1", "d2", "d3", "t1", "t2", "t3"]


@pytest.fixture(scope="module")
def root(build_dir, tmp_path_factory):
    """A sandbox's root with lambda.zip as it is deployed."""
    output = tmp_path_factory.mktemp("zip") / "lambda.zip"
    script = build_dir.parent.parent / "script/package-lambda"
    subprocess.run([script, output], env={**os.environ, "LAMPLIGHTER_BUILD_DIR": str(build_dir)}, check=True, timeout=300)
    return emulator.make_root(tmp_path_factory.mktemp("root"), output, emulator.build_emulator(build_dir))


class SimulatedCloud:
    """`lamplighter simulate`, anew and so the same for each run."""

    def __init__(self, fleet, *faults):
        self.fleet, self.faults = fleet, [word for fault in faults for word in ("--fault", fault)]

    @contextlib.contextmanager
    def world(self, action):
        """The cloud's URL before an action, every server in the state that the action is to change."""
        state = "stopped" if action == "start" else "running"
        command = [api_server.BINARY, "simulate", "-f", self.fleet, "--seed", "7", "--speed", SPEED, "--port", "0"]
        process = subprocess.Popen([*command, "--state", state, *self.faults], stdout=subprocess.PIPE, text=True)
        try:
            yield re.search(r"at (http://\S+)", process.stdout.readline())[1]
        finally:
            process.terminate()
            process.wait(timeout=30)

    def mails(self, url):
        with urllib.request.urlopen(url + "/_lamplighter/outbox", timeout=30) as answer:
            return [(mail["subject"], mail["message"]) for mail in json.load(answer)]


class MotoCloud:
    """moto, with the same servers for each run, put back into their first state."""

    def __init__(self, url, servers):
        self.url = url
        urllib.request.urlopen(urllib.request.Request(url + "/moto-api/reset", method="POST"), timeout=60).close()
        self.ids = [self.launch(name) for name in servers]
        topic = self.client("sns").create_topic(Name="mailme")["TopicArn"]
        self.queue = self.client("sqs").create_queue(QueueName="inbox")["QueueUrl"]
        asked = self.client("sqs").get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        self.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=asked["Attributes"]["QueueArn"])
        coordination_table.make(self.client("dynamodb"), f"lamplighter-{FLEET['fleet']}-coordination")

    def client(self, service):
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, aws_access_key_id="test",
                            aws_secret_access_key="test")

    def launch(self, name):
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
        made = self.client("ec2").run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, TagSpecifications=tags)
        instance_id = made["Instances"][0]["InstanceId"]
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=f"{name}-cpu", MetricName="CPUUtilization", Namespace="AWS/EC2", Statistic="Average", Period=60,
            EvaluationPeriods=1, Threshold=90, ComparisonOperator="GreaterThanThreshold",
            Dimensions=[{"Name": "InstanceId", "Value": instance_id}])
        return instance_id

    @contextlib.contextmanager
    def world(self, action):
        put = self.client("ec2").stop_instances if action == "start" else self.client("ec2").start_instances
        put(InstanceIds=self.ids)
        alarms = self.client("cloudwatch")
        names = [alarm["AlarmName"] for alarm in alarms.describe_alarms()["MetricAlarms"]]
        alarms.enable_alarm_actions(AlarmNames=names)
        yield self.url

    def mails(self, _url):
        sqs, found = self.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                body = json.loads(message["Body"])
                found.append((body["Subject"], body["Message"]))
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return found


@pytest.fixture(scope="module")
def moto_url():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def run_in_process(action, chosen, fleet, url, state_dir):
    """(report, history) of `lamplighter start` or `stop`."""
    environment = {**KEYS, "AWS_ENDPOINT_URL": url}
    done = api_server.run(action, *chosen, "-f", fleet, "--json", "--yes", "--state-dir", state_dir, env=environment)
    report = json.loads(done.stdout)
    history = api_server.run("history", report["execution"], "--json", "--state-dir", state_dir)
    return report, json.loads(history.stdout)


def run_as_deployed(definition, chosen, root, url, folder):
    """(report, history) of a definition on the Step Functions API, with an input as a schedule gives it, every task in the function under the emulator. The
    server itself reaches nothing but the function."""
    longest = max(map(int, re.findall(r'"TimeoutSeconds": ?(\d+)', definition)))
    environment = {**KEYS, "AWS_ENDPOINT_URL": url, "AWS_LAMBDA_FUNCTION_TIMEOUT": str(longest)}
    with contextlib.ExitStack() as stack:
        function = stack.enter_context(emulator.running(root, folder / "function.log", environment))
        lambda_url = stack.enter_context(emulator.invoke_api(function))
        server = api_server.Serve(folder / "deployed", env={
            **KEYS, "AWS_ENDPOINT_URL": NOWHERE, "AWS_ENDPOINT_URL_LAMBDA": lambda_url})
        stack.callback(server.kill)
        client = server.client()
        machine = api_server.create(client, definition)
        arn = client.start_execution(stateMachineArn=machine, input=json.dumps({"environments": chosen}))["executionArn"]
        api_server.wait_for_end(client, arn, seconds=120)
        pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
        history = [event for page in pages for event in page["events"]]
        assert any(record.get("execution") == arn and "call" in record for record in function.log_records())
    return report_of(history), history


def report_of(history):
    """What the machine's report task gave."""
    [output] = [event["stateExitedEventDetails"]["output"] for event in history
                if event["type"] == "TaskStateExited" and event["stateExitedEventDetails"]["name"] == "Report"]
    return json.loads(output)


def told(report):
    """What both engines must agree on: all but names, times and counts of calls."""
    alarms = {key: report["alarms"][key] for key in ("disabled", "enabled", "follow")}
    environments = [{**{key: entry[key] for key in ("name", "status", "reason")}, "phases": [
        {key: phase[key] for key in ("name", "status", "servers")} for phase in entry["phases"]]}
        for entry in report["environments"]]
    return {"status": report["status"], "subject": report["subject"], "alarms": alarms, "environments": environments}


def without_loops(names):
    """A path with its loops taken out: how often a machine looked at its servers is no difference."""
    path = []
    for name in names:
        path = path[: path.index(name)] if name in path else path
        path.append(name)
    return path


def paths(definition, history):
    """The states that each environment's branch went through, then the machine's own, and how it ended."""
    entered = [event["stateEnteredEventDetails"]["name"] for event in history if event["type"].endswith("StateEntered")]
    [parallel] = [state for state in definition["States"].values() if state["Type"] == "Parallel"]
    parts = [*parallel["Branches"], definition]
    part_of = {name: number for number, part in enumerate(parts) for name in part["States"]}
    found = [[] for _ in parts]
    for name in entered:
        found[part_of[name]].append(name)
    return [*map(without_loops, found), history[-1]["type"]]


def without_times(mail):
    """A mail less what differs from run to run: the execution's name, times and durations."""
    subject, message = mail
    message = re.sub(r"(?m)^( *(?:Execution|Began|Ended|Took)) .*$", r"\1", message)
    message = re.sub(r"follow by [^,]*,", "follow by then,", message)
    return subject, re.sub(r"\b(after|in) (\d+[hms])+", r"\1 a while", message)


def compare(cloud, action, fleet, root, folder, chosen=()):
    """Runs an action both ways, checks that they agree, and gives the report."""
    synthesized = api_server.run("synth", "-f", fleet, "-o", folder / "synth")
    assert synthesized.returncode == 0, synthesized.stderr
    definition = (folder / "synth/definitions" / f"{action}.asl.json").read_text()
    assert '"FunctionName": "lamplighter-nightly"' in definition  # not the one that the server has in-process
    with cloud.world(action) as url:
        report, history = run_in_process(action, chosen, fleet, url, folder / "in-process")
        mails = cloud.mails(url)
    with cloud.world(action) as url:
        deployed_report, deployed_history = run_as_deployed(definition, list(chosen), root, url, folder)
        deployed_mails = cloud.mails(url)
    assert told(deployed_report) == told(report)
    assert paths(json.loads(definition), deployed_history) == paths(json.loads(definition), history)
    assert len(mails) == 1
    assert [without_times(mail) for mail in deployed_mails] == [without_times(mail) for mail in mails]
    return report


@pytest.fixture
def fleet(tmp_path):
    path = tmp_path / "fleet.yaml"
    path.write_text(yaml.safe_dump(FLEET))
    return path


def statuses(report):
    return {environment["name"]: environment["status"] for environment in report["environments"]}


@pytest.mark.parametrize("action", ["start", "stop"])
def test_simulated_cloud(action, fleet, root, tmp_path):
    report = compare(SimulatedCloud(fleet), action, fleet, root, tmp_path)
    assert statuses(report) == {"dev": "ready", "test": "ready"}


def test_simulated_cloud_with_environments_in_the_input(fleet, root, tmp_path):
    cloud = SimulatedCloud(fleet)
    report = compare(cloud, "stop", fleet, root, tmp_path, ["test"])
    assert statuses(report) == {"test": "ready"}


def test_simulated_cloud_with_a_server_that_cannot_start(fleet, root, tmp_path):
    report = compare(SimulatedCloud(fleet, "capacity:t2"), "start", fleet, root, tmp_path)
    assert statuses(report) == {"dev": "ready", "test": "halted"}
    assert "InsufficientInstanceCapacity" in report["environments"][1]["reason"]
    assert [phase["status"] for phase in report["environments"][1]["phases"]] == ["failed", "not touched"]


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class TellingCloud(SimulatedCloud):
    """With a webhook's URL in SSM; keeps the events of each run beside its mails."""

    def __init__(self, fleet, hook):
        super().__init__(fleet, "capacity:t2")
        self.hook, self.events = hook, []

    @contextlib.contextmanager
    def world(self, action):
        with super().world(action) as url:
            ssm = boto3.client("ssm", endpoint_url=url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
            ssm.put_parameter(Name="/hook", Value=self.hook, Type="SecureString", Overwrite=True)
            yield url

    def mails(self, url):
        with urllib.request.urlopen(url + "/_lamplighter/events", timeout=30) as answer:
            self.events.append([(one["detail_type"], one["detail"]["environment"]) for one in json.load(answer)])
        return super().mails(url)


def test_everybody_is_told_the_same_by_both(fleet, root, tmp_path):
    fleet.write_text(yaml.safe_dump({**FLEET, "notify": [
        {"webhook": {"url": {"ssm": "/hook"}, "format": "json"}, "on": ["aborted"]}, {"sns": "mailme"}, {"eventbridge": "ops"}]}))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.got = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        cloud = TellingCloud(fleet, f"http://127.0.0.1:{server.server_port}/hook")
        compare(cloud, "start", fleet, root, tmp_path)
    finally:
        server.shutdown()
        server.server_close()
    assert cloud.events == [[("Lamplighter environment started", "dev"), ("Lamplighter environment halted", "test")]] * 2
    assert [(one["status"], [entry["status"] for entry in one["environments"]]) for one in server.got] == [
        ("ABORTED", ["ready", "halted"])] * 2


@pytest.mark.parametrize("action", ["start", "stop"])
def test_moto(action, moto_url, fleet, root, tmp_path):
    report = compare(MotoCloud(moto_url, SERVERS), action, fleet, root, tmp_path)
    assert statuses(report) == {"dev": "ready", "test": "ready"}


def test_moto_with_a_server_that_is_not_there(moto_url, fleet, root, tmp_path):
    report = compare(MotoCloud(moto_url, [name for name in SERVERS if name != "d1"]), "start", fleet, root, tmp_path)
    assert statuses(report) == {"dev": "halted", "test": "ready"}
    assert "d1" in report["environments"][0]["reason"]
