"""Compiled machines, checked with parts that others wrote."""

import json
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
VALIDATOR = ROOT / "tests/asl_validator"


@pytest.fixture(scope="session")
def asl_validator():
    """npm's asl-validator and JSONata's own implementation, as package-lock.json pins them."""
    installed = VALIDATOR / "node_modules/.package-lock.json"
    lock = VALIDATOR / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=VALIDATOR, check=True, timeout=300)
    return VALIDATOR / "check.mjs"


@pytest.mark.parametrize("action", ["start", "stop"])
@pytest.mark.parametrize("example", ["lower-environments", "many-ways"])
def test_npm_s_validator_accepts_what_compile_prints(lamplighter, asl_validator, tmp_path, example, action):
    compiled = subprocess.run(
        [lamplighter, "compile", action, "-f", ROOT / f"examples/{example}.yaml"],
        capture_output=True, text=True, timeout=30, check=True)
    definition = tmp_path / f"{example}-{action}.json"
    definition.write_text(compiled.stdout)
    checked = subprocess.run(["node", asl_validator, definition], capture_output=True, text=True, timeout=120)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert ": valid;" in checked.stdout


def test_npm_s_validator_accepts_the_machine_that_warns(lamplighter, asl_validator, tmp_path):
    example = (ROOT / "examples/lower-environments.yaml").read_text()
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(example.replace("action: stop,", "action: stop, warn: 15m,"))
    subprocess.run([lamplighter, "synth", "-f", fleet, "-o", tmp_path / "out"], capture_output=True, timeout=30, check=True)
    checked = subprocess.run(["node", asl_validator, tmp_path / "out/definitions/warn.asl.json"], capture_output=True, text=True, timeout=120)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert ": valid;" in checked.stdout


def test_npm_s_validator_accepts_machines_that_tell_many(lamplighter, asl_validator, tmp_path):
    recipients = """[{sns: a}, {sns: b, on: [aborted, skipped]}, {webhook: {url: {ssm: /x}, format: json, secret: {ssm: y}}},
                     {webhook: {url: {ssm: /z}, format: slack}, on: [warning]}, {eventbridge: ops}]"""
    example = (ROOT / "examples/lower-environments.yaml").read_text().replace("action: stop,", "action: stop, warn: 15m,")
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(re.sub(r"(?m)^notify:(.*\n)([ -].*\n)*", f"notify: {recipients}\n", example))
    subprocess.run([lamplighter, "synth", "-f", fleet, "-o", tmp_path / "out"], capture_output=True, timeout=30, check=True)
    for name in ("start", "stop", "warn"):
        definition = tmp_path / f"out/definitions/{name}.asl.json"
        assert "Notify 2" in json.loads(definition.read_text())["States"]
        checked = subprocess.run(["node", asl_validator, definition], capture_output=True, text=True, timeout=120)
        assert checked.returncode == 0 and ": valid;" in checked.stdout, checked.stdout + checked.stderr


def test_the_validator_can_refuse(lamplighter, asl_validator, tmp_path):
    compiled = subprocess.run(
        [lamplighter, "compile", "start", "-f", ROOT / "examples/lower-environments.yaml"],
        capture_output=True, text=True, timeout=30, check=True)
    definition = json.loads(compiled.stdout)
    definition["States"]["Start all environments"]["Next"] = "Nowhere"
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(definition))
    assert subprocess.run(["node", asl_validator, broken], capture_output=True, timeout=120).returncode == 1


def test_mermaid_and_some_environments(lamplighter):
    drawn = subprocess.run(
        [lamplighter, "compile", "stop", "dev", "--format", "mermaid", "-f", ROOT / "examples/lower-environments.yaml"],
        capture_output=True, text=True, timeout=30, check=True).stdout
    assert drawn.startswith("stateDiagram-v2\n")
    assert "Stop dev app servers" in drawn
    assert "preprod" not in drawn


@pytest.mark.parametrize("action", ["start", "stop"])
def test_the_page_shows_what_compile_draws(lamplighter, action):
    drawn = subprocess.run(
        [lamplighter, "compile", action, "--format", "mermaid", "-f", ROOT / "examples/lower-environments.yaml"],
        capture_output=True, text=True, timeout=30, check=True).stdout
    assert f"```mermaid\n{drawn}```\n" in (ROOT / "docs/state-machine.md").read_text()


def test_an_unknown_environment_is_bad_input(lamplighter):
    result = subprocess.run(
        [lamplighter, "compile", "start", "prod", "-f", ROOT / "examples/lower-environments.yaml"],
        capture_output=True, text=True, timeout=30)
    assert result.returncode == 2
    assert 'found the environment "prod", expected one of dev, test, preprod' in result.stderr
