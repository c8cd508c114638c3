"""What a state directory keeps: hours, backups and what is restored of them, pruning, modes."""

import contextlib
import datetime
import os
import random
import resource
import signal
import sqlite3
import stat
import subprocess
import threading
import time

import boto3
import pytest

from harness import Lamplighter, simulated_cloud
from test_daemon import Daemon, at, executions, fleet_of, now, serving

STATE = ".local/state/lamplighter"


@pytest.fixture
def program(lamplighter, tmp_path):
    """The binary beside a simulated cloud of one fleet, an environment each of dev and test."""
    path = fleet_of(tmp_path / "fleet.yaml", ["dev", "test"], [])
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, "600", fleet=path) as program.env["AWS_ENDPOINT_URL"]:
        yield program


def run(program, verb, *arguments):
    done = program(verb, *arguments, "--speed", "600", *(["--yes"] if verb == "stop" else []))
    assert done.code == 0, done.stderr
    return done


def database(program, name="engine.db", state=STATE):
    connection = sqlite3.connect(program.home / state / name, timeout=30)
    return contextlib.closing(connection), connection


def change(program, sql, name="engine.db"):
    closing, connection = database(program, name)
    with closing, connection:
        connection.execute(sql)


def test_hours_are_counted_by_hand_and_by_the_daemon(program):
    assert program("hours").code == 2  # nothing was started from here yet
    run(program, "start", "dev")
    row, = program("hours", "--json").json
    assert (row["fleet"], row["environment"]) == ("f", "dev")
    assert row["running_seconds"] > 0 and row["stopped_seconds"] == 0
    run(program, "stop", "dev")
    row = program("hours", "dev", "--json").json[-1]
    assert row["running_seconds"] > 0 and row["stopped_seconds"] >= 0
    month = program("hours", "--months", "1", "--json").json[-1]
    assert month["month"] == row["day"][:7] and month["running_seconds"] >= row["running_seconds"]
    assert "dev" in program("hours").stdout
    with serving(program, program.home / "fleet.yaml", "--speed", "600") as daemon:
        run(program, "start", "test")
        for _ in range(300):
            if any(row["environment"] == "test" for row in program("hours", "--json").json):
                break
            time.sleep(0.1)
        assert {row["environment"] for row in program("hours", "--json").json} == {"dev", "test"}
        daemon.end()


