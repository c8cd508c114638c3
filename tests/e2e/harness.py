"""What the end-to-end tests drive: a world in moto, and the built binary."""

import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import socket
import struct
import subprocess
import termios
import time
import urllib.request

import boto3
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "examples/lower-environments.yaml"
REGION = "us-east-1"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Cloud:
    """boto3 clients, to make a world and to look at what became of it."""

    def __init__(self, url):
        self.url = url
        urllib.request.urlopen(urllib.request.Request(url + "/moto-api/reset", method="POST"), timeout=60).read()
        self.ec2 = self.client("ec2")
        self.cloudwatch = self.client("cloudwatch")
        self.sns = self.client("sns")
        self.sqs = self.client("sqs")
        self.ids = {}

    def client(self, service):
        return boto3.client(service, region_name=REGION, endpoint_url=self.url,
                            aws_access_key_id="testing", aws_secret_access_key="testing")

    def launch(self, names, tags=()):
        """An instance a name, running."""
        image = self.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        names = list(names)
        made = self.ec2.run_instances(ImageId=image, MinCount=len(names), MaxCount=len(names), InstanceType="t3.micro")
        for name, instance in zip(names, made["Instances"]):
            self.ids[name] = instance["InstanceId"]
            self.ec2.create_tags(Resources=[instance["InstanceId"]],
                                 Tags=[{"Key": "Name", "Value": name}, *({"Key": k, "Value": v} for k, v in tags)])

    def add_alarm(self, name, server, enabled=True):
        self.cloudwatch.put_metric_alarm(
            AlarmName=name, MetricName="StatusCheckFailed", Namespace="AWS/EC2", Statistic="Maximum", Period=60,
            EvaluationPeriods=2, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold", ActionsEnabled=enabled,
            Dimensions=[{"Name": "InstanceId", "Value": self.ids[server]}])

    def alarms_enabled(self):
        pages = self.cloudwatch.get_paginator("describe_alarms").paginate()
        return {alarm["AlarmName"]: alarm["ActionsEnabled"] for page in pages for alarm in page["MetricAlarms"]}

    def states(self):
        names = {instance_id: name for name, instance_id in self.ids.items()}
        pages = self.ec2.get_paginator("describe_instances").paginate()
        return {names[instance["InstanceId"]]: instance["State"]["Name"]
                for page in pages for reservation in page["Reservations"] for instance in reservation["Instances"]
                if instance["InstanceId"] in names}

    def subscribe_queue(self, topic_name):
        topic = self.sns.create_topic(Name=topic_name)["TopicArn"]
        queue = self.sqs.create_queue(QueueName="inbox")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        return queue

    def mails(self, queue):
        """[(subject, message)] that came so far, taken out of the queue."""
        mails = []
        while messages := self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                body = json.loads(message["Body"])
                mails.append((body["Subject"], body["Message"]))
                self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return mails


@dataclasses.dataclass
class Finished:
    code: int
    stdout: str
    stderr: str

    @property
    def json(self):
        return json.loads(self.stdout)


class Lamplighter:
    """The built binary with a home and a state directory of its own."""

    def __init__(self, program, home, endpoint):
        self.program = program
        self.home = home
        self.env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8",
                    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        if endpoint:
            self.env["AWS_ENDPOINT_URL"] = endpoint

    def __call__(self, *arguments, timeout=120):
        done = subprocess.run([self.program, *map(str, arguments)], env=self.env, cwd=self.home, capture_output=True,
                              text=True, timeout=timeout, stdin=subprocess.DEVNULL)
        return Finished(done.returncode, done.stdout, done.stderr)

    def paste(self, command, timeout=120):
        """A command that was printed, in a shell of the same user that knows no endpoint."""
        env = {**self.env, "PATH": f"{self.program.parent}:{self.env['PATH']}"}
        env.pop("AWS_ENDPOINT_URL", None)
        done = subprocess.run(command, shell=True, env=env, cwd=self.home, capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL)
        return Finished(done.returncode, done.stdout, done.stderr)

    def fleet(self, environments, **more):
        """Writes a fleet file and gives its path."""
        path = self.home / "fleet.yaml"
        path.write_text(yaml.safe_dump({"fleet": "f", "region": REGION, "environments": environments, **more}))
        return path


def on_a_terminal(program, *arguments):
    """The binary on a pseudo-terminal of its own: (process, the terminal's other end)."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 130, 0, 0))
    env = {**program.env, "TERM": "xterm-256color"}
    process = subprocess.Popen([program.program, *map(str, arguments)], env=env, stdin=theirs, stdout=theirs,
                               stderr=theirs, start_new_session=True, close_fds=True)
    os.close(theirs)
    return process, ours


def read_until(descriptor, pattern, seconds=30):
    """What the terminal got until it matched."""
    text = ""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([descriptor], [], [], 0.2)[0]:
            try:
                text += os.read(descriptor, 65536).decode(errors="replace")
            except OSError:
                return text
        if re.search(pattern, text):
            return text
    raise AssertionError(f"no {pattern!r} in {text[-2000:]!r}")


def wait_for(path, words, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if words in path.read_text():
            return
        time.sleep(0.1)
    raise AssertionError(f"no {words!r} in {path.read_text()!r}")


@contextlib.contextmanager
def simulated_cloud(lamplighter, speed, *more, fleet=EXAMPLE, port=0):
    """lamplighter simulate, at so many times real speed: its address."""
    server = subprocess.Popen([lamplighter, "simulate", "-f", fleet, "--speed", speed, "--port", str(port), *more], stdout=subprocess.PIPE, text=True)
    try:
        yield re.search(r"at (http://\S+)", server.stdout.readline())[1]
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextlib.contextmanager
def begun(program, *arguments, until, name="log"):
    """A process of lamplighter that said so much; ended by its own id in the end, where it has not."""
    log = program.home / name
    with log.open("w") as out:
        process = subprocess.Popen([program.program, *map(str, arguments)], env=program.env, cwd=program.home, stdout=out,
                                   stderr=out, stdin=subprocess.DEVNULL)
        process.log = log
        try:
            wait_for(log, until)
            yield process
        finally:
            process.kill()
            process.wait()
