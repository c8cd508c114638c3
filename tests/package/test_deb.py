"""The package in a bare Debian 12: installed, run as a daemon, upgraded, removed."""
import json
import os
import pathlib
import re
import stat
import subprocess
import time

import pytest

from calendar_fleet import NEXT, write_calendar
from machine import FLEET

DEMO = "/usr/share/doc/lamplighter/examples/lower-environments.yaml"
UNIT = "lamplighter.service"


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def owner_of(root, path):
    return root.run("stat", "-c", "%U:%G", path).stdout.strip()


def wait_until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


@pytest.fixture
def cloud(lamplighter, tmp_path):
    """A simulated cloud for the machines' fleet, 600 times as fast."""
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(FLEET)
    process = subprocess.Popen([lamplighter, "simulate", "-f", fleet, "--port", "0", "--speed", "600"], stdout=subprocess.PIPE, text=True)
    address = next(word for line in process.stdout for word in line.split() if word.startswith("http://"))
    yield {"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "LAMPLIGHTER_OPTIONS": "--port 0 --speed 600"}
    process.kill()
    process.communicate()


# ---- installed

def test_nothing_runs_until_somebody_says_so(installed):
    asked = installed.asked()
    assert asked and not any(word in line for line in asked for word in ("start", "enable", "preset")), asked
    assert not installed.is_enabled() and not (installed.root / "run/lamplighter").exists()


def test_a_user_is_made_who_can_log_in_nowhere(installed):
    _, _, _, _, _, home, shell = installed.root.run("getent", "passwd", "lamplighter").stdout.strip().split(":")
    assert (home, shell) == ("/var/lib/lamplighter", "/usr/sbin/nologin")
    assert installed.root.run("getent", "group", "lamplighter").stdout.startswith("lamplighter:")


def test_what_is_installed_is_root_s_and_whole(installed):
    listed = installed.root.run("dpkg", "-L", "lamplighter").stdout.split()
    wanted = {"/usr/bin/lamplighter", "/lib/systemd/system/lamplighter.service", "/etc/lamplighter/fleet.example.yaml",
              "/usr/share/man/man1/lamplighter.1.gz", "/usr/share/bash-completion/completions/lamplighter",
              "/usr/share/zsh/vendor-completions/_lamplighter", "/usr/share/fish/vendor_completions.d/lamplighter.fish",
              "/usr/share/lamplighter/lambda.zip", "/usr/share/lamplighter/fleet.schema.json", "/usr/share/doc/lamplighter/copyright"}
    assert wanted <= set(listed)
    for path in listed:
        found = os.lstat(installed.root / path)
        assert (found.st_uid, found.st_gid) == (0, 0) and (stat.S_ISLNK(found.st_mode) or not found.st_mode & 0o022), path
    assert installed.root.run("dpkg", "--verify", "lamplighter").stdout == ""


def test_what_it_loads_later_is_depended_upon(installed):
    """Libraries that are loaded when they are needed (src/base/lazy_library.h) are none that dpkg-shlibdeps sees."""
    program = (installed.root / "usr/bin/lamplighter").read_bytes()
    names = {name.decode() for name in re.findall(rb"lib[a-z0-9]+\.so\.[0-9]+(?=\0)", program)}
    assert {"libcurl.so.4", "libcrypto.so.3", "libical.so.3"} <= names
    depends = installed.root.run("dpkg-query", "-W", "-f=${Depends}", "lamplighter").stdout
    packages = {entry.split()[0] for entry in depends.split(",")}
    for name in names:
        owners = installed.root.run("dpkg", "-S", f"*/{name}").stdout
        assert {line.split(":")[0] for line in owners.splitlines()} & packages, name


def test_the_demo_runs_as_anybody(machine):
    machine.add_user("bob")
    assert machine.lamplighter("validate", "-f", "/etc/lamplighter/fleet.example.yaml", user="bob").returncode == 0
    went_well = machine.lamplighter("start", "-f", DEMO, "--simulate=max", "--seed", "7", user="bob")
    assert "START STATUS: SUCCESS" in went_well.stdout
    halted = machine.lamplighter("start", "-f", DEMO, "--simulate=max", "--seed", "7", "--fault", "capacity:test9", user="bob", check=False)
    assert halted.returncode == 1 and "START STATUS: ABORTED" in halted.stdout
    write_calendar(machine.root)
    assert "skipped: not on holidays" in machine.lamplighter(*NEXT, user="bob").stdout


# ---- the daemon

def test_the_daemon_serves_its_group_and_nobody_else(machine, cloud):
    machine.add_user("alice", "lamplighter")
    machine.add_user("bob")
    machine.start_daemon(**cloud)
    root = machine.root
    state, run, socket = root / "var/lib/lamplighter", root / "run/lamplighter", root / "run/lamplighter/socket"
    assert (mode_of(state), mode_of(run), mode_of(socket)) == (0o700, 0o750, 0o660)
    for path in ("/var/lib/lamplighter", "/run/lamplighter", "/run/lamplighter/socket"):
        assert owner_of(root, path) == "lamplighter:lamplighter"

    # Alice says nothing of where it is.
    assert "once" in machine.lamplighter("next", user="alice").stdout
    done = machine.lamplighter("stop", "-y", "-f", "/etc/lamplighter/fleet.yaml", user="alice")
    assert "SHUTDOWN STATUS: SUCCESS" in done.stdout
    (execution,) = json.loads(machine.lamplighter("executions", "--json", user="alice").stdout)
    assert execution["started_by"].startswith("alice@")
    assert machine.root.run("lamplighter", "next", user="alice").stdout, "neither does a job of hers that knows no HOME"
    assert not (root / "home/alice/.local").exists(), "nothing of it is hers"

    # Bob is none of the group, and learns what he would have to be.
    refused = machine.lamplighter("executions", user="bob", check=False)
    assert refused.returncode == 2 and "the daemon at /run/lamplighter/socket answers only its group" in refused.stderr

    machine.systemctl("stop", "lamplighter")
    assert machine.manager.wait_for("STOPPING", "1")
    lines = [json.loads(line) for line in machine.log().splitlines()]
    assert {"daemon_began", "listening", "execution_ended", "daemon_ended"} <= {line["event"] for line in lines}


def test_without_a_fleet_file_the_daemon_is_not_begun(installed):
    """systemd refuses it before anything is run, and says which file is missing."""
    assert "AssertPathExists=/etc/lamplighter/fleet.yaml\n" in (installed.root / "lib/systemd/system" / UNIT).read_text()


# ---- upgraded

def test_an_upgrade_takes_over_and_restarts_what_runs(older_machine, cloud, deb):
    machine, root = older_machine, older_machine.root
    machine.systemctl("enable", "lamplighter")
    machine.start_daemon(**cloud)
    fleet = "/etc/lamplighter/fleet.yaml"
    machine.lamplighter("stop", "-y", "-f", fleet)
    ran = machine.lamplighter("executions", "--json").stdout
    machine.lamplighter("backup", "--state-dir", "/var/lib/lamplighter", "/var/backups/before-upgrade")
    edited = "# mine\n" + (root / "etc/lamplighter/fleet.example.yaml").read_text()
    root.write("etc/lamplighter/fleet.example.yaml", edited)
    first = machine.pid()

    machine.install(deb, "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold")
    machine.manager.wait_for("STOPPING", "1")
    machine.manager.wait_for("READY", "1")
    assert machine.pid() != first and machine.is_enabled()
    assert machine.lamplighter("executions", "--json").stdout == ran
    assert "START STATUS: SUCCESS" in machine.lamplighter("start", "-f", fleet).stdout
    assert (root / "etc/lamplighter/fleet.example.yaml").read_text() == edited
    assert not (root / "etc/lamplighter/fleet.example.yaml.dpkg-dist").read_text().startswith("# as it was")
    assert (root / "etc/lamplighter/fleet.yaml").read_text() == FLEET


def test_an_upgrade_starts_nothing_that_did_not_run(older_machine, deb):
    older_machine.install(deb)
    assert older_machine.pid() is None and not older_machine.is_enabled()
    # Enabled, but stopped by somebody: it stays stopped.
    older_machine.systemctl("enable", "lamplighter")
    older_machine.apt("install", "--reinstall", "/tmp/new.deb")
    assert older_machine.pid() is None and older_machine.is_enabled()


def test_what_ran_goes_on_after_the_upgrade(older_machine, cloud, deb):
    machine, fleet = older_machine, "/etc/lamplighter/fleet.yaml"
    slow = FLEET.replace("servers: [web-1, web-2]}", "servers: [web-1], settle: 12h}, {name: web, servers: [web-2]}")
    machine.start_daemon(slow, **cloud)
    machine.lamplighter("stop", "-y", "-f", fleet)
    begun = subprocess.Popen(machine.root.command("lamplighter", "start", "-f", fleet), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             env={"PATH": "/usr/bin:/bin", "HOME": "/root"})
    try:
        wait_until(lambda: "RUNNING" in machine.lamplighter("executions", "--json").stdout)
        machine.install(deb)
        machine.manager.wait_for("STOPPING", "1")
        machine.manager.wait_for("READY", "1")
        assert sorted(each["status"] for each in json.loads(machine.lamplighter("executions", "--json").stdout)) == ["RUNNING", "SUCCEEDED"]
        assert "execution_resumed" in machine.log() and not machine.is_enabled()
    finally:
        begun.kill()
        begun.wait()


# ---- removed

def test_a_removal_ends_the_daemon_and_leaves_the_data(machine, cloud, deb):
    root = machine.root
    machine.add_user("alice", "lamplighter")
    machine.systemctl("enable", "lamplighter")
    machine.start_daemon(**cloud)
    machine.lamplighter("stop", "-y", "-f", "/etc/lamplighter/fleet.yaml")
    ran = machine.lamplighter("executions", "--json").stdout
    process = machine.pid()
    machine.apt("remove", "lamplighter")
    assert machine.pid() is None and not pathlib.Path(f"/proc/{process}/exe").exists()
    assert (root / "var/lib/lamplighter/engine.db").exists() and (root / "etc/lamplighter/fleet.yaml").exists()
    assert not (root / "usr/bin/lamplighter").exists() and not (root / "lib/systemd/system" / UNIT).exists()

    # It comes back as it was.
    machine.install(deb)
    machine.systemctl("start", "lamplighter")
    machine.manager.wait_for("READY", "1")
    assert machine.lamplighter("executions", "--json", user="alice").stdout == ran

    machine.apt("purge", "lamplighter")
    assert machine.pid() is None and not machine.is_enabled()
    assert not (root / "var/lib/lamplighter").exists() and not (root / "etc/lamplighter/fleet.example.yaml").exists()
    for base in ("passwd", "group"):
        assert root.run("getent", base, "lamplighter", check=False).returncode == 2
    assert (root / "etc/lamplighter/fleet.yaml").read_text() == FLEET, "what somebody wrote is theirs"


def test_a_purge_leaves_nothing_of_ours(machine):
    machine.apt("purge", "lamplighter")
    for path in ("etc/lamplighter", "var/lib/lamplighter", "usr/share/lamplighter", "usr/share/doc/lamplighter"):
        assert not (machine.root / path).exists()