def test_what_a_cancelled_run_left_is_unknown(program):
    run(program, "start", "dev")
    run(program, "stop", "dev")
    begun = subprocess.Popen([program.program, "start", "dev", "--speed", "1"], env=program.env, cwd=program.home,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        for _ in range(300):
            running = [one["execution"] for one in executions(program) if one["status"] == "RUNNING"]
            if running:
                break
            time.sleep(0.1)
    finally:
        begun.kill()
        begun.wait()
    before = program("hours", "dev", "--json").json
    assert program("cancel", running[0]).code == 0
    after = program("hours", "dev", "--json").json
    time.sleep(1.1)
    later = program("hours", "dev", "--json").json

    def known(rows):
        return sum(row["running_seconds"] + row["stopped_seconds"] for row in rows)

    assert known(after) <= known(before) + 1 and known(later) == known(after)
    assert sum(row["unknown_seconds"] for row in later) > sum(row["unknown_seconds"] for row in after)


def test_hours_survive_the_executions_that_they_were_counted_from(program):
    run(program, "start", "dev")
    change(program, "UPDATE execution SET ended = ended - 200 * 86400000")
    counted = program("hours", "dev", "--json").json
    run(program, "start", "test")
    assert [one["status"] for one in executions(program)] == ["SUCCEEDED"], "the old one went"
    assert sum(row["running_seconds"] for row in program("hours", "dev", "--json").json) >= sum(
        row["running_seconds"] for row in counted) > 0


def test_an_occurrence_whose_execution_was_pruned_does_not_happen_again(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [])
    with simulated_cloud(lamplighter, "600", fleet=path) as program.env["AWS_ENDPOINT_URL"]:
        due = now() + datetime.timedelta(seconds=4)
        fleet_of(path, ["dev"], [{"name": "soon", "action": "start", "at": at(due), "late": "24h"}])
        daemon = Daemon(program, path)
        daemon.wait_for('f: start "soon", due')
        for _ in range(300):
            if executions(program)[0]["status"] == "SUCCEEDED":
                break
            time.sleep(0.1)
        daemon.end()
        change(program, "UPDATE execution SET ended = ended - 200 * 86400000, noted = 1")
        daemon = Daemon(program, path)
        for _ in range(100):
            if not executions(program):
                break
            time.sleep(0.1)
        assert executions(program) == []
        time.sleep(2.2)  # the file is looked at, and the schedules with it, each second
        daemon.end()
        Daemon(program, path).end()
        assert executions(program) == []
        assert daemon.log.read_text().count('start "soon", due') == 1


def states_client(program, url):
    keys = program("credentials").json
    return boto3.client("stepfunctions", region_name="us-east-1", endpoint_url=url,
                        aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"])


def url_of(daemon):
    return daemon.log.read_text().rsplit("Step Functions API at ", 1)[1].split()[0]


DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'


def test_a_backup_under_load_is_whole_and_serves_elsewhere(program):
    backup = program.home / "backup"
    with serving(program, program.home / "fleet.yaml", "--speed", "600") as daemon:
        states = states_client(program, url_of(daemon))
        machine = states.create_state_machine(name="quick", definition=DEFINITION, roleArn="arn:aws:iam::1:role/r")
        waits = states.create_state_machine(
            name="waits", roleArn="arn:aws:iam::1:role/r",
            definition='{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 900000, "End": true}}}')
        states.start_execution(stateMachineArn=waits["stateMachineArn"], name="long")
        confirmed, ending = [], threading.Event()

        def start():
            for i in range(100_000):
                if ending.is_set():
                    return
                states.start_execution(stateMachineArn=machine["stateMachineArn"], name=f"n{i}")
                confirmed.append(f"n{i}")

        thread = threading.Thread(target=start)
        thread.start()
        try:
            while len(confirmed) < 50:
                time.sleep(0.01)
            before = list(confirmed)
            made = program("backup", backup)
            assert made.code == 0, made.stderr
            assert "1 of them running" in made.stdout or "running" in made.stdout
        finally:
            ending.set()
            thread.join()
        assert len(confirmed) > len(before), "starts went on meanwhile"
        refused = program("backup", backup)
        assert refused.code == 2 and "--overwrite" in refused.stderr
        assert program("backup", backup, "--overwrite").code == 0
        daemon.end()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in program.home.glob("backup*")] == ["backup"]

    restored = program("restore", backup, "--state-dir", program.home / "elsewhere")
    assert restored.code == 0 and "ABORTED here" in restored.stdout, restored.stdout + restored.stderr
    assert program("restore", backup, "--state-dir", program.home / "elsewhere").code == 2
    with serving(program, program.home / "fleet.yaml", "--speed", "600", "--state-dir", program.home / "elsewhere") as daemon:
        there = {one["name"]: one["status"] for one in program("executions", "--json", "--state-dir", program.home / "elsewhere").json}
        assert there["long"] == "ABORTED"
        assert {there[name] for name in before} == {"SUCCEEDED"}
        done = program("start", "dev", "--speed", "600", "--state-dir", program.home / "elsewhere")
        assert done.code == 0, done.stderr
        daemon.end()
    # A copy in which what was running goes on, after a crash as it were.
    assert program("restore", backup, "--state-dir", program.home / "going-on", "--go-on").code == 0
    there = program("executions", "--json", "--state-dir", program.home / "going-on").json
    assert {one["status"] for one in there if one["name"] == "long"} == {"RUNNING"}


def killed_after(program, seconds, *arguments):
    """Whether it was killed before its end."""
    process = subprocess.Popen([program.program, *map(str, arguments)], env=program.env, cwd=program.home,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        process.wait(timeout=seconds)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def test_killed_while_it_backs_up_or_restores_nothing_is_half_there(program):
    run(program, "start", "dev")
    change(program, "INSERT INTO history SELECT 900000000000 + value, 1, 0, randomblob(100000) FROM "
                    "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 300) SELECT value FROM n)")
    begun = time.monotonic()
    assert program("backup", program.home / "first").code == 0
    takes = time.monotonic() - begun
    draw = random.Random(3)
    kills = 0
    for i in range(8):
        target = program.home / f"backup-{i}"
        kills += killed_after(program, draw.uniform(0, takes), "backup", target)
        if target.exists():
            assert program("restore", target, "--state-dir", program.home / f"of-{i}").code == 0
        assert program("backup", target, "--overwrite").code == 0
    assert kills >= 4
    assert not list(program.home.glob("*.part*"))
    kills = 0
    for i in range(8):
        target = program.home / f"restored-{i}"
        kills += killed_after(program, draw.uniform(0, takes), "restore", program.home / "first", "--state-dir", target)
        if not target.exists():
            assert program("restore", program.home / "first", "--state-dir", target).code == 0
        assert [one["status"] for one in program("executions", "--json", "--state-dir", target).json] == ["SUCCEEDED"]
    assert kills >= 2
    assert not list(program.home.glob("*.part*"))


def test_a_full_disk_is_said_and_leaves_nothing(program):
    run(program, "start", "dev")

    def no_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    assert program("backup", program.home / "whole").code == 0
    for arguments in (["backup", "file"], ["restore", "whole", "--state-dir", "other"]):
        done = subprocess.run([program.program, *arguments], env=program.env, cwd=program.home, preexec_fn=no_room,
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 1, done.stderr
        assert "full" in done.stderr or "too large" in done.stderr.lower() or "I/O" in done.stderr, done.stderr
    assert {path.name for path in program.home.iterdir()} == {".local", "fleet.yaml", "whole"}


def test_what_is_no_backup_is_refused(program):
    for name, content in (("text", b"hello\n" * 2000), ("empty", b"")):
        (program.home / name).write_bytes(content)
        refused = program("restore", program.home / name, "--state-dir", program.home / "other")
        assert refused.code == 2 and "Nothing was changed" in refused.stderr
    refused = program("restore", program.home / "none", "--state-dir", program.home / "other")
    assert refused.code == 2 and "there is no such file" in refused.stderr
    refused = program("backup", program.home / "file", "--state-dir", program.home / "other")
    assert refused.code == 2 and "nothing to back up" in refused.stderr
    assert not (program.home / "other").exists()


def test_the_state_directory_is_its_owner_s_whatever_the_umask(program):
    before = os.umask(0)
    try:
        with serving(program, program.home / "fleet.yaml", "--speed", "600") as daemon:
            run(program, "start", "dev")
            program("credentials")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (program.home / STATE).iterdir()}
            daemon.end()
    finally:
        os.umask(before)
    assert stat.S_IMODE((program.home / STATE).stat().st_mode) == 0o700
    assert {"engine.db", "engine.db-wal", "schedules.sqlite", "hours.sqlite", "socket", "lock", "api-key.json"} <= set(modes)
    assert set(modes.values()) == {0o600}, modes
    (program.home / STATE).chmod(0o755)
    with serving(program, program.home / "fleet.yaml", "--speed", "600") as daemon:
        daemon.wait_for("is open to others (found mode 0755, expected 0700)")
        daemon.end()
    assert stat.S_IMODE((program.home / STATE).stat().st_mode) == 0o755, "left as people set it"


def test_how_long_executions_stay_is_the_directory_s(program):
    for wrong in (["--keep-executions", "x"], ["--keep-size", "1GB"]):
        refused = program("serve", "--port", "0", *wrong)
        assert refused.code == 2 and wrong[0] in refused.stderr
    run(program, "start", "dev")
    change(program, "UPDATE execution SET ended = ended - 200 * 86400000, noted = 1")
    with serving(program, program.home / "fleet.yaml", "--speed", "600", "--keep-executions", "365d") as daemon:
        daemon.end()
    run(program, "start", "test")  # by hand, without a daemon: the directory's figure counts
    assert len(executions(program)) == 2
    with serving(program, program.home / "fleet.yaml", "--speed", "600", "--keep-executions", "90d") as daemon:
        for _ in range(100):
            if len(executions(program)) == 1:
                break
            time.sleep(0.1)
        daemon.end()
    assert len(executions(program)) == 1
