"""Two runs that want the same environment: one has it at a time, and the end is what the newer wanted."""

import contextlib
import json
import random
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from harness import EXAMPLE, ROOT, Cloud, Lamplighter, begun, free_port, simulated_cloud

sys.path.append(str(ROOT / "tests/support"))
import coordination_table  # noqa: E402

SPEED = "120"


@pytest.fixture
def served(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, SPEED) as program.env["AWS_ENDPOINT_URL"]:
        yield program


def command(verb, *environments, fleet=EXAMPLE):
    return [verb, *environments, "-f", fleet, "--speed", SPEED, *(["--yes"] if verb == "stop" else [])]


def halted(finished):
    return {one["name"]: one["reason"] for one in finished.json["environments"] if one["status"] == "halted"}


def server_states(finished, key="state"):
    return {server[key] for environment in finished.json["environments"] for phase in environment["phases"]
            for server in phase["servers"]}


def test_the_newer_run_takes_over_and_the_older_changes_nothing_any_more(served):
    with begun(served, *command("start", "dev", "test"), until="dev db: starting", name="start") as start:
        stopped = served(*command("stop", "dev"), "--json")
        assert stopped.code == 0, stopped.stdout + stopped.stderr
        assert server_states(stopped) == {"stopped"}
        assert start.wait(timeout=60) == 1
        said = start.log.read_text()
        assert f"superseded by {stopped.json['execution'].rsplit(':', 1)[-1]}" in said
        assert "ABORTED" in said
    name = re.search(r"\((start-\S+)\)", start.log.read_text())[1]
    (older,) = [one for one in served("executions", "--json").json if one["name"] == name]
    assert older["superseded"] == {"dev": stopped.json["execution"].rsplit(":", 1)[-1]} and older["skipped"] == {}
    again = served(*command("stop", "dev"), "--json")
    assert server_states(again, "initial_state") == {"stopped"}


def test_the_same_action_waits_for_the_earlier_run_and_looks_for_itself(served):
    with begun(served, *command("start", "dev"), until="dev db: starting", name="first") as first:
        second = served(*command("start", "dev"), "--json")
        assert first.wait(timeout=60) == 0, first.log.read_text()
        assert second.code == 0, second.stdout + second.stderr
        assert server_states(second, "initial_state") == server_states(second) == {"running"}, "looked at after the first"
        assert "waiting while start-" in second.stderr


def test_a_person_may_wait_or_refuse(served):
    with begun(served, *command("start", "dev"), until="dev db: starting", name="start") as start:
        refused = served(*command("stop", "dev"), "--refuse", "--json")
        assert refused.code == 1
        assert "--refuse" in halted(refused)["dev"] and "starts it" in halted(refused)["dev"]
        waited = served(*command("stop", "dev"), "--wait", "--json")
        assert start.wait(timeout=60) == 0
        assert waited.code == 0 and server_states(waited) == {"stopped"}
    assert served(*command("stop", "dev"), "--wait", "--refuse").code == 2


def test_one_environment_is_cancelled_and_the_others_go_on(served):
    with begun(served, *command("start", "dev", "test"), until="dev db: starting", name="start") as start:
        name = json.loads(served("executions", "--json").stdout)[0]["name"]
        held = {row["environment"]: row["held_by"] for row in served("plan", "stop", "-f", EXAMPLE, "--json").json}
        assert held["dev"]["execution"] == held["test"]["execution"] == name and held["dev"]["action"] == "start"
        assert held["preprod"] is None
        assert re.search(rf"^  {name} \(since .*\) starts it: a stop would take it over$", served("plan", "stop", "dev", "-f", EXAMPLE).stdout, flags=re.MULTILINE)
        unknown = served("cancel", name, "nowhere")
        assert unknown.code == 2 and "dev, test" in unknown.stderr
        told = served("cancel", name, "dev")
        assert told.code == 0 and told.stdout == f"Told {name} to halt dev: each does so at its next look, and the report goes out.\n"
        assert start.wait(timeout=60) == 1
        report = start.log.read_text()
    assert "dev: HALTED: cancelled by " in report and "test: started" in report


# Between machines: two state directories, one table.


