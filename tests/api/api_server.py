"""`lamplighter serve` on a free port, and clients for it."""
import json
import os
import pathlib
import re
import subprocess
import threading
import time

import boto3
import botocore.config

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = str(pathlib.Path(os.environ.get("LAMPLIGHTER_BUILD_DIR", ROOT / "build/release")) / "lamplighter")
ROLE = "arn:aws:iam::123456789012:role/test"
# No credentials or endpoints of the machine that runs the tests may leak in.
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}


def run(*arguments, **options):
    """The finished process of one `lamplighter` command."""
    environment = {**CLEAN, **options.pop("env", {})}
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=60, env=environment, **options)


class Serve:
    """One running `lamplighter serve`."""

    def __init__(self, state_dir, *arguments, env=None):
        self.state_dir = state_dir
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", "0", "--state-dir", str(state_dir), *arguments], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env={**CLEAN, "AWS_EC2_METADATA_DISABLED": "true", **(env or {})})
        self.said = []
        self.url = self._read_url()
        threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True).start()

    def _read_url(self):
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(r"http://\S+", line):
                return found.group()
        raise AssertionError(f"serve ended with {self.process.wait()}: {''.join(self.said)}")

    def credentials(self):
        return json.loads(run("credentials", "--state-dir", self.state_dir).stdout)

    def client(self, key=None, secret=None):
        keys = self.credentials()
        return boto3.client(
            "stepfunctions", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=key or keys["AccessKeyId"],
            aws_secret_access_key=secret or keys["SecretAccessKey"], config=botocore.config.Config(retries={"total_max_attempts": 1}))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=30)


def aws_cli(server, folder, service):
    """Debian's AWS CLI on the server's `service`, with `lamplighter credentials` as its credential_process."""
    config = folder / "config"
    config.write_text(f"[profile local]\nregion = us-east-1\ncredential_process = {BINARY} credentials --state-dir {server.state_dir}\n")

    def call(*arguments):
        result = subprocess.run(
            ["/usr/bin/aws", service, *arguments, "--endpoint-url", server.url, "--profile", "local", "--output", "json"],
            env={**CLEAN, "AWS_CONFIG_FILE": str(config), "AWS_PAGER": ""}, capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout or "{}")
    return call


def machine(start, **states):
    """A definition in the JSONata dialect."""
    return json.dumps({"QueryLanguage": "JSONata", "StartAt": start, "States": states})


def create(client, definition, name="machine"):
    return client.create_state_machine(name=name, definition=definition, roleArn=ROLE)["stateMachineArn"]


def wait_for_end(client, arn, seconds=20):
    """The execution's description once it is no longer running."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen = client.describe_execution(executionArn=arn)
        if seen["status"] != "RUNNING":
            return seen
        time.sleep(0.02)
    raise AssertionError(f"{arn} still runs after {seconds} s")
