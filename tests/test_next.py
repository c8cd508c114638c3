"""`lamplighter next`: what comes, on which clock, and what doesn't come."""

import datetime
import json
import os
import pathlib
import shutil
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
VECTORS = pathlib.Path(os.environ.get("LAMPLIGHTER_CONFORMANCE", ROOT / "../shared/conformance")) / "schedule/vectors.json"
HEAD = "fleet: f\nregion: eu-west-1\nenvironments: {dev: {phases: [{name: app, servers: [a]}]}, test: {phases: [{name: app, servers: [b]}]}}\n"
FLEET = HEAD + """schedules:
  - {name: mornings, action: start, cron: "30 6 ? * MON-FRI *", timezone: America/New_York, flexible_window: 15m}
  - {name: nights, action: stop, environments: [dev], cron: "0 21 ? * MON-FRI *", timezone: America/New_York}
  - {name: tests, action: stop, environments: [test], cron: "0 21 ? * MON-FRI *"}
  - {name: release, action: stop, at: "2027-06-01T22:00:30", timezone: Europe/Dublin}
  - {name: past, action: stop, at: "2025-01-01T00:00:00"}
  - {name: trial, action: stop, rate: 1 day, end_date: "2026-01-01T00:00:00Z"}
  - {name: nonsense, action: stop, at: "2027-03-28T02:30:00", timezone: Europe/Berlin}
"""
FROM = ["--from", "2027-03-11T15:00:00Z"]  # a Thursday; New York's clock is set forward on Sunday


def run(lamplighter, fleet, *arguments):
    return subprocess.run([lamplighter, "next", "-f", "-", *arguments], input=fleet, capture_output=True, text=True, timeout=60)


def rows(lamplighter, fleet, *arguments):
    done = run(lamplighter, fleet, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_lists_what_comes_on_both_clocks_and_says_why_not(lamplighter):
    done = run(lamplighter, FLEET, "--days", "4", *FROM)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split("  ") for line in done.stdout.split("\n\n")[0].splitlines()]
    assert [[part.strip() for part in line if part.strip()] for line in lines] == [
        ["DUE", "SCHEDULE", "ACTION", "ENVIRONMENTS"],
        ["Thu 2027-03-11 21:00 UTC", "tests", "stop", "test"],
        ["Thu 2027-03-11 21:00 America/New_York (Fri 2027-03-12 02:00 UTC)", "nights", "stop", "dev"],
        ["Fri 2027-03-12 06:30 America/New_York (11:30 UTC)", "mornings", "start", "all, up to 15m later"],
        ["Fri 2027-03-12 21:00 UTC", "tests", "stop", "test"],
        ["Fri 2027-03-12 21:00 America/New_York (Sat 2027-03-13 02:00 UTC)", "nights", "stop", "dev"],
        ["Mon 2027-03-15 06:30 America/New_York (10:30 UTC)", "mornings", "start", "all, up to 15m later"],
    ]
    assert done.stdout.split("\n\n")[1].splitlines() == [
        "release is not due in this time; next on Tue 2027-06-01 22:00:30 Europe/Dublin (21:00:30 UTC)",
        "past is not due in this time; passed: at(2025-01-01T00:00:00) has passed",
        "trial is not due in this time; ended: its end_date 2026-01-01T00:00:00.000Z has passed",
        "nonsense is not due in this time; never: at(2027-03-28T02:30:00) names a moment that does not exist in Europe/Berlin",
    ]


def test_json_has_the_documented_keys(lamplighter):
    found = rows(lamplighter, FLEET, "--days", "1", *FROM)
    assert found[2] == {
        "schedule": "mornings", "group": None, "machine": None, "action": "start", "environments": ["dev", "test"],
        "outlook": "due", "reason": "", "already": [], "skipped": "", "overruled": {},
        "due": "2027-03-12T11:30:00.000Z", "begins_by": "2027-03-12T11:45:00.000Z", "local": "2027-03-12T06:30:00", "timezone": "America/New_York",
    }
    assert found[4] == {
        "schedule": "past", "group": None, "machine": None, "action": "stop", "environments": ["dev", "test"],
        "outlook": "passed", "reason": "at(2025-01-01T00:00:00) has passed", "already": [], "skipped": "", "overruled": {},
        "due": None, "begins_by": None, "local": None, "timezone": "UTC",
    }
    assert [row["outlook"] for row in found] == ["due", "due", "due", "later", "passed", "ended", "never"]
    section = (ROOT / "docs/cli.md").read_text().split("\n## next\n")[1].split("\n## ")[0]
    assert all(f"`{key}`" in section for key in found[0])
    assert all(f"`{outlook}`" in section for outlook in ("due", "later", "ended", "passed", "never"))


