"""Replays executions that were recorded on AWS Step Functions against `lamplighter serve`. The recordings are data that
stands beside the repository; docs/conformance.md explains each case that is not matched to the last detail."""
import json
import os
import pathlib
import re
import socket
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("LAMPLIGHTER_BUILD_DIR", ROOT / "build/release")) / "lamplighter"
RECORDINGS = ROOT.parent / "shared/conformance/asl"
NEEDED = {"outcome": 118, "structure": 114, "exact": 112}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(state_dir, lambda_port):
    """A running server and its address."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | {
        "AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{lambda_port}"}
    process = subprocess.Popen([BINARY, "serve", "--port", "0", "--auth", "none", "--state-dir", state_dir],
                               stdout=subprocess.PIPE, text=True, env=environment)
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return process, found.group()
    raise AssertionError(f"serve ended with {process.wait()}")


def test_recorded_executions_replay_as_they_were(tmp_path):
    if not RECORDINGS.is_dir():
        pytest.skip(f"not run: no data at {RECORDINGS}")
    lambda_port = free_port()
    process, url = serve(tmp_path / "state", lambda_port)
    report = tmp_path / "report.json"
    try:
        replay = subprocess.run([sys.executable, RECORDINGS / "replay.py", "--endpoint", url, "--lambda-port", str(lambda_port), "--report", report],
                                capture_output=True, text=True, timeout=900)
    finally:
        process.terminate()
        process.wait(timeout=30)
    print(replay.stdout)
    reached = {level: int(count) for level, count in re.findall(r"(\w+) (\d+)/\d+", replay.stdout)}
    missed = [row for row in json.loads(report.read_text()) if row["level"] != "exact"]
    explained = (ROOT / "docs/conformance.md").read_text()
    assert not {k: (reached[k], n) for k, n in NEEDED.items() if reached[k] < n}, missed
    assert [row for row in missed if row["case"].split("#")[0] not in explained] == []
