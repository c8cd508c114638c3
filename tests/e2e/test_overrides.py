"""People overrule schedules: what is kept, skipped and paused, who is told, and what happens at the end."""

import datetime
import json
import re
import shlex
import time
import urllib.request

import pytest

from harness import Lamplighter, simulated_cloud
from test_daemon import at, executions, fleet_of, now, serving

SPEED = 300


def minutes(count):
    return datetime.timedelta(minutes=count)


def behind(url, what):
    with urllib.request.urlopen(f"{url}/_lamplighter/{what}", timeout=30) as answer:
        return json.load(answer)


def states(url):
    return {server["name"]: server["state"] for server in behind(url, "servers")}


def until(met, *, seconds=60):
    end = time.monotonic() + seconds
    while not (found := met()):
        assert time.monotonic() < end, met
        time.sleep(0.1)
    return found


def ended(program, prefix):
    """The latest execution of that name, once it has ended."""
    ran = [one for one in executions(program) if one["name"].startswith(prefix) and one["status"] != "RUNNING"]
    return ran[0]["name"] if ran else None


def reported(program, name):
    return program("history", name, "--report", "--json").json


@pytest.fixture
def world(lamplighter, tmp_path):
    """dev and test run, and a daemon stops both in 20 minutes: (program, fleet file, cloud's address)."""
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev", "test"], [])
    with simulated_cloud(lamplighter, str(SPEED), "--state", "running", fleet=path) as url:
        program.env["AWS_ENDPOINT_URL"] = url
        fleet_of(path, ["dev", "test"], [{"name": "evening", "action": "stop", "at": at(now() + minutes(20))}])
        yield program, path, url


def test_what_is_kept_is_skipped_by_its_schedule_refused_to_people_and_stopped_at_the_end(world):
    program, path, url = world
    with serving(program, path, "--speed", str(SPEED)) as daemon:
        kept = program("keep", "dev", "running", "for", "90m", "--why", "release", "-f", path)
        assert kept.code == 0, kept.stderr
        assert re.match(r"dev: kept running until (\S+ )?\d\d:\d\d \(UTC\) by \S+: release\n"
                        r"At its end dev is stopped\.\nTo end it before: (lamplighter overrides end 1 --file .*)\n$", kept.stdout)
        (due,) = [one for one in program("next", "--json").json if one["schedule"] == "evening"]
        assert due["skipped"] == "" and list(due["overruled"]) == ["dev"] and "release" in due["overruled"]["dev"]

        name = until(lambda: ended(program, "evening"))
        report = reported(program, name)
        dev, test = report["environments"]
        assert report["status"] == "SUCCEEDED" and test["status"] == "ready", json.dumps(report)
        assert dev["status"] == "skipped" and re.match(r"kept running until .* by \S+: release$", dev["reason"])
        assert states(url) == {"server-dev": "running", "server-test": "stopped"}
        assert "dev   skipped: kept running until" in behind(url, "outbox")[-1]["message"]

        refused = program("stop", "dev", "-f", path, "--speed", SPEED, "--yes", "--json")
        assert refused.code == 1
        reason = refused.json["environments"][0]["reason"]
        assert re.match(r"kept running until .* by \S+: release \(lamplighter stop dev --override, with the fleet's file, does it", reason)

        until(lambda: ended(program, "f-override-1"))
        assert states(url)["server-dev"] == "stopped"
        assert program("overrides", "--json", "-f", path).json == []
        daemon.end()