def test_only_of_the_environments_that_are_named(lamplighter):
    names = {row["schedule"] for row in rows(lamplighter, FLEET, "test", *FROM)}
    assert names == {"mornings", "tests", "release", "past", "trial", "nonsense"}


def test_it_looks_from_now_and_a_week_far(lamplighter):
    now = datetime.datetime.now(datetime.timezone.utc)
    found = [datetime.datetime.fromisoformat(row["due"].replace("Z", "+00:00")) for row in rows(lamplighter, HEAD + "schedules: [{name: s, action: stop, rate: 1 hour}]\n")]
    assert len(found) == 7 * 24
    assert abs(found[0] - now - datetime.timedelta(hours=1)) < datetime.timedelta(minutes=1)


def test_a_fleet_without_schedules(lamplighter):
    assert run(lamplighter, HEAD).stdout == "f has no schedules.\n"
    assert rows(lamplighter, HEAD) == []


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--days", "0"], "--days"), (["--days", "367"], "--days"), (["--days", "x"], "--days"),
        (["--from", "tomorrow"], "found --from tomorrow, expected a moment such as 2026-11-24T06:00:00Z"),
        (["prod"], 'found the environment "prod", expected one of dev, test'),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
def test_bad_input_is_named(lamplighter, arguments, said):
    done = run(lamplighter, FLEET, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_it_says_what_is_so_already(lamplighter):
    fleet = HEAD + """schedules:
  - {name: first, action: stop, environments: [dev], cron: "0 20 * * ? *"}
  - {name: second, action: stop, cron: "0 21 * * ? *"}
  - {name: third, action: stop, cron: "0 22 * * ? *"}
  - {name: up, action: start, cron: "0 6 * * ? *"}
"""
    at_seven = ["--from", "2027-03-11T07:00:00Z", "--days", "1"]
    assert [row["already"] for row in rows(lamplighter, fleet, *at_seven)] == [[], ["dev"], ["dev", "test"], []]
    assert [row["already"] for row in rows(lamplighter, fleet, "test", *at_seven)] == [[], ["test"], []]
    lines = run(lamplighter, fleet, *at_seven).stdout.splitlines()
    assert lines[2].endswith("stop    all; dev already stopped") and lines[3].endswith("stop    all; already stopped")
    assert "already" not in lines[1] + lines[4]


def test_without_a_file_it_is_the_daemon_s(lamplighter, tmp_path):
    done = subprocess.run([lamplighter, "next", "--state-dir", tmp_path], capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert f"no daemon serves from {tmp_path}: lamplighter serve -f FILE fires a file's schedules, and -f FILE lists them here" in done.stderr


def test_zones_are_those_of_tzdir(lamplighter, tmp_path, monkeypatch):
    (tmp_path / "Europe").mkdir()
    shutil.copy("/usr/share/zoneinfo/Asia/Tokyo", tmp_path / "Europe/Berlin")
    fleet = HEAD + 'schedules: [{name: s, action: stop, cron: "0 6 ? * FRI *", timezone: Europe/Berlin}]\n'
    assert rows(lamplighter, fleet, *FROM)[0]["due"] == "2027-03-12T05:00:00.000Z"
    monkeypatch.setenv("TZDIR", str(tmp_path))
    assert rows(lamplighter, fleet, *FROM)[0]["due"] == "2027-03-11T21:00:00.000Z"
    done = run(lamplighter, fleet.replace("Berlin", "Paris"))
    assert done.returncode == 2
    assert 'found "Europe/Paris" (did you mean "Europe/Berlin"?), expected an IANA time zone' in done.stderr


def test_a_dense_schedule_is_cut_and_that_is_said(lamplighter):
    done = run(lamplighter, HEAD + 'schedules: [{name: s, action: stop, cron: "* * * * ? *"}]\n', "--json", "--days", "366")
    assert len(json.loads(done.stdout)) == 10_000
    assert done.stderr == "lamplighter: warning: these are the first 10000; ask for fewer --days\n"


def test_a_year_of_the_example_fleet(lamplighter):
    started = time.monotonic()
    found = rows(lamplighter, (ROOT / "examples/lower-environments.yaml").read_text(), "--days", "366", *FROM)
    assert time.monotonic() - started < 10
    assert len(found) == 261 + 262, "weekdays from a Thursday's morning to a Saturday's"
    hours = {row["due"][11:13] for row in found if row["action"] == "start"}
    assert hours == {"10", "11"}, "06:00 in New York, in summer and in winter"


def test_the_moments_of_the_vectors(lamplighter):
    if not VECTORS.exists():
        pytest.skip("not run: no data")
    for vector in json.loads(VECTORS.read_text()):
        kind, value = vector["expression"].removesuffix(")").split("(")
        schedule = {"name": "s", "action": "stop", kind: value, "timezone": vector["timezone"]}
        if "start_date" in vector:
            schedule["start_date"] = vector["start_date"]
        fleet = HEAD + "schedules: " + json.dumps([schedule]) + "\n"
        found, start = [], vector["from"]
        while len(found) < 5:  # farther apart: the next one stands there as what comes later
            due = [row["due"] for row in rows(lamplighter, fleet, "--days", "40", "--from", start) if row["due"]]
            if not due:
                break
            found += [moment.replace(".000Z", "Z") for moment in due]
            start = due[-1]
        assert found[:5] in (vector["next"], vector.get("next_tzdata_2025b")), vector


CALENDARS = HEAD + """calendars: {holidays: {dates: [2027-03-12], ical: ours.ics}, late: {dates: [2027-03-13]}}
schedules:
  - {name: mornings, action: start, cron: "30 6 ? * * *", timezone: America/New_York, except: [holidays]}
  - {name: nights, action: stop, environments: [dev], cron: "0 21 ? * * *", timezone: America/New_York, only: [late]}
"""
ICAL = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20200314
RRULE:FREQ=YEARLY
END:VEVENT
END:VCALENDAR
"""


def next_in(lamplighter, folder, *arguments, text=CALENDARS, ical=ICAL):
    """With the fleet file and its calendar in a folder of their own, looked at from another one."""
    (folder / "fleet.yaml").write_text(text)
    if ical is not None:
        (folder / "ours.ics").write_text(ical)
    return subprocess.run([lamplighter, *arguments, "-f", folder / "fleet.yaml"], capture_output=True, text=True, timeout=60)


def test_what_a_calendar_leaves_out_is_shown_with_it(lamplighter, tmp_path):
    done = next_in(lamplighter, tmp_path, "next", "--days", "4", *FROM)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split("  ") for line in done.stdout.splitlines()[1:]]
    assert [(line[0][4:14], line[-1].strip()) for line in lines] == [
        ("2027-03-11", "dev; skipped: not in late (2027-03-11)"),
        ("2027-03-12", "all; skipped: not on holidays (2027-03-12)"),
        ("2027-03-12", "dev; skipped: not in late (2027-03-12)"),
        ("2027-03-13", "all; already running"),
        ("2027-03-13", "dev"),
        ("2027-03-14", "all; skipped: not on holidays (2027-03-14)"),
        ("2027-03-14", "dev; skipped: not in late (2027-03-14)"),
        ("2027-03-15", "all; test already running"),
    ]
    found = json.loads(next_in(lamplighter, tmp_path, "next", "--json", "--days", "2", *FROM).stdout)
    assert [row["skipped"] for row in found] == ["not in late (2027-03-11)", "not on holidays (2027-03-12)", "not in late (2027-03-12)", ""]


def test_standard_input_has_its_calendars_in_the_working_directory(lamplighter, tmp_path):
    (tmp_path / "ours.ics").write_text(ICAL)
    done = subprocess.run([lamplighter, "next", "-f", "-", *FROM], input=CALENDARS, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "skipped: not on holidays (2027-03-12)" in done.stdout


@pytest.mark.parametrize(
    "ical, expected",
    [
        (None, "ours.ics: there is no such file"),
        ("<html>", "ours.ics: line 1: found \"<HTML>\", expected BEGIN:VCALENDAR"),
        (ICAL.replace("YEARLY", "SECONDLY"), "ours.ics: line 5: RRULE: found \"FREQ=SECONDLY\", expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"),
        (ICAL.replace("YEARLY", "YEARLY;BYMONTH=2;BYMONTHDAY=30"), "expected a rule that RFC 5545 allows and that a day matches"),
    ],
    ids=["missing", "not-ical", "by-the-second", "never"],
)
def test_a_bad_calendar_file_is_an_error_with_its_place(lamplighter, tmp_path, ical, expected):
    for verb in ("next", "validate"):
        done = next_in(lamplighter, tmp_path, verb, ical=ical)
        assert (done.returncode, done.stdout) == (2, "")
        assert "fleet.yaml:4:51: can't use the calendar file " in done.stderr
        assert expected in done.stderr


def test_validate_says_what_calendars_hold_and_what_never_runs(lamplighter, tmp_path):
    text = CALENDARS.replace("2027-03-13", "2000-03-13").replace("except: [holidays]", "except: [late]")
    done = next_in(lamplighter, tmp_path, "validate", text=text)
    assert done.returncode == 0, done.stderr
    assert "\nCalendars\n  holidays: " in done.stdout
    assert "  late: 0 days until " in done.stdout
    assert "America/New_York, only on late\n" in done.stdout
    assert "(skipped: not in late)" in done.stdout
    assert "warning: the schedule nights never runs until " in done.stderr
    assert "warning: no schedule names the calendar holidays\n" in done.stderr
