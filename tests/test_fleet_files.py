"""The schema and the parser agree on what a fleet file may say."""

import json
import pathlib
import re
import subprocess

import botocore.session
import jsonschema
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOOD = sorted((ROOT / "tests/fleet/good").glob("*.yaml")) + sorted((ROOT / "examples").glob("*.yaml"))
BAD = sorted((ROOT / "tests/fleet/bad").glob("*.yaml"))
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "schema/fleet.schema.json").read_text()))


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: no dates, no yes and no."""


CoreLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
]:
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), [c.strip("\0") for c in first])


def schema_accepts(path):
    try:
        documents = list(yaml.load_all(path.read_text(), CoreLoader))
    except yaml.YAMLError:
        return False
    return len(documents) == 1 and SCHEMA.is_valid(documents[0])


def validate(lamplighter, path):
    return subprocess.run([lamplighter, "validate", "-f", path], capture_output=True, text=True, timeout=30)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA.schema)


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_both_accept_good_files(lamplighter, path):
    result = validate(lamplighter, path)
    assert result.returncode == 0, result.stderr
    errors = [e.message for e in SCHEMA.iter_errors(yaml.load(path.read_text(), CoreLoader))]
    assert errors == []


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_both_refuse_bad_files(lamplighter, path):
    who, expected = path.with_suffix(".expected").read_text().splitlines()
    result = validate(lamplighter, path)
    assert result.returncode == 2
    assert expected in result.stderr
    assert result.stdout == ""
    # Some rules are beyond a schema (a server in two phases); it must know all others.
    assert schema_accepts(path) == (who == "parser only")


def test_standard_input(lamplighter):
    text = (ROOT / "examples/lower-environments.yaml").read_text()
    result = subprocess.run([lamplighter, "validate", "-f", "-"], input=text, capture_output=True, text=True, timeout=30)
    assert result.returncode == 0
    assert "test15, test16, test20" in result.stdout


def test_a_missing_file_says_what_to_do(lamplighter, tmp_path):
    result = validate(lamplighter, tmp_path / "none.yaml")
    assert result.returncode == 2
    assert "can't read the fleet file" in result.stderr


def test_the_regions_are_botocore_s(lamplighter):
    regions = {
        region
        for partition in botocore.session.Session().get_data("partitions")["partitions"]
        for region in partition["regions"]
        if not region.endswith("-global")
    }
    assert set(SCHEMA.schema["$defs"]["region"]["enum"]) == regions
    fleet = "fleet: f\nenvironments:\n" + "".join(
        f"  e{i}: {{region: {region}, phases: [{{name: app, servers: [a]}}]}}\n" for i, region in enumerate(sorted(regions))
    )
    result = subprocess.run([lamplighter, "validate", "-f", "-"], input=fleet, capture_output=True, text=True, timeout=30)
    assert "expected a region" not in result.stderr


def test_a_name_has_256_characters_in_any_script(lamplighter):
    fleet = "fleet: f\nregion: eu-west-1\nenvironments: {dev: {phases: [{name: app, servers: [%s]}]}}\n"
    for character in "aé東😀":
        for length, code in ((256, 0), (257, 2)):
            text = fleet % (character * length)
            result = subprocess.run([lamplighter, "validate", "-f", "-"], input=text, capture_output=True, text=True, timeout=30)
            assert result.returncode == code, (character, length, result.stderr)


def test_what_comes_next_is_shown_and_what_never_comes_is_warned_of(lamplighter):
    fleet = """fleet: f
region: eu-west-1
environments: {dev: {phases: [{name: app, servers: [a]}]}}
schedules:
  - {name: newyear, action: start, cron: "30 23 31 12 ? 2097-2099", timezone: Asia/Tokyo}
  - {name: past, action: stop, at: "2025-01-01T00:00:00", late: 0, retry: {attempts: 1}}
"""
    result = subprocess.run([lamplighter, "validate", "-f", "-"], input=fleet, capture_output=True, text=True, timeout=30)
    assert result.returncode == 0
    assert "next Tue 2097-12-31 23:30, Wed 2098-12-31 23:30, Thu 2099-12-31 23:30\n" in result.stdout
    assert result.stderr == (
        "warning: the schedule past is never due: at(2025-01-01T00:00:00) has passed\n"
        "warning: the schedule newyear starts dev, which no schedule stops\n"
    )
    assert "f: 1 environment, in start order" in result.stdout
    assert "where missed, made up for within 1h; where not started, tried again 185 times within 1h\n" in result.stdout
    assert "where missed, not made up for; where not started, tried again 1 time within 1m\n" in result.stdout


def test_what_compile_refuses_validate_refuses(lamplighter):
    servers = ", ".join(f"s{i}" for i in range(40))
    phases = ", ".join("{name: p%d, servers: [%s], timeout: 7d}" % (i, servers.replace("s", f"s{i}x")) for i in range(30))
    environments = "".join(f"  e{i}: {{region: eu-west-1, role: 'arn:aws:iam::{i:012}:role/r', phases: [{phases}]}}\n" for i in range(40))
    text = "fleet: f\nenvironments:\n" + environments
    verdicts = [
        subprocess.run([lamplighter, *verb, "-f", "-"], input=text, capture_output=True, text=True, timeout=60)
        for verb in (["compile", "start"], ["validate"])
    ]
    assert [verdict.returncode for verdict in verdicts] == [2, 2]
    assert verdicts[0].stderr == verdicts[1].stderr
