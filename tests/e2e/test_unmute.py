"""After a start's report: the process stays until the alarms are heard, and may be left."""

import datetime
import json
import re
import signal
import subprocess
import time
import urllib.request

import pytest

from harness import EXAMPLE, Lamplighter, simulated_cloud, wait_for
from test_daemon import serving

SPEED = "120"  # the bound of 15 minutes is 7.5 seconds away
SLOW = "30"
RINGING = "test2"  # the server whose alarms never become OK


@pytest.fixture
def served(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, SPEED, "--fault", f"ringing:{RINGING}") as program.env["AWS_ENDPOINT_URL"]:
        yield program


def look(served, what):
    with urllib.request.urlopen(f"{served.env['AWS_ENDPOINT_URL']}/_lamplighter/{what}", timeout=30) as answer:
        return json.load(answer)


def muted(served):
    return {alarm["name"] for alarm in look(served, "alarms") if "lamplighter:muted" in alarm["tags"]}


def ringing(served):
    return {name for name in muted(served) if name.startswith(f"{RINGING}-")}


def alarms_to_follow(err):
    return int(re.match(r"(\d+) alarms follow by ", err.read_text())[1])


def wait_until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


@pytest.fixture
def start(served):
    """Starts dev; gives the process once its report is out and it says that it stays."""
    def begin(*options):
        out, err = served.home / "out", served.home / "err"
        process = subprocess.Popen([served.program, "start", "dev", "-f", EXAMPLE, "--speed", SPEED, *options], env=served.env, cwd=served.home,
                                   stdout=out.open("w"), stderr=err.open("w"), stdin=subprocess.DEVNULL)
        wait_for(err, "Ctrl-C leaves them to: ")
        return process, out, err
    yield begin


def command_of(err):
    """The command in the line that says that the process stays."""
    [line] = [line for line in err.read_text().splitlines() if "Ctrl-C leaves them to: " in line]
    assert re.match(r"\d+ alarms follow by \d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", line)
    return line.split("Ctrl-C leaves them to: ")[1]


def test_it_stays_until_all_are_heard_and_says_so(served, start):
    before = muted(served)
    process, out, _ = start()
    assert "START STATUS: SUCCESS" in out.read_text(), "the report is out"
    assert re.search(r"Alarms     \d+ follow by .*, each once it is OK", out.read_text())
    assert len(look(served, "outbox")) == 1
    assert process.wait(timeout=60) == 0
    left = muted(served)
    assert left < before and left, "the other environments' alarms stay muted"
    assert served("executions", "--json").json[0]["status"] == "SUCCEEDED"


def test_ctrl_c_leaves_the_alarms_to_resume(served, start):
    process, out, err = start("--json")
    result = json.loads(out.read_text())
    assert (result["status"], result["alarms"]["enabled"]) == ("SUCCEEDED", 0)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0, "the run's own code"
    assert "stopped waiting; alarms that are still muted follow with:\n  " in err.read_text()
    command = command_of(err)
    assert command in err.read_text().split("stopped waiting")[1]
    waiting = muted(served)
    name = result["execution"]
    watched = served("watch", name)
    assert watched.code == 0 and "nobody carries" in watched.stderr and "lamplighter resume" in watched.stderr
    assert " RUNNING " in served("executions").stdout
    assert "START STATUS: SUCCESS" in served("history", name, "--report").stdout, "the report is there all the same"
    resumed = served.paste(command)
    assert resumed.code == 0, resumed.stderr
    said, shows = resumed.stdout.strip().splitlines()
    assert said == f"{name} has reported before: {result['subject']}. This shows it again:"
    assert "START STATUS: SUCCESS" in served.paste(shows).stdout
    assert muted(served) < waiting
    assert " SUCCEEDED " in served("executions").stdout
    assert len(look(served, "outbox")) == 1


def test_killed_while_it_stays_it_goes_on_and_counts_the_same(served, start):
    process, out, _ = start("--json")
    result = json.loads(out.read_text())
    process.kill()
    process.wait()
    resumed = served("resume", "--json")
    assert resumed.code == 0, resumed.stderr
    for key in ("execution", "status", "alarms", "environments", "report"):
        assert resumed.json[key] == result[key], key
    assert len(look(served, "outbox")) == 1


