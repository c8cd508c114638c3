"""A virtual year of the example fleet: killed, down over midnight, suspended, its clock set forward and back, both changes of
the clock. What was started is compared with a rule that knows nothing of the scheduler's: an occurrence starts once, at the
first moment at which a process that runs sees a clock between its due moment and an hour after it."""

import json
import os
import pathlib
import random
import subprocess
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TRANSCRIPT = ROOT / "docs/year.md"
UTC = timezone.utc
LATE = timedelta(hours=1)
YORK = ZoneInfo("America/New_York")
# Beside the example's, every day: in the hour that the clock shows twice in November, and in the one that it skips in March.
NIGHTLY = {"name": "nightly", "action": "start", "cron": "30 1 * * ? *", "timezone": "America/New_York", "environments": ["dev"]}
GAP = {"name": "in the gap", "action": "stop", "cron": "45 2 * * ? *", "timezone": "America/New_York", "environments": ["test"]}
WEEKDAYS, ALL = range(5), range(7)
RULES = {"weekday mornings": (time(6), WEEKDAYS), "weekday evenings": (time(20), WEEKDAYS),
         "nightly": (time(1, 30), ALL), "in the gap": (time(2, 45), ALL)}


def text(moment):
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def local(moment):
    return moment.astimezone(YORK)


def york(*parts):
    return datetime(*parts, tzinfo=YORK).astimezone(UTC)


def occurrences(first, last):
    """[(due, schedule)]: a local time that does not exist comes back as another."""
    found = []
    day = local(first).date() - timedelta(days=1)
    while day <= local(last).date() + timedelta(days=1):
        for name, (clock, days) in RULES.items():
            due = datetime.combine(day, clock, YORK).astimezone(UTC)
            if day.weekday() in days and local(due).time() == clock and first < due <= last:
                found.append((due, name))
        day += timedelta(days=1)
    return sorted(found)


class Story:
    """What happens to the daemon, and by the rule alone what it had to start."""

    def __init__(self, first, last):
        self.lines, self.started, self.now, self.dies = [], {}, first, None
        self.due = occurrences(first, last + timedelta(days=400))
        self.tell("set", to=first)

    def tell(self, what, **more):
        self.lines.append({"do": what, **{key: text(value) if isinstance(value, datetime) else value for key, value in more.items()}})

    def up(self):
        self.tell("up")

    def down(self):
        self.tell("down")

    def kill(self, when):
        self.dies = when
        self.tell("kill", when=when)

    def run(self, until):
        """True unless it was killed."""
        self.tell("run", until=until)
        seen = sorted((max(due, self.now), due, name) for due, name in self.due
                      if (name, due) not in self.started and due <= until and self.now <= due + LATE)
        for at, due, name in seen:
            if self.dies != "before":
                self.started[name, due] = at
            if self.dies:
                self.dies, self.now = None, at
                return False
        self.now = until
        return True

    def leave(self, until):
        """Nobody sees this time."""
        self.tell("pass", until=until)
        self.now = until

    def set_clock(self, moment):
        self.tell("set", to=moment)
        self.now = moment


