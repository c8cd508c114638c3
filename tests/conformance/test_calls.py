"""Replays single calls that were recorded on AWS Step Functions (validations, and calls that it refused) against
`lamplighter serve`. docs/conformance.md says what is not matched, and why."""
import json
import re
import subprocess
import sys

import pytest

from test_replay import ROOT, free_port, serve

CALLS = ROOT.parent / "shared/conformance"
NEEDED = {"code": 31, "exact": 16}  # of 34
SETS = ("validate", "api_errors")


def replayed(url, report, name):
    """How many calls of a set reach each level."""
    done = subprocess.run([sys.executable, CALLS / "calls.py", "--endpoint", url, "--at-least", "0", "--report", report,
                           CALLS / name / "cases.json"], capture_output=True, text=True, timeout=300, check=True)
    print(done.stdout)
    return {level: int(count) for level, count in re.findall(r"(\w+) (\d+)/\d+", done.stdout)}


def test_recorded_calls_are_answered_as_they_were(tmp_path):
    if not (CALLS / "calls.py").is_file():
        pytest.skip(f"not run: no data at {CALLS}")
    process, url = serve(tmp_path / "state", free_port())
    try:
        reached = [replayed(url, tmp_path / f"{name}.json", name) for name in SETS]
    finally:
        process.terminate()
        process.wait(timeout=30)
    rows = [row for name in SETS for row in json.loads((tmp_path / f"{name}.json").read_text())]
    missed = [row for row in rows if row["level"] != "exact"]
    for level, needed in NEEDED.items():
        assert sum(found[level] for found in reached) >= needed, missed
    explained = (ROOT / "docs/conformance.md").read_text()
    assert [row["case"] for row in missed if re.split(r"[\[#]", row["case"].split("::")[-1])[0] not in explained] == []