def test_what_a_stop_could_not_stop_is_watched_on(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, "240", "--state", "running", "--fault", "protected:test1") as program.env["AWS_ENDPOINT_URL"]:
        [server] = [server for server in look(program, "servers") if server["name"] == "test1"]
        own = {alarm["name"]: alarm["actions_enabled"] for alarm in look(program, "alarms") if alarm["instance_id"] == server["id"]}
        result = program("stop", "dev", "--yes", "-f", EXAMPLE, "--speed", "240", "--json")
        assert result.code == 1
        assert result.json["alarms"]["follow"] == sum(own.values()) > 0
        after = {alarm["name"]: alarm["actions_enabled"] for alarm in look(program, "alarms") if alarm["instance_id"] == server["id"]}
        assert after == own


def test_simulated_it_ends_at_once(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    result = program("start", "dev", "-f", EXAMPLE, "--simulate=600", "--fault", f"ringing:{RINGING}", timeout=30)
    assert result.code == 0, result.stderr
    assert re.search(r"Alarms     \d+ follow by ", result.stdout)
    assert result.stdout.count("START STATUS: SUCCESS") == 1


@pytest.fixture
def ringing_on(lamplighter, tmp_path):
    """A start of a fleet whose first server's alarms ring has reported, and all others are heard: (program, fleet, its process, its standard
    error). By the clocks of the two processes, which run fast each from its own beginning, what begins now begins later."""
    program = Lamplighter(lamplighter, tmp_path, None)
    fleet = program.fleet({"dev": {"phases": [{"name": "db", "servers": [RINGING, "test7", "test8"]}]}}, alarms={"unmute_after": "10m"})
    with simulated_cloud(lamplighter, SLOW, "--fault", f"ringing:{RINGING}", fleet=fleet) as program.env["AWS_ENDPOINT_URL"]:
        before = muted(program)
        err = tmp_path / "err"
        process = subprocess.Popen([program.program, "start", "-f", fleet, "--speed", SLOW], env=program.env, cwd=tmp_path,
                                   stdout=subprocess.DEVNULL, stderr=err.open("w"), stdin=subprocess.DEVNULL)
        wait_for(err, "Ctrl-C leaves them to: ")
        wait_until(lambda: len(before - muted(program)) == alarms_to_follow(err) - len(ringing(program)))
        [run] = program("executions", "--json").json
        wait_until(lambda: datetime.datetime.now(datetime.timezone.utc) > datetime.datetime.fromisoformat(run["started_at"]))
        yield program, fleet, process, err
        process.kill()
        process.wait()


def stop_later(program, fleet, *options):
    """Gives the stop's name. Its alarms: those that were heard by then, and those that were not."""
    stopped = program("stop", "--yes", "-f", fleet, "--speed", SLOW, "--json", *options)
    assert stopped.code == 0, stopped.stderr
    assert stopped.json["alarms"]["disabled"] == len(muted(program)) > len(ringing(program)) > 0
    return stopped.json["execution"]


def all_are_muted_by(program, execution):
    marked = [alarm for alarm in look(program, "alarms") if "lamplighter:muted" in alarm["tags"]]
    return marked and all(not alarm["actions_enabled"] and f" {execution} " in alarm["tags"]["lamplighter:muted-by"] for alarm in marked)


@pytest.mark.parametrize("machine", ["here", "elsewhere"])
def test_what_a_later_stop_found_muted_stays_muted(ringing_on, machine):
    """The stop hands over to the start's process, or runs on another machine."""
    program, fleet, process, err = ringing_on
    stop = stop_later(program, fleet, *([] if machine == "here" else ["--state-dir", program.home / "elsewhere"]))
    alarms = muted(program)
    assert process.wait(timeout=60) == 0
    assert muted(program) == alarms and all_are_muted_by(program, stop)
    assert f"stay muted for {stop}, which began later" in err.read_text()


def test_resume_lets_alarms_follow_though_a_later_run_has_begun(ringing_on):
    program, fleet, process, err = ringing_on
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    stop = stop_later(program, fleet)
    alarms = muted(program)
    resumed = program.paste(command_of(err))
    assert resumed.code == 0, resumed.stderr
    assert muted(program) == alarms and all_are_muted_by(program, stop)
    assert f"stay muted for {stop}, which began later" in resumed.stderr
    assert {run["status"] for run in program("executions", "--json").json} == {"SUCCEEDED"}


def test_resume_says_how_many_are_left_and_not_how_many_there_were(ringing_on):
    program, _, process, err = ringing_on
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    left = len(ringing(program))
    assert 0 < left < alarms_to_follow(err)
    resumed = program.paste(command_of(err))
    assert resumed.code == 0, resumed.stderr
    assert re.search(rf"^{left} alarms? follows? by ", resumed.stderr, flags=re.MULTILINE), resumed.stderr


def test_one_that_is_cancelled_beside_a_second_start_leaves_its_alarms_to_that(ringing_on):
    program, fleet, process, err = ringing_on
    [first] = [run["name"] for run in program("executions", "--json").json]
    second = program("start", "-f", fleet, "--speed", SLOW, "--json")  # handed over to the first's process
    assert second.code == 0, second.stderr
    assert program("cancel", first).code == 0
    wait_until(lambda: "sees to them" in err.read_text())
    assert f"{second.json['execution']} sees to them" in err.read_text()
    assert "--unmute" not in err.read_text()
    assert process.wait(timeout=60) == 0 and not ringing(program)


def test_a_daemons_log_says_whose_alarms_nobody_sees_to(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    fleet = program.fleet({"dev": {"phases": [{"name": "db", "servers": [RINGING]}]}}, alarms={"unmute_after": "60m"})
    with simulated_cloud(lamplighter, SPEED, "--fault", f"ringing:{RINGING}", fleet=fleet) as program.env["AWS_ENDPOINT_URL"], \
            serving(program, fleet, "--speed", SPEED, "--log-format", "json") as daemon:
        started = program("start", "-f", fleet, "--json")
        assert started.code == 0, started.stderr
        name = started.json["execution"]
        wait_until(lambda: "TaskSucceeded" in program("history", name, "--events").stdout.split("Unmute alarms")[1])
        assert program("cancel", name).code == 0
        daemon.wait_for("alarms stay muted")
        [event] = daemon.events("alarms_left_muted")
        assert (event["level"], event["execution"]) == ("warning", name) and f"{RINGING}-" in event["message"]


def test_an_outage_past_the_bound_does_not_end_as_if_all_were_well(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, "240", "--fault", f"ringing:{RINGING}") as program.env["AWS_ENDPOINT_URL"]:
        before = muted(program)
        out, err = tmp_path / "out", tmp_path / "err"
        process = subprocess.Popen([program.program, "start", "dev", "-f", EXAMPLE, "--speed", "240"], env=program.env, cwd=tmp_path,
                                   stdout=out.open("w"), stderr=err.open("w"), stdin=subprocess.DEVNULL)
        wait_for(err, "Ctrl-C leaves them to: ")
        wait_until(lambda: len(before - muted(program)) == alarms_to_follow(err) - len(ringing(program)))
    assert process.wait(timeout=120) == 3, err.read_text()
    assert "START STATUS: SUCCESS" in out.read_text()
    words, command = err.read_text().splitlines()[-2:]
    assert f"{RINGING}-" in words and "could not be enabled" in words
    assert command.strip() == f"AWS_ENDPOINT_URL={program.env['AWS_ENDPOINT_URL']} lamplighter alarms dev --unmute --file {EXAMPLE}"
    [run] = program("executions", "--json").json
    assert (run["status"], run["error"]) == ("FAILED", "AlarmsStillMuted")
    told = program("history", run["name"], "--report", "--json")
    assert told.json["status"] == "SUCCEEDED"
    assert any(name.startswith(f"{RINGING}-") for name in told.json["alarms"]["still_muted"])
    assert "still muted" in told.stderr
    assert "still muted" in program("history", run["name"]).stderr


def test_alarms_of_servers_that_are_stopped_are_named_and_left_unless_one_is_chosen(lamplighter, tmp_path):
    """An environment was stopped, and has left the file since."""
    program = Lamplighter(lamplighter, tmp_path, None)
    phases = {name: {"phases": [{"name": "db", "servers": [f"server-{name}", f"second-{name}"]}]} for name in ("dev", "old")}
    both = program.fleet(phases)
    with simulated_cloud(lamplighter, "240", "--state", "running", fleet=both) as program.env["AWS_ENDPOINT_URL"]:
        assert program("stop", "old", "--yes", "-f", both, "--speed", "240").code == 0
        orphans = sorted(muted(program))
        fleet = program.fleet({"dev": phases["dev"]})
        left = program("alarms", "-f", fleet, "--unmute", "--json")
        assert left.code == 0 and {alarm["status"] for alarm in left.json} == {"orphan"}
        assert f"stay muted, since not all of their servers run: {', '.join(orphans)}; --alarm NAME unmutes it all the same" in left.stderr
        chosen = program("alarms", "-f", fleet, "--unmute", "--alarm", orphans[0], "--json")
        assert chosen.code == 0 and [(alarm["alarm"], alarm["status"]) for alarm in chosen.json] == [(orphans[0], "unmuted")]
        assert sorted(muted(program)) == orphans[1:]
        unknown = program("alarms", "-f", fleet, "--unmute", "--alarm", "nosuch")
        assert unknown.code == 1 and "nosuch: no alarm of this name is muted here" in unknown.stderr
