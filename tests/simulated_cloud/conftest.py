"""The simulated cloud as a user serves it, and clients that others wrote to drive it."""

import contextlib
import json
import os
import re
import signal
import subprocess
import urllib.request

import boto3
import pytest
from botocore.config import Config

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLEET = os.path.join(ROOT, "examples", "lower-environments.yaml")
# No configuration or credentials of the machine's user get in.
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "AWS_ACCESS_KEY_ID": "simulated",
    "AWS_SECRET_ACCESS_KEY": "simulated",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Simulation:
    """One served cloud."""

    def __init__(self, url):
        self.url = url

    def client(self, service, region="us-east-1"):
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id="simulated",
            aws_secret_access_key="simulated",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def aws(self, *arguments):
        """Debian's AWS CLI; gives what it printed as JSON, or the completed process where it failed."""
        done = subprocess.run(
            ["/usr/bin/aws", "--endpoint-url", self.url, "--output", "json", *arguments],
            env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
        return json.loads(done.stdout or "{}") if done.returncode == 0 else done

    def look(self, what):
        """The truth: outbox, servers or alarms."""
        with urllib.request.urlopen(f"{self.url}/_lamplighter/{what}", timeout=10) as answer:
            return json.load(answer)

    def server(self, name):
        return next(server for server in self.look("servers") if server["name"] == name)


@pytest.fixture
def simulate(build_dir):
    """A function that serves a cloud with further options of `lamplighter simulate`, until the test ends."""
    with contextlib.ExitStack() as running:

        def serve(*options, fleet=FLEET):
            process = running.enter_context(subprocess.Popen(
                [build_dir / "lamplighter", "simulate", "-f", fleet, "--port", "0", *options],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT))
            running.callback(process.send_signal, signal.SIGINT)
            line = process.stdout.readline()
            url = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert url, line
            return Simulation(url.group())

        yield serve


@pytest.fixture
def cloud(simulate):
    """The example fleet, stopped, 200 times faster than real time."""
    return simulate("--speed", "200")
