"""The tarball in a Debian 11, whose glibc is older than what the programs were built with."""
import json
import shutil
import subprocess
import time

import pytest

import roots
from calendar_fleet import NEXT, write_calendar
from machine import FLEET

PROGRAM = "/opt/lamplighter/bin/lamplighter"
QUIET = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": "/root"}


@pytest.fixture(scope="module")
def root(tarball, scratch):
    with roots.debian11().copy(scratch) as copy:
        shutil.copytree(tarball, copy / "opt/lamplighter", symlinks=True)
        (copy / "usr/local/bin").mkdir(parents=True, exist_ok=True)
        (copy / "usr/local/bin/lamplighter").symlink_to(PROGRAM)
        copy.write("tmp/fleet.yaml", FLEET)
        yield copy


def test_it_is_a_debian_that_could_not_run_it_otherwise(root):
    assert root.run("cat", "/etc/debian_version").stdout.startswith("11.")
    alone = root.run("/lib64/ld-linux-x86-64.so.2", "/opt/lamplighter/lib/lamplighter/lamplighter", "--version", check=False)
    assert alone.returncode != 0


@pytest.mark.parametrize("command", [PROGRAM, "lamplighter"])
def test_it_runs_from_its_folder_and_by_a_link(root, command):
    assert root.run(command, "--version", PATH="/usr/local/bin:/usr/bin:/bin").stdout.startswith("0.")


def test_the_demo_runs(root):
    demo = "/opt/lamplighter/share/doc/lamplighter/examples/lower-environments.yaml"
    assert "START STATUS: SUCCESS" in root.run(PROGRAM, "start", "-f", demo, "--simulate=max", "--seed", "7", **QUIET).stdout


def test_a_calendar_s_rules_are_read(root):
    write_calendar(root)
    assert "skipped: not on holidays" in root.run(PROGRAM, *NEXT, **QUIET).stdout


def test_it_talks_to_a_cloud_and_runs_as_a_daemon(root):
    environment = {**roots.CLEAN, **QUIET, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    cloud = subprocess.Popen(root.command(PROGRAM, "simulate", "-f", "/tmp/fleet.yaml", "--port", "0", "--speed", "600"),
                             stdout=subprocess.PIPE, text=True, env=environment)
    try:
        environment["AWS_ENDPOINT_URL"] = next(word for line in cloud.stdout for word in line.split() if word.startswith("http://"))
        daemon = subprocess.Popen(root.command(PROGRAM, "serve", "-f", "/tmp/fleet.yaml", "--port", "0", "--speed", "600"),
                                  stdout=subprocess.PIPE, text=True, env=environment)
        try:
            assert any("API at http://" in line for line in daemon.stdout)
            run = root.run(PROGRAM, "stop", "-y", "-f", "/tmp/fleet.yaml", **QUIET)
            assert "SHUTDOWN STATUS: SUCCESS" in run.stdout
            (execution,) = json.loads(root.run(PROGRAM, "executions", "--json", **QUIET).stdout)
            assert execution["status"] == "SUCCEEDED"
            began = time.monotonic()
            daemon.terminate()
            assert daemon.wait(timeout=20) == 0 and time.monotonic() - began < 5
        finally:
            daemon.kill()
            daemon.communicate()
    finally:
        cloud.kill()
        cloud.communicate()
