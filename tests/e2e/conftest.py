"""moto as a cloud, and the built binary against it."""

import subprocess
import sys
import time
import urllib.request

import pytest

from harness import Cloud, Lamplighter, free_port, simulated_cloud


@pytest.fixture(scope="session")
def moto_url():
    """moto's server, for all tests; each resets it first."""
    port = free_port()
    # moto starts and stops instances at once; 127.0.0.1 only.
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(url + "/moto-api/data.json", timeout=5).read()
            break
        except OSError:
            time.sleep(0.1)
    yield url
    server.terminate()
    server.wait(timeout=10)


@pytest.fixture
def cloud(moto_url):
    return Cloud(moto_url)


@pytest.fixture
def run(lamplighter, tmp_path, moto_url):
    return Lamplighter(lamplighter, tmp_path, moto_url)


@pytest.fixture
def served(lamplighter, run):
    """lamplighter simulate at 60 times real speed."""
    with simulated_cloud(lamplighter, "60") as run.env["AWS_ENDPOINT_URL"]:
        yield run
