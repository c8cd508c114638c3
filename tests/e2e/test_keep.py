"""What a state directory keeps: hours, backups and what is restored of them, pruning, modes."""

import contextlib
import datetime
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import tempfile
import threading
import time

import boto3
import pytest

from harness import Lamplighter, simulated_cloud
from test_beside import as_nobody
from test_daemon import Daemon, at, executions, fleet_of, now, serving

STATE = ".local/state/lamplighter"


@pytest.fixture
def program(lamplighter, tmp_path):
    """The binary beside a simulated cloud of one fleet, an environment each of dev and test."""
    path = fleet_of(tmp_path / "fleet.yaml", ["dev", "test"], [])
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, "600", fleet=path) as program.env["AWS_ENDPOINT_URL"]:
        yield program


def start(program, *arguments):
    done = program("start", *arguments, "--speed", "600")
    assert done.code == 0, done.stderr


def database(program, name="engine.db", state=STATE):
    connection = sqlite3.connect(program.home / state / name, timeout=30)
    return contextlib.closing(connection), connection


def change(program, sql, name="engine.db"):
    closing, connection = database(program, name)
    with closing, connection:
        connection.execute(sql)


def sums(program, environment):
    """Seconds that it ran, was stopped, and nobody knows, in all."""
    rows = program("hours", environment, "--json").json
    return tuple(sum(row[key] for row in rows) for key in ("running_seconds", "stopped_seconds", "unknown_seconds"))


def test_hours_are_counted_by_hand_and_by_the_daemon(cloud, run):
    path = fleet_of(run.home / "fleet.yaml", ["dev", "test"], [])
    cloud.launch(["server-dev", "server-test"])
    cloud.sns.create_topic(Name="mailme")
    assert run("hours").code == 2  # nothing was started from here yet
    assert run("start", "dev").code == 0
    time.sleep(1.1)
    running, stopped, unknown = sums(run, "dev")
    assert running > 0 and stopped == 0 and unknown > 0, "nobody knows what was before"
    assert run("stop", "dev", "--yes").code == 0
    time.sleep(1.1)
    before = sums(run, "dev")
    time.sleep(1.1)
    after = sums(run, "dev")
    assert after[0] == before[0] >= running and after[1] > before[1] > 0
    month = run("hours", "dev", "--months", "1", "--json").json[-1]
    assert month["month"] and month["stopped_seconds"] > 0
    assert "dev" in run("hours").stdout and "test" not in run("hours").stdout
    with serving(run, path) as daemon:
        assert run("start", "test").code == 0
        for _ in range(300):
            if run("hours", "test", "--json").json:
                break
            time.sleep(0.1)
        assert sums(run, "test")[0] >= 0 and len(run("hours", "--json").json) >= 2
        daemon.end()


