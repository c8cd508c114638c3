"""The schema and the parser agree on what a fleet file may say."""

import json
import pathlib
import re
import subprocess

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