def lived(build_dir, tmp_path, story):
    """[(schedule, due, at)], and the troubles that were told."""
    fleet = yaml.safe_load((ROOT / "examples/lower-environments.yaml").read_text())
    fleet["schedules"] += [NIGHTLY, GAP]
    path = tmp_path / "fleet.yaml"
    path.write_text(yaml.safe_dump(fleet))
    done = subprocess.run([build_dir / "fleet_year", path, tmp_path], input="".join(json.dumps(one) + "\n" for one in story.lines),
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    moment = datetime.fromisoformat
    return ([(one["started"], moment(one["due"]), moment(one["at"])) for one in said if "started" in one],
            [one["trouble"] for one in said if "trouble" in one])


def check(started, story):
    assert len({one[:2] for one in started}) == len(started), "something was started twice"
    wanted = {(name, due, at) for (name, due), at in story.started.items()}
    assert set(started) == wanted


def the_year():
    """2027, with its notable days: (day, what happened)."""
    story = Story(york(2027, 1, 1), york(2028, 1, 1))
    days = {}

    def note(words):
        days[local(story.now).date()] = words

    story.up()
    story.run(york(2027, 2, 9, 12))
    note("killed at 20:00 before the stop is on disk; a new process at 20:03 makes up for it")
    story.kill("before")
    assert not story.run(york(2027, 2, 10))
    story.leave(york(2027, 2, 9, 20, 3))
    story.up()
    story.run(york(2027, 3, 10, 5))
    note("killed at 06:00 once the start is on disk, before that is written down; at 06:01 it isn't started again")
    story.kill("after")
    assert not story.run(york(2027, 3, 10, 7))
    story.leave(york(2027, 3, 10, 6, 1))
    story.up()
    story.run(york(2027, 3, 14, 12))
    note("the clock goes forward: 02:45 doesn't exist and isn't due; 01:30 is")
    story.run(york(2027, 4, 21, 19, 50))
    note("down from 19:50 over midnight: the stop of 20:00 is missed")
    story.down()
    story.leave(york(2027, 4, 22, 0, 40))
    story.up()
    story.run(york(2027, 5, 17, 19, 30))
    note("suspended from 19:30 to 20:45: the stop is made up for")
    story.leave(york(2027, 5, 17, 20, 45))
    story.run(york(2027, 6, 15, 12))
    note("the clock is set a year ahead for a minute: what it passes over is missed, and nothing after it is silent")
    story.set_clock(york(2028, 6, 15, 12))
    story.run(york(2028, 6, 15, 12, 1))
    story.set_clock(york(2027, 6, 15, 12, 1))
    story.run(york(2027, 8, 3, 20, 30))
    note("the clock is set back to 19:45: the stop of 20:00 isn't started again")
    story.set_clock(york(2027, 8, 3, 19, 45))
    story.run(york(2027, 11, 7, 12))
    note("the clock goes back: 01:30 comes twice and is due once")
    story.run(york(2027, 12, 23, 12))
    note("down over the holidays: only what is due after 05:15 on 3 January starts")
    story.down()
    story.leave(york(2028, 1, 3, 5, 15))
    story.up()
    story.run(york(2028, 1, 3, 23))
    return story, days


def transcript(started, days):
    """A notable day a line, with what was started on it."""
    lines = []
    for day, words in sorted(days.items()):
        on_it = [f"{name} {local(due):%H:%M}" + (f" (at {local(at):%H:%M})" if at != due else "")
                 for name, due, at in sorted(started, key=lambda one: one[2]) if local(due).date() == day]
        lines.append(f"| {day:%a %Y-%m-%d} | {words} | {', '.join(on_it) or 'nothing'} |")
    counts = {name: sum(one[0] == name for one in started) for name in RULES}
    made_up = sum(at != due for _, due, at in started)
    total = ", ".join(f"{name} {count}" for name, count in counts.items())
    return ["| day | what happened | what was started |", "|---|---|---|", *lines, "",
            f"In all {len(started)} starts, each once, {made_up} of them made up for: {total}."]


def test_a_year_with_its_notable_days(build_dir, tmp_path):
    story, days = the_year()
    started, troubles = lived(build_dir, tmp_path, story)
    check(started, story)
    assert any("missed" in one for one in troubles)
    lines = transcript(started, days)
    print("\n".join(lines))
    assert TRANSCRIPT.read_text().splitlines()[-len(lines):] == lines, "docs/year.md is to be what happened"


def some_year(seed):
    draw = random.Random(seed)
    story = Story(york(2027, 1, 1), york(2028, 1, 1))
    story.up()
    while story.now < york(2028, 1, 1):
        begin = story.now + timedelta(seconds=draw.randrange(60, 12 * 86400))
        if not story.run(begin):
            story.leave(story.now + timedelta(seconds=draw.randrange(0, 7200)))
            story.up()
            continue
        what = draw.choice(["kill", "down", "sleep", "ahead", "back"])
        gap = timedelta(seconds=int(draw.choice([60, 4000, 30_000, 200_000]) * (0.5 + draw.random())))
        if what == "kill":
            story.kill(draw.choice(["before", "after"]))
        elif what == "down":
            story.down()
            story.leave(story.now + gap)
            story.up()
        elif what == "sleep":
            story.leave(story.now + gap)
        elif what == "ahead":
            story.set_clock(story.now + gap)
        else:
            story.set_clock(max(story.now - timedelta(seconds=gap // timedelta(seconds=4)), york(2027, 1, 2)))
    return story


YEARS = max(1, int(2 * float(os.environ.get("LAMPLIGHTER_PROOF_LENGTH", "1"))))


@pytest.mark.parametrize("seed", range(YEARS))
def test_some_years(build_dir, tmp_path, seed):
    story = some_year(seed)
    started, _ = lived(build_dir, tmp_path, story)
    check(started, story)
