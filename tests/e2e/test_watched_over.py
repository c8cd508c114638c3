"""What a daemon's log and metrics tell of a fleet's executions."""

import contextlib
import datetime
import json
import pathlib
import sys
import time
import urllib.request

from harness import Lamplighter, simulated_cloud
from test_daemon import at, fleet_of, now, serving

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "process"))
import prometheus_text  # noqa: E402


def lines_of(daemon, event):
    """The log's objects with this event, so far."""
    found = []
    for line in daemon.log.read_text().splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            found += [read] if (read := json.loads(line))["event"] == event else []
    return found


def metric(daemon, name, **labels):
    url = next(line["message"].split()[4] for line in reversed(lines_of(daemon, "listening")))
    with urllib.request.urlopen(url + "/metrics", timeout=20) as answer:
        return prometheus_text.value(prometheus_text.parse(answer.read().decode()), name, **labels)


def ran_today(daemon, environment):
    """In seconds; nothing before it was counted, nor at midnight."""
    with contextlib.suppress(KeyError):
        return metric(daemon, "lamplighter_environment_running_seconds_today", fleet="f", environment=environment)
    return 0


def test_an_environment_that_halts_is_told_and_counted_and_its_neighbours_success_too(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev", "test"], [])
    success = {"fleet": "f", "action": "start"}
    with simulated_cloud(lamplighter, "300", "--fault", "capacity:server-test", "--fault", "topic-denied:mailme", fleet=path) as program.env["AWS_ENDPOINT_URL"]:
        fleet_of(path, ["dev", "test"], [{"name": "soon", "action": "start", "at": at(now() + datetime.timedelta(minutes=10))}])
        with serving(program, path, "--speed", "300", "--log-format", "json") as daemon:
            assert metric(daemon, "lamplighter_environment_last_success_timestamp_seconds", environment="dev", **success) == 0
            daemon.wait_for('"execution_failed"')
            halted, = lines_of(daemon, "environment_halted")
            ended, = lines_of(daemon, "execution_failed")
            started, = lines_of(daemon, "execution_started")
            occurrence, = lines_of(daemon, "occurrence_started")
            name = occurrence["execution"]
            assert name.startswith("soon-") and {halted["execution"], ended["execution"], started["execution"]} == {name}
            assert {one["fleet"] for one in (halted, ended, started, occurrence)} == {"f"}
            assert halted["environment"] == "test" and "test halted in app: " in halted["message"]
            assert started["message"] == f"{name}: started by schedule soon"
            assert ended["message"] == f"{name}: FAILED; ready: dev; halted: test (in app)"
            mail, = lines_of(daemon, "mail_not_sent")
            assert mail["execution"] == name and "the report was not sent: " in mail["message"]
            assert metric(daemon, "lamplighter_environments_halted_total", fleet="f") == 1
            assert metric(daemon, "lamplighter_occurrences_total", fleet="f", outcome="started") == 1
            assert metric(daemon, "lamplighter_executions_ended_total", status="FAILED") == 1
            assert metric(daemon, "lamplighter_aws_calls_total", service="ec2", operation="StartInstances") > 0
            last = metric(daemon, "lamplighter_environment_last_success_timestamp_seconds", environment="dev", **success)
            assert last > 0
            assert metric(daemon, "lamplighter_environment_last_success_timestamp_seconds", environment="test", **success) == 0
            end = time.monotonic() + 20
            while not ran_today(daemon, "dev"):
                assert time.monotonic() < end
                time.sleep(0.05)
            daemon.end()
        # Another process knows it from the past.
        with serving(program, path, "--speed", "300", "--log-format", "json") as daemon:
            end = time.monotonic() + 20
            while metric(daemon, "lamplighter_environment_last_success_timestamp_seconds", environment="dev", **success) != last:
                assert time.monotonic() < end
                time.sleep(0.05)
            daemon.end()