def test_people_are_warned_before_a_stop_and_keep_what_they_need(lamplighter, tmp_path):
    """The mail's own command, pasted, keeps dev; of what is kept nobody is warned again."""
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev", "test"], [])
    with simulated_cloud(lamplighter, str(SPEED), "--state", "running", fleet=path) as url:
        program.env["AWS_ENDPOINT_URL"] = url
        due = now() + minutes(150)
        fleet_of(path, ["dev", "test"], [{"name": "evening", "action": "stop", "at": at(due), "warn": "100m"},
                                         {"name": "again", "action": "stop", "at": at(due + minutes(40)), "warn": "5m",
                                          "environments": ["dev"]}])
        assert ", warns 1h40m before" in program("validate", "-f", path).stdout
        with serving(program, path, "--speed", str(SPEED)) as daemon:
            (mail,) = until(lambda: behind(url, "outbox"))
            assert re.match(r"STOP AT .*\(UTC\): dev, test - f$", mail["subject"])
            command = next(line for line in mail["message"].splitlines() if line.startswith("  lamplighter keep dev"))
            words = shlex.split(command.replace("FLEET_FILE", str(path)))[1:]
            kept = program(*words)
            assert kept.code == 0, kept.stderr
            name = until(lambda: ended(program, "evening"))
            assert [one["status"] for one in reported(program, name)["environments"]] == ["skipped", "ready"]
            name = until(lambda: ended(program, "again"))
            subjects = [one["subject"] for one in behind(url, "outbox")]
            assert [one for one in subjects if one.startswith("STOP AT")] == [mail["subject"]], subjects
            assert {one["name"].split("-")[0] for one in executions(program)} == {"warning", "evening", "again"}
            daemon.end()


def test_what_is_skipped_after_the_keep_was_made_is_not_made_up_for_at_its_end(world):
    program, path, url = world
    with serving(program, path, "--speed", str(SPEED)):
        kept = program("keep", "dev", "running", "for", "60m", "-f", path)
        assert "At its end dev is stopped." in kept.stdout
        assert program("skip", "evening", "--next", "-f", path).code == 0
        (end,) = [one for one in program("next", "--json").json if one["schedule"] != "evening"]
        assert end["skipped"] == "no schedule wants it stopped by then"
        name = until(lambda: ended(program, "f-override-1"))
        (dev,) = reported(program, name)["environments"]
        assert (dev["status"], dev["reason"]) == ("skipped", "no schedule wants it stopped by then")
        assert states(url) == {"server-dev": "running", "server-test": "running"}


def test_a_keeps_end_goes_by_the_file_as_it_is_by_then(world):
    program, path, url = world
    with serving(program, path, "--speed", str(SPEED)) as daemon:
        assert program("keep", "dev", "running", "for", "120m", "-f", path).code == 0
        assert program("keep", "test", "running", "for", "120m", "-f", path).code == 0
        fleet_of(path, ["dev", "test"], [{"name": "evening", "action": "stop", "at": at(now() + minutes(30)), "environments": ["test"]}])
        until(lambda: "was changed and is in force" in daemon.log.read_text())
        dev, test = (until(lambda: ended(program, f"f-override-{number}")) for number in (1, 2))
        assert [one["status"] for one in reported(program, dev)["environments"]] == ["skipped"]
        assert [one["status"] for one in reported(program, test)["environments"]] == ["ready"]
        assert states(url) == {"server-dev": "running", "server-test": "stopped"}


def test_a_person_who_says_so_overrules_a_keep(world):
    program, path, url = world
    with serving(program, path, "--speed", str(SPEED)):
        assert program("keep", "dev", "running", "for", "5h", "-f", path).code == 0
        refused = program("stop", "-f", path, "--speed", SPEED, "--yes")
        assert refused.code == 1 and set(states(url).values()) == {"running", "stopped"}
        said, command = refused.stderr.splitlines()[-2:]
        assert said == "lamplighter: this does all the same what was refused:"
        assert f" lamplighter stop dev --override --file {path}" in command
        stopped = program.paste(command + " --yes")
        assert stopped.code == 0, stopped.stderr
        assert states(url)["server-dev"] == "stopped"


