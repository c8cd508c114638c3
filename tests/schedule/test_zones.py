"""Every zone of the system's tzdata around each of its changes of 2026 to 2028, beside Python's zoneinfo: another reader of
the same files."""

import json
import pathlib
import subprocess
import zoneinfo
from datetime import datetime, timedelta, timezone

import pytest

DIRECTORY = pathlib.Path("/usr/share/zoneinfo")
EPOCH = datetime(1970, 1, 1)
FIRST, LAST = datetime(2026, 1, 1, tzinfo=timezone.utc), datetime(2029, 1, 1, tzinfo=timezone.utc)
# Off by a second, within what is skipped or repeated (at most a day), and around it.
STEPS = sorted({sign * seconds for seconds in (0, 1, 900, 1800, 3599, 3600, 3601, 7200, 10800, 86400) for sign in (1, -1)})
TICK = 900  # every zone's offset is a multiple of it, and so is each change of the clock in these years


def seconds(naive):
    return int((naive - EPOCH).total_seconds())


def shown(zone, utc):
    """What the zone's clock shows, and whether it shows it for the second time."""
    local = datetime.fromtimestamp(utc, zone)
    return seconds(local.replace(tzinfo=None)), local.fold == 1


def first_moment(zone, local):
    """When the clock shows that for the first time: a time that is skipped does not come back the same."""
    moment = (EPOCH + timedelta(seconds=local)).replace(tzinfo=zone, fold=0)
    utc = int(moment.timestamp())
    return utc if shown(zone, utc)[0] == local else None


def changes(zone):
    """The seconds at which the zone's offset changes, by halving each day in which it does."""
    found, day = [], int(FIRST.timestamp())
    offset = lambda utc: shown(zone, utc)[0] - utc
    while day < LAST.timestamp():
        low, high = day, day + 86400
        if offset(low) != offset(high):
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            found.append(high)
        day += 86400
    return found


@pytest.fixture(scope="module")
def zones():
    names = sorted(
        str(path.relative_to(DIRECTORY))
        for path in DIRECTORY.rglob("*")
        if path.is_file() and path.read_bytes()[:4] == b"TZif"
        and path.relative_to(DIRECTORY).parts[0] not in ("posix", "right", "posixrules", "localtime")
    )
    assert len(names) > 400
    found = {}
    for name in names:
        with open(DIRECTORY / name, "rb") as file:
            found[name] = zoneinfo.ZoneInfo.from_file(file, key=name)
    return found


@pytest.fixture(scope="module")
def changes_of(zones):
    found = {name: changes(zone) for name, zone in zones.items()}
    assert sum(map(len, found.values())) > 500
    return found


def ask(build_dir, queries):
    text = "".join(json.dumps(query) + "\n" for query in queries)
    done = subprocess.run([build_dir / "schedule_batch"], input=text, capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_clock_around_every_change(build_dir, zones, changes_of):
    queries = []
    for name, zone in zones.items():
        moments = changes_of[name] or [int(datetime(2027, 7, 1).timestamp())]
        utc = [moment + step for moment in moments for step in STEPS]
        # On the clock as it went before and as it goes after.
        local = [moment + step + shown(zone, moment + side)[0] - (moment + side)
                 for moment in moments for step in STEPS for side in (-1, 0)]
        queries.append({"zone": name, "utc": utc, "local": local})
    skipped = 0
    for query, answer in zip(queries, ask(build_dir, queries), strict=True):
        zone = zones[query["zone"]]
        assert answer["utc"] == [shown(zone, utc)[0] for utc in query["utc"]], query["zone"]
        expected = [first_moment(zone, local) for local in query["local"]]
        assert answer["local"] == expected, query["zone"]
        skipped += expected.count(None)
    assert skipped > 500


def test_what_is_due_around_every_change(build_dir, zones, changes_of):
    """Every quarter of an hour: each that the clock shows for the first time, none other, none twice."""
    queries, expected = [], []
    for name, zone in zones.items():
        for moment in changes_of[name]:
            after, until = moment - 30 * 3600, moment + 30 * 3600
            assert moment % TICK == 0, (name, moment)
            queries.append({"zone": name, "expression": "cron(0/15 * * * ? *)", "after": after, "until": until})
            expected.append([utc for utc in range(after + TICK, until + 1, TICK) if not shown(zone, utc)[1]])
    for query, due, answer in zip(queries, expected, ask(build_dir, queries), strict=True):
        assert answer["due"] == due, query
