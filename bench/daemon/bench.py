#!/usr/bin/env python3
"""10,000 schedules in the daemon, and in APScheduler with its jobs in SQLite: time to load, memory, from the due moment to the
committed start, an idle hour's CPU, 10,000 occurrences that were missed.

usage: bench/daemon/bench.py [--schedules N] [--idle SECONDS]      (with bench/daemon/requirements.txt installed)

A start is taken as committed when its line arrives here. Nobody listens where the daemon's AWS would be: its executions begin
to ask, and ask again.
"""

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("LAMPLIGHTER_BUILD_DIR", ROOT / "build/release"))
UTC = datetime.timezone.utc
STARTED = re.compile(r'start "(\S+)", due (\S+ \S+) UTC: started')
SPREAD, A_SECOND, AT_ONCE = 600, 10, 1000
TICKS = os.sysconf("SC_CLK_TCK")


class Served:
    """A process whose lines are read as they come."""

    def __init__(self, command, environment, ready):
        self.began = time.perf_counter()
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.started, self.missed, self.other = {}, 0, []
        self.ready = threading.Event()
        self.words = ready
        threading.Thread(target=self.read, daemon=True).start()
        assert self.ready.wait(120), self.other
        self.seconds_to_ready = time.perf_counter() - self.began

    def read(self):
        for line in self.process.stdout:
            if found := STARTED.search(line):
                self.started[found[1]] = time.time() - datetime.datetime.fromisoformat(found[2] + "+00:00").timestamp()
            elif " missed" in line:
                self.missed += 1
            elif self.words in line:
                self.ready.set()
            else:
                self.other.append(line)

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1000

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def wait_until(self, condition, seconds):
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(0.02)
        assert condition(), (len(self.started), self.missed, self.other[-5:])
        return time.perf_counter() - self.began

    def wait_until_quiet(self):
        """A minute at most."""
        for _ in range(30):
            before = self.cpu()
            time.sleep(2)
            if self.cpu() - before < 0.1:
                return

    def end(self):
        self.process.terminate()
        self.process.wait(60)


class Daemon:
    name = "lamplighter"

    def __init__(self, folder):
        self.folder = folder
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "AWS_ACCESS_KEY_ID": "bench",
                            "AWS_SECRET_ACCESS_KEY": "bench", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}

    def prepare(self, schedules):
        def line(one):
            when = {"at": one["at"]} if "at" in one else {"cron": "{1} {0} * * ? *".format(*one["daily"])}
            return {"name": one["name"], "action": "start", **when}

        fleet = {"fleet": "f", "region": "us-east-1", "schedules": [line(one) for one in schedules],
                 "environments": {"dev": {"phases": [{"name": "app", "servers": ["a"]}]}}}
        (self.folder / "fleet.yaml").write_text(yaml.safe_dump(fleet))
        self.serve().end()
        if "next" in schedules[0]:  # as if it had ended a day ago
            with contextlib.closing(sqlite3.connect(self.folder / ".local/state/lamplighter/schedules.sqlite")) as state, state:
                day = 86_400_000
                state.execute(f"UPDATE schedule SET done_until = done_until - {day}, settled_until = settled_until - {day}, "
                              f"first_seen = first_seen - {2 * day}")

    def serve(self):
        return Served([BUILD / "lamplighter", "serve", "-f", self.folder / "fleet.yaml", "--port", "0", "--auth", "none"],
                      self.environment, "API at")


class Peer:
    name = "APScheduler"

    def __init__(self, folder):
        self.folder = folder

    def prepare(self, schedules):
        (self.folder / "schedules.json").write_text(json.dumps(schedules))
        subprocess.run([sys.executable, HERE / "peer.py", "prepare", self.folder], check=True)

    def serve(self):
        return Served([sys.executable, HERE / "peer.py", "serve", self.folder], None, "ready")


def daily(count, hours_ago):
    """Schedules of every day that were due so many hours ago."""
    moment = datetime.datetime.now(UTC).replace(second=0, microsecond=0) - datetime.timedelta(hours=hours_ago)
    moments = [moment - datetime.timedelta(minutes=i % 60) for i in range(count)]
    return [{"name": f"daily{i}", "daily": [one.hour, one.minute], "next": one.isoformat()} for i, one in enumerate(moments)]


def due_soon(count, seconds):
    """Some that come 10 a second, a thousand at once, and the rest tomorrow."""
    first = datetime.datetime.now(UTC).replace(microsecond=0) + datetime.timedelta(seconds=seconds)
    spread = [("spread", i, first + datetime.timedelta(seconds=i // A_SECOND)) for i in range(SPREAD)]
    crowd = [("crowd", i, first + datetime.timedelta(seconds=SPREAD // A_SECOND + 5)) for i in range(AT_ONCE)]
    rest = [("rest", i, first + datetime.timedelta(days=1, seconds=i)) for i in range(count - SPREAD - AT_ONCE)]
    return [{"name": f"{kind}{i}", "at": f"{due:%Y-%m-%dT%H:%M:%S}"} for kind, i, due in spread + crowd + rest]


def drift(served, kind):
    drifts = sorted(1000 * late for name, late in served.started.items() if name.startswith(kind))
    return drifts[len(drifts) // 2], drifts[int(len(drifts) * 0.99)]


def measure(kind, count, idle):
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        subject = kind(pathlib.Path(folder))
        # Preparing takes time of its own: what is due soon must not be due before.
        subject.prepare(due_soon(count, 30 if kind is Daemon else 90))
        served = subject.serve()
        rows["from the process's start until it is ready (s)"] = served.seconds_to_ready
        rows["memory then (MB)"] = served.memory()
        served.wait_until(lambda: len(served.started) == SPREAD + AT_ONCE, 600)
        for name, words in (("spread", f"{A_SECOND} a second for {SPREAD // A_SECOND} s"), ("crowd", f"{AT_ONCE} in one second")):
            rows[f"{words}: due to committed, p50 (ms)"], rows[f"{words}: due to committed, p99 (ms)"] = drift(served, name)
        served.end()
    with tempfile.TemporaryDirectory() as folder:
        subject = kind(pathlib.Path(folder))
        subject.prepare(daily(count, 6))
        served = subject.serve()
        rows[f"{count} missed occurrences, from the process's start until all are told (s)"] = served.wait_until(
            lambda: served.missed >= count, 600)
        served.end()
        served = subject.serve()  # now nothing is due for hours
        served.wait_until_quiet()
        before = served.cpu()
        time.sleep(idle)
        rows[f"CPU of an idle hour, from {idle} s (s)"] = (served.cpu() - before) * 3600 / idle
        served.end()
    return rows


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--schedules", type=int, default=10_000)
    arguments.add_argument("--idle", type=int, default=60)
    options = arguments.parse_args()
    ours, peer = (measure(kind, options.schedules, options.idle) for kind in (Daemon, Peer))
    print(f"| {options.schedules} schedules | {Daemon.name} | {Peer.name} | ratio |\n|---|--:|--:|--:|")
    for name, value in ours.items():
        ratio = f"{peer[name] / value:.1f}" if value else "–"
        print(f"| {name} | {value:.2f} | {peer[name]:.2f} | {ratio} |")


if __name__ == "__main__":
    main()