def test_what_is_paused_is_a_run_that_says_so_and_sends_no_mail(world):
    program, path, url = world
    with serving(program, path, "--speed", str(SPEED)):
        assert program("pause", "for", "5h", "--why", "upgrade", "-f", path).code == 0
        (due,) = program("next", "--json").json
        assert re.match(r"paused until .* by \S+: upgrade$", due["skipped"])
        name = until(lambda: ended(program, "evening"))
        report = reported(program, name)
        assert report["subject"] == "SHUTDOWN STATUS: SUCCESS, SKIPPED - f"
        assert report["report"] == {"sent": False, "error": ""}
        assert [one["status"] for one in report["environments"]] == ["skipped", "skipped"]
        told = program("history", name, "--report").stdout
        assert "0 of 2 environments stopped, 2 skipped." in told and "SERVERS" not in told
        (one,) = executions(program)
        assert list(one["skipped"]) == ["dev", "test"] and one["superseded"] == {}
        assert re.search(rf"^{name} +SKIPPED .*  skipped: paused until .* by \S+: upgrade$", program("executions").stdout, flags=re.MULTILINE)
        assert behind(url, "outbox") == [] and set(states(url).values()) == {"running"}
        assert [one["already"] for one in program("next", "--json").json] == [[]]


def test_a_skipped_occurrence_is_left_out_and_the_list_says_which(world):
    program, path, url = world
    with serving(program, path, "--speed", str(SPEED)):
        assert program("skip", "evening", "--next", "-f", path).code == 0
        assert re.match(r'  1  "evening", due .* \(UTC\)  skipped once by \S+\n$', program("overrides", "-f", path).stdout)
        (one,) = program("overrides", "--json", "-f", path).json
        assert one["kind"] == "skip" and one["occurrence"] == one["until"]
        name = until(lambda: ended(program, "evening"))
        assert {one["status"] for one in reported(program, name)["environments"]} == {"skipped"}
        assert set(states(url).values()) == {"running"}


def test_an_override_that_is_ended_binds_nothing_and_stops_nothing(world):
    program, path, url = world
    with serving(program, path, "--speed", str(SPEED)):
        assert program("keep", "dev", "running", "for", "60m", "-f", path).code == 0
        done = program("overrides", "end", "1", "-f", path)
        assert done.code == 0 and done.stdout.startswith("dev: kept running until") and "ended" in done.stdout
        assert [one["schedule"] for one in program("next", "--json").json] == ["evening"]
        name = until(lambda: ended(program, "evening"))
        assert {one["status"] for one in reported(program, name)["environments"]} == {"ready"}
        assert set(states(url).values()) == {"stopped"}


def test_started_for_a_while_it_is_stopped_again_and_later_where_somebody_extends_it(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev", "test"], [])
    with simulated_cloud(lamplighter, str(SPEED), fleet=path) as url:
        program.env["AWS_ENDPOINT_URL"] = url
        nobody = program("start", "dev", "--for", "1h", "-f", path, "--speed", SPEED)
        assert nobody.code == 2 and "nobody would stop dev again" in nobody.stderr
        assert set(states(url).values()) == {"stopped"}
        fleet_of(path, ["dev", "test"], [{"name": "later", "action": "stop", "at": at(now() + datetime.timedelta(days=20))}])
        with serving(program, path, "--speed", str(SPEED)):
            alone = program("start", "dev", "--why", "demo", "-f", path)
            assert alone.code == 2 and "--why is the reason of --for" in alone.stderr
            begun = program("start", "dev", "--for", "1h", "--why", "demo", "-f", path, "--speed", SPEED)
            assert begun.code == 0, begun.stdout + begun.stderr
            assert re.search(r"kept running until .* by \S+: demo\n", begun.stdout)
            assert "At its end dev is stopped." in begun.stdout
            assert states(url) == {"server-dev": "running", "server-test": "stopped"}
            (before,) = program("overrides", "--json", "-f", path).json
            extended = program("extend", "dev", "1h", "-f", path)
            assert extended.code == 0, extended.stderr
            (after,) = program("overrides", "--json", "-f", path).json
            assert after["id"] == before["id"] and after["until"] > before["until"] and after["undone"]
            until(lambda: ended(program, "f-override-1"))
            assert states(url)["server-dev"] == "stopped"
            assert program("extend", "dev", "1h", "-f", path).code == 2


def test_stopped_for_a_while_it_is_started_again(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [])
    with simulated_cloud(lamplighter, str(SPEED), "--state", "running", fleet=path) as url:
        program.env["AWS_ENDPOINT_URL"] = url
        with serving(program, path, "--speed", str(SPEED)):
            stop = ["stop", "dev", "--for", "1h", "-f", path, "--speed", SPEED, "--yes"]
            stopped = program(*stop)
            assert stopped.code == 0 and "At its end dev is started." in stopped.stdout, stopped.stderr
            assert set(states(url).values()) == {"stopped"}
            refused = program("start", "dev", "--for", "2h", "-f", path, "--speed", SPEED)
            assert refused.code == 2 and "nothing was changed: dev: kept stopped until" in refused.stderr
            assert f"  lamplighter start dev --for 2h --override --file {path}" in refused.stderr
            until(lambda: ended(program, "f-override-1"))
            assert set(states(url).values()) == {"running"}


def test_without_a_daemon_a_keep_says_that_nobody_ends_it(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"], [{"name": "nights", "action": "stop", "rate": "1 hour",
                                                        "start_date": "2026-01-01T00:00:30Z"}])
    kept = program("keep", "dev", "running", "for", "90m", "-f", path)
    assert kept.code == 0, kept.stderr
    assert "warning: nobody stops dev at its end" in kept.stderr
    assert [one["state"] for one in program("overrides", "--json", "-f", path).json] == ["running"]


