"""The daemon fires a fleet's schedules: each occurrence once, whatever happens to the process and to the file."""

import contextlib
import datetime
import json
import pathlib
import random
import re
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request

import yaml

from harness import Lamplighter, free_port, simulated_cloud

UTC = datetime.timezone.utc


def now():
    return datetime.datetime.now(UTC)


def at(moment):
    """The schedule's expression, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def fleet_of(path, environments, schedules):
    path.write_text(yaml.safe_dump({
        "fleet": "f", "region": "us-east-1", "notify": {"sns": "mailme"},
        **({"schedules": schedules} if schedules else {}),
        "environments": {name: {"phases": [{"name": "app", "servers": [f"server-{name}"]}]} for name in environments}}))
    return path


class Daemon:
    """`lamplighter serve` on a fleet file; what it says goes into a file."""

    def __init__(self, program, fleet, *arguments):
        self.log = program.home / "daemon.log"
        start = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                [program.program, "serve", "-f", fleet, "--port", "0", "--auth", "none", *map(str, arguments)],
                env=program.env, cwd=program.home, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        self.wait_for("Step Functions API at", start)

    def wait_for(self, words, start=0, seconds=60):
        end = time.monotonic() + seconds
        while words not in self.log.read_text()[start:]:
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()
            time.sleep(0.01)

    def events(self, name):
        """Of the log as JSON."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == name]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.terminate()
        assert self.process.wait(timeout=10) == 0


@contextlib.contextmanager
def serving(*arguments):
    daemon = Daemon(*arguments)
    try:
        yield daemon
    finally:
        daemon.kill()


def executions(program):
    return program("executions", "--json").json


def input_of(program, name):
    return json.loads(program("export", name).json["execution"]["input"])