@pytest.fixture(scope="module")
def single_threaded_moto():
    """moto as it must be for a conditional write: one request after another."""
    port = free_port()
    serve = ("import sys; from moto.server import DomainDispatcherApplication, create_backend_app; "
             "from werkzeug.serving import run_simple; "
             "run_simple('127.0.0.1', int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)")
    server = subprocess.Popen([sys.executable, "-c", serve, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url + "/moto-api/data.json", timeout=5).read()
            break
        time.sleep(0.1)
    yield url
    server.terminate()
    server.wait(timeout=10)


@pytest.fixture
def machines(lamplighter, tmp_path, single_threaded_moto):
    """Two machines with state directories of their own, over one account with a table."""
    cloud = Cloud(single_threaded_moto)
    cloud.launch(["db", "app"])
    cloud.add_alarm("db-status", "db")
    coordination_table.make(cloud.client("dynamodb"), "agreement")
    made = []
    for name in ("one", "two"):
        home = tmp_path / name
        home.mkdir()
        machine = Lamplighter(lamplighter, home, single_threaded_moto)
        machine.file = machine.fleet(
            {"dev": {"phases": [{"name": "db", "servers": ["db"], "settle": "20s"},
                                {"name": "app", "servers": ["app"], "settle": "20s"}]}},
            coordination={"dynamodb": "agreement"}, alarms={"unmute_after": "1m"})
        made.append(machine)
    return cloud, *made


@pytest.mark.parametrize("seed", range(4))
def test_a_process_that_was_stopped_beyond_its_lease_changes_nothing_when_it_goes_on(machines, seed):
    """It is stopped (SIGSTOP) at a random moment; on another machine the opposite is wanted meanwhile."""
    cloud, one, two = machines
    chance = random.Random(seed)
    older, newer = ("start", "stop") if seed % 2 else ("stop", "start")
    if older == "start":
        cloud.ec2.stop_instances(InstanceIds=list(cloud.ids.values()))
    speed = ["--speed", "100"]
    with begun(one, older, "-f", one.file, *speed, *(["--yes"] if older == "stop" else []), until="dev ", name="log") as first:
        time.sleep(chance.uniform(0, 0.6))  # where in its work it is stopped is the test's chance
        first.send_signal(signal.SIGSTOP)
        second = two(newer, "-f", two.file, *speed, "--json", *(["--yes"] if newer == "stop" else []))
        assert second.code == 0, second.stdout + second.stderr
        wanted = {"running"} if newer == "start" else {"stopped"}
        assert set(cloud.states().values()) == wanted
        first.send_signal(signal.SIGCONT)
        code = first.wait(timeout=60)
        said = first.log.read_text()
        assert code == (0 if "SUCCESS" in said else 1), said
        assert "superseded by" in said or code == 0, said
        assert set(cloud.states().values()) == wanted, said
        assert cloud.alarms_enabled() == {"db-status": newer == "start"}, said


def test_the_same_action_goes_on_where_the_machine_that_had_it_is_silent(machines):
    """Stopped for good: the lease ends by itself, measured on the other's own clock."""
    cloud, one, two = machines
    speed = ["--speed", "400"]
    with begun(one, "stop", "-f", one.file, "--yes", "--speed", "10", until="dev app", name="log") as first:
        first.send_signal(signal.SIGSTOP)
        second = two("stop", "-f", two.file, "--yes", *speed, "--json")
        assert second.code == 0, second.stdout + second.stderr
        assert "waiting while stop-" in second.stderr
        assert set(cloud.states().values()) == {"stopped"}
        first.send_signal(signal.SIGCONT)
        assert first.wait(timeout=60) in (0, 1)
        assert set(cloud.states().values()) == {"stopped"}


def test_without_its_table_nothing_is_started(machines):
    cloud, one, _ = machines
    cloud.client("dynamodb").delete_table(TableName="agreement")
    stopped = one("stop", "-f", one.file, "--yes", "--speed", "100", "--json")
    assert stopped.code == 1
    assert "coordination table agreement" in halted(stopped)["dev"] and "ResourceNotFoundException" in halted(stopped)["dev"]
    assert set(cloud.states().values()) == {"running"}
    assert cloud.alarms_enabled() == {"db-status": True}
