"""A daemon is killed (SIGKILL) again and again while its schedules start and stop environments: each occurrence happens once,
and at the end each server and alarm is as the last occurrence wants it, with one mail an execution.

LAMPLIGHTER_PROOF_LENGTH=20 kills it 100 times."""

import collections
import json
import os
import random
import re
import time
import urllib.request
from datetime import timedelta

import yaml

from harness import Lamplighter, simulated_cloud
from test_daemon import Daemon, at, executions, now

KILLS = max(2, int(5 * float(os.environ.get("LAMPLIGHTER_PROOF_LENGTH", "1"))))
MARK = " (may be a repeat)"


def look(url, what):
    with urllib.request.urlopen(f"{url}/_lamplighter/{what}", timeout=30) as answer:
        return json.load(answer)


def fleet_of(path, environments, schedules):
    path.write_text(yaml.safe_dump({
        "fleet": "f", "region": "us-east-1", "notify": {"sns": "mailme"}, "alarms": {"unmute_after": "0m"},
        **({"schedules": schedules} if schedules else {}),
        "environments": {name: {"phases": [{"name": "app", "servers": [f"server-{name}"]}]} for name in environments}}))
    return path


def planned(environments, first, apart):
    """A start each, and for every second one a stop after it."""
    schedules = []
    for i, name in enumerate(environments):
        start = first + timedelta(seconds=int(i * apart))
        schedules.append({"name": f"start-{name}", "action": "start", "at": at(start), "environments": [name]})
        if i % 2 == 0:
            schedules.append({"name": f"stop-{name}", "action": "stop", "at": at(start + timedelta(seconds=20)), "environments": [name]})
    return schedules


def killed_again_and_again(program, path, end):
    """Gives the daemon that is left."""
    draw = random.Random(5)
    begin, length = time.monotonic(), (end - now()).total_seconds()
    daemon = Daemon(program, path)
    for moment in sorted(draw.uniform(1, length) for _ in range(KILLS)):
        time.sleep(max(0.02, begin + moment - time.monotonic()))  # kills come whenever they come
        daemon.kill()
        daemon = Daemon(program, path)
    return daemon


def all_ended(program, count):
    end = time.monotonic() + 120
    while time.monotonic() < end:
        ran = executions(program)
        if len(ran) == count and all(one["status"] != "RUNNING" for one in ran):
            return ran
        time.sleep(0.5)
    raise AssertionError(ran)


def test_a_daemon_that_is_killed_again_and_again_ends_right(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    environments = [f"e{i}" for i in range(max(2, KILLS // 8))]
    apart = max(2, KILLS / len(environments))
    path = fleet_of(tmp_path / "fleet.yaml", environments, [])
    with simulated_cloud(lamplighter, "200", fleet=path) as url:
        program.env["AWS_ENDPOINT_URL"] = url
        persons = {alarm["name"] for alarm in look(url, "alarms") if not alarm["tags"]}  # who disabled them leaves no mark
        schedules = planned(environments, now() + timedelta(seconds=4), apart)
        fleet_of(path, environments, schedules)
        daemon = killed_again_and_again(program, path, now() + timedelta(seconds=4 + 20 + len(environments) * apart))
        ran = all_ended(program, len(schedules))
        daemon.end()
        servers = {one["name"]: one["state"] for one in look(url, "servers")}
        alarms = look(url, "alarms")
        mails = look(url, "outbox")
    assert "missed" not in daemon.log.read_text()
    started = ["-".join(one["execution"].split("-")[:2]) for one in ran]
    assert sorted(started) == sorted(one["name"] for one in schedules)
    assert {one["status"] for one in ran} == {"SUCCEEDED"}
    stopped = {f"server-{name}" for name in environments[::2]}
    assert servers == {f"server-{name}": "stopped" if f"server-{name}" in stopped else "running" for name in environments}
    for alarm in alarms:
        ours = alarm["name"] not in persons
        is_mute = any(alarm["name"].startswith(server + "-") for server in stopped)
        wanted = (not is_mute, is_mute) if ours else (False, False)
        assert (alarm["actions_enabled"], "lamplighter:muted" in alarm["tags"]) == wanted, alarm
    # Within Publish nobody can know whether the mail went out: then it goes again, and says so.
    of = collections.defaultdict(list)
    for mail in mails:
        of[re.search(r"Execution  (\S+)", mail["message"])[1]].append(MARK in mail["subject"])
    assert sorted(of) == sorted(one["execution"] for one in ran)
    assert all(marks in ([False], [True], [False, True]) for marks in of.values()), of
    repeats = sum(map(sum, of.values()))
    print(f"killed {KILLS} times in {len(ran)} executions: each once, {len(mails)} mails, {repeats} of them marked as a repeat")