def test_a_schedule_starts_and_stops_a_fleet(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev", "test"], [])
    with simulated_cloud(lamplighter, "300", fleet=path) as url:
        program.env["AWS_ENDPOINT_URL"] = url
        start, stop = now() + datetime.timedelta(minutes=15), now() + datetime.timedelta(minutes=45)
        fleet_of(path, ["dev", "test"], [
            {"name": "in the morning", "action": "start", "at": at(start), "environments": "all"},
            {"name": "in the evening", "action": "stop", "at": at(stop), "environments": ["dev"]}])
        with serving(program, path, "--speed", "300") as daemon:
            daemon.wait_for('f: stop "in the evening"')
            # Its own report comes at the end.
            for _ in range(600):
                with urllib.request.urlopen(url + "/_lamplighter/outbox", timeout=30) as answer:
                    mails = [mail["subject"] for mail in json.load(answer)]
                if len(mails) == 2:
                    break
                time.sleep(0.1)
            assert mails == ["START STATUS: SUCCESS - f", "SHUTDOWN STATUS: SUCCESS - f"]
            refused = program("serve", "-f", path, "--port", "0")
            assert refused.code == 2 and "in use by another lamplighter" in refused.stderr
            daemon.end()
        text = daemon.log.read_text()
        assert re.search(r"f \(.*fleet.yaml\): 2 schedules; next: start \"in the morning\" on", text)
        assert re.search(r'f: start "in the morning", due \S+ \S+ UTC: started as in-the-morning-\w{8}-\d+T\d+Z', text)
        ran = {one["execution"]: one["status"] for one in executions(program)}
        assert set(ran.values()) == {"SUCCEEDED"} and len(ran) == 2
        evening = input_of(program, next(name for name in ran if name.startswith("in-the-evening")))
        assert evening["environments"] == ["dev"]
        assert evening["occurrence"] == {"schedule": "in the evening", "due": at(stop) + ".000Z"}
        assert evening["access"]["speed"] == 300


def test_what_a_later_run_has_overtaken_does_not_go_on(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [])
    with simulated_cloud(lamplighter, "60", fleet=path) as url:
        program.env["AWS_ENDPOINT_URL"] = url
        with serving(program, path, "--speed", "60") as daemon:
            with subprocess.Popen([program.program, "start", "dev", "-f", path], env=program.env, cwd=program.home,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as watching:
                daemon.wait_for("start-")
                daemon.kill()
                watching.wait(timeout=60)
        start, = executions(program)
        assert start["status"] == "RUNNING"
        assert program("stop", "dev", "-f", path, "--yes", "--speed", "60").code == 0
        with serving(program, path, "--speed", "60", "--log-format", "json") as daemon:
            daemon.wait_for(f"{start['name']} was running, and is ended: it was overtaken by stop-")
            [left] = daemon.events("execution_left")
            assert (left["level"], left["execution"]) == ("warning", start["name"])
            assert {one["name"]: one["status"] for one in executions(program)}[start["name"]] == "ABORTED"
        with urllib.request.urlopen(url + "/_lamplighter/servers", timeout=30) as answer:
            assert [server["state"] for server in json.load(answer)] == ["stopped"]


def test_a_state_directory_that_is_taken_away_ends_the_daemon(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [])
    with serving(program, path, "--state-dir", tmp_path / "state") as daemon:
        (tmp_path / "state").rename(tmp_path / "elsewhere")
        assert daemon.process.wait(timeout=20) == 1
        assert "was removed, or replaced by another" in daemon.log.read_text()


@contextlib.contextmanager
def hung_aws():
    """An address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=200) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_each_starts_at_its_second_though_aws_hangs(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    names = [f"e{i}" for i in range(4)]
    path = fleet_of(tmp_path / "fleet.yaml", names, [])
    with hung_aws() as program.env["AWS_ENDPOINT_URL"]:
        first = now().replace(microsecond=0) + datetime.timedelta(seconds=4)
        schedules = [{"name": name, "action": "start", "at": at(first + datetime.timedelta(seconds=i)), "environments": [name]}
                     for i, name in enumerate(names[:3])]
        fleet_of(path, names, schedules)
        with serving(program, path) as daemon:
            daemon.wait_for('f: start "e0"', seconds=20)
            last = {"name": "e3", "action": "start", "at": at(now() + datetime.timedelta(seconds=6)), "environments": ["e3"]}
            fleet_of(path, names, [*schedules, last])  # while AWS is being asked
            daemon.wait_for("was changed and is in force: 4 schedules", seconds=10)
            daemon.wait_for('f: start "e3"', seconds=20)
            began = time.monotonic()
            daemon.end()
            assert time.monotonic() - began < 5
    ran = executions(program)
    assert {one["status"] for one in ran} == {"RUNNING"}, "a change of the file leaves alone what runs"
    started = {one["execution"].split("-")[0]: one["started_at"] for one in ran}
    due = {one["name"]: one["at"] for one in [*schedules, last]}
    assert {name: start[:19] for name, start in started.items()} == due


def test_what_is_due_while_nobody_answers_goes_on_once_somebody_does(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    port = free_port()
    program.env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
    due = now() + datetime.timedelta(minutes=4)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [{"name": "soon", "action": "start", "at": at(due)}])
    with serving(program, path, "--speed", "100") as daemon:
        daemon.wait_for('f: start "soon"')
        (ran,) = executions(program)
        events = lambda: [one["type"] for one in program("export", ran["execution"]).json["events"]]
        end = time.monotonic() + 60
        while "TaskFailed" not in events():
            assert time.monotonic() < end
            time.sleep(0.1)
        with simulated_cloud(lamplighter, "100", fleet=path, port=port):
            while executions(program)[0]["status"] == "RUNNING":
                assert time.monotonic() < end, daemon.log.read_text()
                time.sleep(0.1)
    assert executions(program)[0]["status"] == "SUCCEEDED"


def test_killed_at_due_moments_each_occurrence_happens_once(lamplighter, tmp_path):
    kills = 20
    program = Lamplighter(lamplighter, tmp_path, None)
    names = [f"e{i}" for i in range(kills)]
    path = fleet_of(tmp_path / "fleet.yaml", names, [])
    draw = random.Random(7)
    with simulated_cloud(lamplighter, "60", fleet=path) as program.env["AWS_ENDPOINT_URL"]:
        first = now().replace(microsecond=0) + datetime.timedelta(seconds=6)
        dues = [first + datetime.timedelta(seconds=i) for i in range(kills)]
        fleet_of(path, names, [{"name": name, "action": "start", "at": at(due), "environments": [name]}
                               for name, due in zip(names, dues)])
        for due in dues:
            daemon = Daemon(program, path)
            time.sleep(max(0, (due - now()).total_seconds() + draw.uniform(-0.02, 0.06)))  # around the moment itself
            daemon.kill()
        daemon = Daemon(program, path)
        daemon.wait_for(f'f: start "{names[-1]}", due')
        daemon.end()
        started = [one["execution"].split("-")[0] for one in executions(program)]
        assert sorted(started) == sorted(names), daemon.log.read_text()
        assert "missed" not in daemon.log.read_text()


def test_what_was_missed_is_made_up_for_or_told(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    past = now() - datetime.timedelta(minutes=3)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"],
                    [{"name": "hourly", "action": "start", "cron": f"{past.minute} * * * ? *"}])
    with simulated_cloud(lamplighter, "60", fleet=path) as program.env["AWS_ENDPOINT_URL"]:
        Daemon(program, path).end()
        # As if it had ended five and a half hours ago.
        state = tmp_path / ".local/state/lamplighter/schedules.sqlite"
        with contextlib.closing(sqlite3.connect(state)) as database, database:
            database.execute("UPDATE schedule SET done_until = done_until - 19800000, settled_until = settled_until - 19800000")
        daemon = Daemon(program, path, "--log-format", "json")
        daemon.wait_for("started, made up for, as hourly-")
        daemon.end()
    [missed] = daemon.events("occurrence_missed")
    assert re.search(r'f: start "hourly": 5 occurrences missed, due .* until .*: older than', missed["message"])
    [run] = executions(program)
    [made_up] = daemon.events("occurrence_made_up")
    assert (made_up["level"], made_up["execution"], made_up["fleet"]) == ("info", run["name"], "f")


def test_a_changed_file_is_taken_over_and_a_broken_one_is_not(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [])
    with simulated_cloud(lamplighter, "60", fleet=path) as program.env["AWS_ENDPOINT_URL"]:
        with serving(program, path) as daemon:
            fleet_of(path, ["dev"], [{"name": "soon", "action": "start", "at": at(now() + datetime.timedelta(seconds=8))}])
            daemon.wait_for("was changed and is in force: 1 schedule")
            good = path.read_text()
            path.write_text(good[:len(good) // 2] + "\n  - [")
            daemon.wait_for("is refused, the fleet as it was stays in force")
            daemon.wait_for('f: start "soon"')
        daemon = Daemon(program, path)
        daemon.wait_for("its last good copy, for it is broken): 1 schedule; none is ever due again")
        daemon.end()
    broken = fleet_of(tmp_path / "other.yaml", [], [])
    refused = program("serve", "-f", broken, "--port", "0", "--state-dir", tmp_path / "fresh")
    assert refused.code == 2 and "other.yaml:" in refused.stderr
    program.env.pop("AWS_ENDPOINT_URL")
    refused = program("serve", "-f", path, "--speed", "9")
    assert refused.code == 2 and "--speed is for a simulated cloud on this machine" in refused.stderr


def test_a_process_that_slept_over_the_moment_catches_up(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    due = now() + datetime.timedelta(seconds=5)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [{"name": "soon", "action": "start", "at": at(due)}])
    with simulated_cloud(lamplighter, "60", fleet=path) as program.env["AWS_ENDPOINT_URL"], serving(program, path) as daemon:
        daemon.process.send_signal(signal.SIGSTOP)
        time.sleep(max(0, (due - now()).total_seconds()) + 1.5)
        assert "started" not in daemon.log.read_text()
        daemon.process.send_signal(signal.SIGCONT)
        daemon.wait_for('f: start "soon"')
        daemon.end()
    assert len(executions(program)) == 1


def test_a_running_daemon_goes_by_a_new_tzdata(lamplighter, tmp_path):
    """The zone's clock is put two hours ahead, so that what is due in two hours is due now."""
    program = Lamplighter(lamplighter, tmp_path, None)
    zones = tmp_path / "zoneinfo"
    (zones / "Test").mkdir(parents=True)

    def set_zone(like):
        fresh = zones / "fresh"
        fresh.write_bytes(pathlib.Path("/usr/share/zoneinfo/Etc", like).read_bytes())
        fresh.rename(zones / "Test/Place")  # as a package's update does it

    set_zone("GMT")
    program.env["TZDIR"] = str(zones)
    due = now() + datetime.timedelta(seconds=6)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [
        {"name": "soon", "action": "start", "at": at(due + datetime.timedelta(hours=2)), "timezone": "Test/Place"}])
    with hung_aws() as program.env["AWS_ENDPOINT_URL"], serving(program, path) as daemon:
        set_zone("GMT-2")  # two hours ahead of UTC: POSIX's sign
        daemon.wait_for('f: start "soon"', seconds=20)
        daemon.end()
    (ran,) = executions(program)
    assert ran["started_at"][:19] == at(due)
