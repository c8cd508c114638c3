import contextlib
import os
import pathlib
import subprocess
import sys

import boto3
import pytest

HERE = pathlib.Path(__file__).resolve().parent
ACCOUNT = "123456789012"  # moto's


class Aws:
    """A moto server: its URL, clients, and the environment that points programs at it."""

    def __init__(self, url):
        self.url = url

    def client(self, service, region="us-east-1"):
        return boto3.client(service, region_name=region, endpoint_url=self.url, aws_access_key_id="test",
                            aws_secret_access_key="test")

    def environment(self, key="test", secret="test", **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {**kept, "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
                "AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "us-east-1", **more}


@contextlib.contextmanager
def moto_server(**environment):
    server = subprocess.Popen([sys.executable, HERE / "moto_aws.py", "0"], stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL, env={**os.environ, **environment})
    try:
        yield Aws(f"http://127.0.0.1:{server.stdout.readline().strip()}")
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def aws():
    with moto_server() as started:
        yield started


@pytest.fixture
def fresh_aws():
    with moto_server() as started:
        yield started


@pytest.fixture(scope="session")
def cli(lamplighter):
    """Runs the built binary; gives the finished process."""
    def run(*arguments, check=True, **options):
        done = subprocess.run([lamplighter, *map(str, arguments)], capture_output=True, text=True,
                              timeout=120, **options)
        assert not check or done.returncode == 0, done.stderr or done.stdout
        return done
    return run
