#!/usr/bin/env python3
"""Cold start, warm invocation and peak memory of the function, beside a Python handler with boto3 that does the same
look at the same 20 servers: both under AWS's Runtime Interface Emulator, against the same simulated cloud.

usage: bench/lambda/bench.py [--cold N] [--warm N]       (with bench/lambda/requirements.txt installed)
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tests/lambda"))
import emulator  # noqa: E402

BUILD = pathlib.Path(os.environ.get("LAMPLIGHTER_BUILD_DIR", ROOT / "build/release"))
NAMES = [f"test{number}" for number in range(1, 21)]
EVENT = {
    "task": "reconcile", "action": "start", "fleet": "bench", "environment": "dev", "phase": "all", "region": "us-east-1",
    "servers": {"names": NAMES}, "timeout": 900, "alarms": "none", "wait": {"min": 1, "max": 5}, "execution": "bench",
    "memory": None,
}  # fmt: skip


def peak_memory(emulator_process):
    """Peak resident memory, in MB, of the program that the emulator started."""
    # A child is listed under the thread that forked it, and any of a Go program's threads may.
    threads = pathlib.Path(f"/proc/{emulator_process.pid}/task").glob("*/children")
    (child,) = [child for thread in threads for child in thread.read_text().split()]
    status = pathlib.Path(f"/proc/{child}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) / 1000


def timed(function):
    started = time.perf_counter()
    answer = function.invoke(EVENT)
    assert answer["status"] == "ready", answer
    return (time.perf_counter() - started) * 1000


def measure(start, cold, warm):
    """start() gives a fresh emulator each time."""
    colds = []
    for _ in range(cold):
        with start() as function:
            colds.append(timed(function))
    with start() as function:
        timed(function)
        warms = sorted(timed(function) for _ in range(warm))
        memory = peak_memory(function.process)
    return {
        "cold start to first answer, median (ms)": statistics.median(colds),
        "cold start to first answer, worst (ms)": max(colds),
        "warm invocation, median (ms)": statistics.median(warms),
        "warm invocation, 99% (ms)": warms[int(len(warms) * 0.99)],
        "peak memory (MB)": memory,
    }


def environment(endpoint):
    keys = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench-bench"}
    return {**keys, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": endpoint}


def print_table(ours, peer):
    print("| | lamplighter | Python 3 + boto3 | ratio |\n|---|---|---|---|")
    for name, value in ours.items():
        print(f"| {name} | {value:.1f} | {peer[name]:.1f} | {peer[name] / value:.1f} |")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cold", type=int, default=10)
    arguments.add_argument("--warm", type=int, default=200)
    options = arguments.parse_args()
    port = emulator.free_port()
    fleet = ROOT / "examples/lower-environments.yaml"
    # EC2 grants 20 looks a second, the simulated cloud as many. The faster its time, the more: here none is refused.
    cloud = subprocess.Popen(
        [BUILD / "lamplighter", "simulate", "-f", fleet, "--port", str(port), "--state", "running", "--speed", "1000"],
        stdout=subprocess.DEVNULL,
    )
    try:
        emulator.wait_for(port, cloud)
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            program = emulator.build_emulator(BUILD)
            zip_file = folder / "lambda.zip"
            packed = {**os.environ, "LAMPLIGHTER_BUILD_DIR": str(BUILD)}
            subprocess.run([ROOT / "script/package-lambda", zip_file], env=packed, check=True, stdout=subprocess.DEVNULL)
            root = emulator.make_root(folder / "root", zip_file, program)
            variables = environment(f"http://127.0.0.1:{port}")
            peer = (sys.executable, "-m", "awslambdaric", "handler.handler")
            # The peer runs in the machine's own root, where its Python is.
            peer_variables = {**variables, "PYTHONPATH": str(HERE), "HOME": str(folder), "PATH": "/usr/bin:/bin"}
            print_table(
                measure(lambda: emulator.running(root, folder / "log", variables), options.cold, options.warm),
                measure(
                    lambda: emulator.running("/", folder / "peer-log", peer_variables, peer, program),
                    options.cold,
                    options.warm,
                ),
            )
    finally:
        cloud.terminate()
        cloud.wait()


if __name__ == "__main__":
    main()