@pytest.mark.parametrize("words, expected", [
    (["keep", "deb", "running", "until", "tomorrow 08:00"], 'did you mean "dev"'),
    (["keep", "running", "until", "tomorrow", "08:00"], "expected environments, then running or stopped"),
    (["keep", "dev", "running"], "found no end"),
    (["keep", "dev", "running", "until", "2020-01-01 08:00"], "which has passed"),
    (["keep", "dev", "running", "for", "32d"], "at most 31 days"),
    (["keep", "dev", "running", "until", "soon"], "expected such as 22:00"),
    (["skip", "evenin", "--next"], 'did you mean "evening"'),
    (["skip", "evening"], "expected either --next or until when"),
    (["skip", "evening", "--next", "until", "22:00"], "expected either --next or until when"),
    (["pause", "until"], "found"),
    (["pause"], "expected until WHEN (Until when, or for how long); see lamplighter pause --help"),
    (["keep"], "expected ENV... running|stopped until WHEN (Which, as what, and until when (or for how long))"),
    (["overrides", "end", "7"], "found 7, expected the number of an override"),
    (["overrides", "end", "x"], "expected nothing, or end and the number"),
    (["extend", "dev", "2h"], "found no keep of dev"),
    (["extend", "dev", "2x"], "how much longer"),
])
def test_what_nobody_can_mean_is_refused_and_changes_nothing(lamplighter, tmp_path, words, expected):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev"],
                    [{"name": "evening", "action": "stop", "at": at(now() + datetime.timedelta(days=3))}])
    refused = program(*words, "-f", path)
    assert refused.code == 2, refused.stdout + refused.stderr
    assert expected in refused.stderr
    assert program("overrides", "--json", "-f", path).json == []


def test_where_runs_agree_on_nothing_nobody_overrules(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = program.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}}, coordination="none")
    refused = program("pause", "for", "1h", "-f", path, "--state-dir", tmp_path / "new")
    assert refused.code == 2, refused.stdout