def test_what_a_cancelled_run_left_is_unknown(cloud, run):
    fleet_of(run.home / "fleet.yaml", ["dev"], [])
    cloud.launch(["server-dev"])
    cloud.sns.create_topic(Name="mailme")
    assert run("stop", "dev", "--yes").code == 0
    begun = subprocess.Popen([run.program, "start", "dev"], env=run.env, cwd=run.home, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    running = []
    try:
        for _ in range(3000):
            assert begun.poll() is None
            # Before that whoever looks would hold the directory.
            if (run.home / STATE / "socket").exists():
                running = [one["execution"] for one in executions(run) if one["status"] == "RUNNING"]
            if running:
                break
            time.sleep(0.01)
    finally:
        begun.kill()
        begun.wait()
    assert run("cancel", running[0]).code == 0
    before = sums(run, "dev")
    time.sleep(1.1)
    after = sums(run, "dev")
    assert after[:2] == before[:2] and after[2] > before[2]


def test_hours_outlive_the_executions_that_they_were_counted_from(cloud, run):
    fleet_of(run.home / "fleet.yaml", ["dev", "test"], [])
    cloud.launch(["server-dev", "server-test"])
    cloud.sns.create_topic(Name="mailme")
    assert run("start", "dev").code == 0
    first = executions(run)[0]["name"]
    change(run, "UPDATE execution SET noted = 0")  # killed before it was counted
    change(run, "INSERT OR REPLACE INTO retention VALUES (0, 0, 0, 0)")  # nothing that has ended stays
    run_hours = run.home / STATE / "hours.sqlite"
    run_hours.unlink()
    for log in run_hours.parent.glob("hours.sqlite-*"):
        log.unlink()
    assert run("start", "test").code == 0  # prunes, and counts first
    assert first not in [one["name"] for one in executions(run)]
    time.sleep(1.1)
    assert sums(run, "dev")[0] > 0


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


def test_what_began_while_a_backup_was_made_does_not_begin_again(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [])
    with simulated_cloud(lamplighter, "600", fleet=path) as program.env["AWS_ENDPOINT_URL"]:
        due = now() + datetime.timedelta(seconds=4)
        fleet_of(path, ["dev"], [{"name": "soon", "action": "start", "at": at(due), "late": "24h"}])
        with serving(program, path) as daemon:
            assert program("backup", tmp_path / "before").code == 0  # holds the schedule, not yet its start
            daemon.wait_for('f: start "soon", due')
            assert program("backup", tmp_path / "after").code == 0
            daemon.end()
        for name in ("before", "after"):
            assert program("restore", tmp_path / name, "--state-dir", tmp_path / f"of-{name}", "--go-on").code == 0
        # As the scheduler's was copied, and then the engine's, with the start between them.
        (tmp_path / "of-before/schedules.sqlite").rename(tmp_path / "of-after/schedules.sqlite")
        before = program("executions", "--json", "--state-dir", tmp_path / "of-after").json
        with serving(program, path, "--state-dir", tmp_path / "of-after") as daemon:
            daemon.wait_for('f: start "soon", due', daemon.log.read_text().rindex("Step Functions API"))
            after = program("executions", "--json", "--state-dir", tmp_path / "of-after").json
            daemon.end()
        assert [one["name"] for one in after] == [one["name"] for one in before] and len(after) == 1


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

        def load():
            for i in range(100_000):
                if ending.is_set():
                    return
                states.start_execution(stateMachineArn=machine["stateMachineArn"], name=f"n{i}")
                confirmed.append(f"n{i}")

        thread = threading.Thread(target=load)
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
    assert [path.name for path in program.home.iterdir() if "backup" in path.name] == ["backup"]

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
    start(program, "dev")
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
    assert not list(program.home.glob(".*part*"))
    kills = 0
    for i in range(8):
        target = program.home / f"restored-{i}"
        kills += killed_after(program, draw.uniform(0, takes), "restore", program.home / "first", "--state-dir", target)
        if not target.exists():
            assert program("restore", program.home / "first", "--state-dir", target).code == 0
        assert [one["status"] for one in program("executions", "--json", "--state-dir", target).json] == ["SUCCEEDED"]
    assert kills >= 2
    assert not list(program.home.glob(".*part*"))


def test_a_full_disk_is_said_and_leaves_nothing(program):
    start(program, "dev")

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


def test_a_directory_that_may_only_be_read_is_backed_up_and_its_hours_told(cloud, run):
    fleet_of(run.home / "fleet.yaml", ["dev"], [])
    cloud.launch(["server-dev"])
    cloud.sns.create_topic(Name="mailme")
    assert run("start", "dev").code == 0
    place = pathlib.Path(tempfile.mkdtemp(prefix="lamplighter-read-only-"))
    try:
        binary = pathlib.Path(shutil.copy(run.program, place / "lamplighter"))
        kept = pathlib.Path(shutil.copytree(run.home / STATE, place / "state", ignore=shutil.ignore_patterns("socket")))
        for path in (*kept.iterdir(), kept, place):
            path.chmod(0o555 if path.is_dir() else 0o444)
        binary.chmod(0o555)
        (target := place / "target").mkdir()
        target.chmod(0o777)
        told = as_nobody(binary, place, "hours", "dev", "--json", "--state-dir", kept)
        assert told.returncode == 0, told.stderr
        assert sum(row["running_seconds"] for row in json.loads(told.stdout)) >= 0
        made = as_nobody(binary, place, "backup", target / "backup", "--state-dir", kept)
        assert made.returncode == 0, made.stderr
        assert {path.name for path in target.iterdir()} == {"backup"}
        refused = as_nobody(binary, place, "backup", place / "backup", "--state-dir", kept)
        assert refused.returncode == 1 and f"{place}/" in refused.stderr and "Permission denied" in refused.stderr
        assert run("restore", target / "backup", "--state-dir", run.home / "restored").code == 0
        [one] = run("executions", "--json", "--state-dir", run.home / "restored").json
        assert one["status"] == "SUCCEEDED"
    finally:
        for path in (place, place / "state"):
            path.chmod(0o755)
        shutil.rmtree(place)


def copies_of_the_first(program, count, noted):
    """As many executions as the one that is there, which ended a hundred days before it."""
    change(program, f"""INSERT INTO execution SELECT e.id + n.value, e.arn || n.value, e.name || n.value, state_machine_arn, role_arn,
        definition, seed, status, started - 8640000000, ended - 8640000000, bytes, started_by, {noted}
        FROM execution e, (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT {count}) SELECT value FROM n) n
        WHERE e.id = 1""")
    change(program, """INSERT INTO history SELECT h.id + (e.id - 1) * 1048576, h.last_event, h.due, h.records FROM history h, execution e
        WHERE h.id < 2 * 1048576 AND e.id > 1""")


def counts(program):
    closing, connection = database(program)
    with closing:
        one = lambda sql: connection.execute(sql).fetchone()[0]  # noqa: E731
        assert one("PRAGMA quick_check") == "ok"
        lonely = one("SELECT count(*) FROM history WHERE id / 1048576 NOT IN (SELECT id FROM execution)")
        bare = one("SELECT count(*) FROM execution WHERE id NOT IN (SELECT id / 1048576 FROM history)")
        return one("SELECT count(*) FROM execution"), one("SELECT count(*) FROM execution WHERE noted = 0"), lonely, bare


@pytest.mark.parametrize("noted", [1, 0], ids=["pruning", "counting hours"])
def test_killed_while_it_prunes_or_counts_hours_nothing_is_lost_or_counted_twice(cloud, run, noted):
    fleet_of(run.home / "fleet.yaml", ["dev"], [])
    cloud.launch(["server-dev"])
    cloud.sns.create_topic(Name="mailme")
    assert run("start", "dev").code == 0
    before = sums(run, "dev")
    copies_of_the_first(run, 2_000, noted)
    if not noted:
        change(run, "UPDATE execution SET noted = 0")
        (run.home / STATE / "hours.sqlite").unlink()
    draw, kills = random.Random(10), 0
    for _ in range(8):
        daemon = Daemon(run, run.home / "fleet.yaml")
        time.sleep(draw.uniform(0, 0.8))
        daemon.kill()
        left, unnoted, lonely, bare = counts(run)
        assert (lonely, bare) == (0, 0), "an execution goes whole, or stays whole"
        kills += 1 < left < 2_001 or 0 < unnoted < 2_001
    assert kills >= 2, "some came in the middle of it"
    with serving(run, run.home / "fleet.yaml") as daemon:
        for _ in range(600):
            if counts(run)[0] == 1:
                break
            time.sleep(0.1)
        daemon.end()
    assert counts(run) == (1, 0, 0, 0)
    after = sums(run, "dev")
    assert after[0] >= before[0] and abs(sum(after) - sum(before)) < 120, (before, after)


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
            start(program, "dev")
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
    start(program, "dev")
    change(program, "UPDATE execution SET ended = ended - 200 * 86400000, noted = 1")
    with serving(program, program.home / "fleet.yaml", "--speed", "600", "--keep-executions", "365d") as daemon:
        daemon.end()
    start(program, "test")  # by hand, without a daemon: the directory's figure counts
    assert len(executions(program)) == 2
    with serving(program, program.home / "fleet.yaml", "--speed", "600", "--keep-executions", "90d") as daemon:
        for _ in range(100):
            if len(executions(program)) == 1:
                break
            time.sleep(0.1)
        daemon.end()
    assert len(executions(program)) == 1