def test_of_several_keeps_the_list_says_which_counts(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev", "test"], [])
    for words in (["dev", "test", "running", "for", "5h"], ["dev", "stopped", "for", "2h"]):
        assert program("keep", *words, "-f", path).code == 0
    first, second = program("overrides", "-f", path).stdout.splitlines()
    assert first.endswith("; for dev 2 counts") and "counts" not in second
    assert [one["counts_for"] for one in program("overrides", "--json", "-f", path).json] == [["test"], ["dev"]]


def test_the_daemon_s_log_tells_of_overrides(world):
    program, path, _ = world
    with serving(program, path, "--speed", str(SPEED), "--log-format", "json") as daemon:
        program("keep", "dev", "running", "for", "5h", "--why", "release", "-f", path)
        program("extend", "dev", "1h", "-f", path)
        until(lambda: daemon.events("override_changed") or len(daemon.events("override_made")) == 1)
        program("overrides", "end", "1", "-f", path)
        until(lambda: daemon.events("override_ended"))
        program("pause", "for", "10m", "-f", path)
        until(lambda: len(daemon.events("override_ended")) == 2)
        made = daemon.events("override_made")
        assert (made[0]["fleet"], made[0]["environment"]) == ("f", "dev")
        assert re.match(r"f: dev: kept running until .* by \S+: release$", made[0]["message"])
        by_hand, by_time = (one["message"] for one in daemon.events("override_ended"))
        assert by_hand.endswith(": release: ended by hand")
        assert re.match(r"f: all schedules: paused until .*: has ended$", by_time)


def test_plan_says_who_decided_what_and_what_comes_next(world):
    program, path, _ = world
    before = program("plan", "stop", "-f", path)
    assert before.code == 0, before.stderr
    assert before.stdout.count("next stop by schedule: ") == 2 and "kept" not in before.stdout
    with serving(program, path, "--speed", str(SPEED)):
        assert program("keep", "dev", "running", "for", "5h", "--why", "release", "-f", path).code == 0
        found = program("plan", "stop", "-f", path)
        assert found.code == 1, "dev would halt"
        dev, test = found.stdout.split("\n\n")[:2]
        assert re.search(r"^  kept running until .* by \S+: release: a stop would be refused unless --override$", dev, flags=re.MULTILINE)
        assert re.search(r'^  next stop by schedule: .* UTC \("evening"\); skipped: kept running until', dev, flags=re.MULTILINE)
        assert "kept" not in test and "next stop by schedule: " in test
        assert program("plan", "start", "-f", path).code == 0
        rows = {row["environment"]: row for row in program("plan", "stop", "-f", path, "--json").json}
        assert rows["dev"]["refused"] and not rows["test"]["refused"] and rows["dev"]["held_by"] is None
        assert rows["dev"]["next"]["skipped"].startswith("kept running until") and rows["test"]["next"]["skipped"] == ""
        assert program("pause", "for", "5h", "-f", path).code == 0
        assert re.search(r"^Schedules are paused until .* by \S+\. People may", program("plan", "start", "-f", path).stdout, flags=re.MULTILINE)


def test_a_file_s_schedules_are_listed_with_what_people_decided(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = fleet_of(tmp_path / "fleet.yaml", ["dev", "test"], [{"name": "evening", "action": "stop", "at": at(now() + minutes(90))}])
    assert program("next", "-f", path, "--json").json[0]["skipped"] == ""
    assert program("keep", "dev", "running", "for", "3h", "--why", "release", "-f", path).code == 0
    (due,) = program("next", "-f", path, "--json").json
    assert list(due["overruled"]) == ["dev"] and due["skipped"] == ""
    assert re.search(r"stop +all; not dev: kept running until .* by \S+: release$", program("next", "-f", path).stdout, flags=re.MULTILINE)
    assert program("skip", "evening", "--next", "-f", path).code == 0
    assert re.match(r"skipped once by ", program("next", "-f", path, "--json").json[0]["skipped"])


def test_a_table_that_next_does_not_ask_is_named(lamplighter, tmp_path):
    program = Lamplighter(lamplighter, tmp_path, None)
    path = program.fleet({"dev": {"phases": [{"name": "app", "servers": ["a"]}]}}, coordination={"dynamodb": "agreement"})
    done = program("next", "-f", path)
    assert done.code == 0
    assert "warning: overrides of f are not known: they are in the DynamoDB table agreement, which is not asked here" in done.stderr
