"""What synth writes: the same bytes each time, small differences, clean for cfn-lint, refusals with the figure."""

import difflib
import json
import pathlib
import subprocess
import sys

import pytest

FLEET = pathlib.Path(__file__).with_name("fleet.yaml")
CFN_LINT = pathlib.Path(sys.executable).with_name("cfn-lint")


def files(directory):
    return {str(path.relative_to(directory)): path.read_text() for path in directory.rglob("*") if path.is_file()}


def lint(template):
    done = subprocess.run([CFN_LINT, template], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stdout, done.stdout


def many(environments, timeout="15m", servers=6):
    """A fleet of so many environments of two phases."""
    def phase(name, environment):
        return {"name": name, "servers": [f"server-{environment}-{name}-{number}" for number in range(servers)]}
    return json.dumps({  # JSON is YAML
        "fleet": "many", "region": "us-east-1", "timeout": timeout,
        "environments": {f"env{n}": {"phases": [phase("db", n), phase("app", n)]} for n in range(environments)}})


@pytest.fixture
def synth(cli, tmp_path):
    """Writes a fleet's files; gives their directory."""
    def run(text, name="out", *options):
        source = tmp_path / f"{name}.yaml"
        source.write_text(text)
        cli("synth", "-f", source, "-o", tmp_path / name, *options)
        return tmp_path / name
    return run


def test_the_same_file_gives_the_same_bytes(synth):
    first, second = files(synth(FLEET.read_text(), "one")), files(synth(FLEET.read_text(), "two"))
    assert first == second
    assert set(first) == {"template.json", "README.md", "definitions/start.asl.json", "definitions/stop.asl.json",
                          "definitions/warn.asl.json", "roles/210987654321-role-Lamplighter.policy.json",
                          "roles/210987654321-role-Lamplighter.trust.json"}


def test_a_file_that_is_no_longer_wanted_goes(synth):
    out = synth(FLEET.read_text())
    (out / "lambda.zip").write_bytes(b"mine")
    assert list((out / "roles").iterdir())
    synth(FLEET.read_text().replace('role: "arn:aws:iam::210987654321:role/Lamplighter"', "settle: 1s"))
    assert not list(out.glob("roles/*"))
    assert (out / "lambda.zip").read_bytes() == b"mine", "what synth did not write stays"


def test_a_change_is_a_small_difference(synth):
    before = files(synth(FLEET.read_text(), "before"))
    after = files(synth(FLEET.read_text().replace("[test3]", "[test3, test9]").replace("0 6 ?", "30 6 ?"), "after"))
    changed = {path: [line for line in difflib.unified_diff(before[path].splitlines(), after[path].splitlines(), n=0)
                      if not line.startswith(("---", "+++", "@@"))] for path in before if before[path] != after[path]}
    assert set(changed) == {"template.json", *(f"definitions/{name}.asl.json" for name in ("start", "stop", "warn"))}
    for lines in changed.values():
        assert len(lines) <= 10, lines


@pytest.mark.parametrize("options", [(), ("--xray",)])
def test_cfn_lint_is_content(synth, options):
    lint(synth(FLEET.read_text(), "out", *options) / "template.json")


def test_cfn_lint_is_content_with_a_topic_of_elsewhere(synth):
    arn = "arn:aws:sns:eu-west-1:123456789012:operations"
    lint(synth(FLEET.read_text().replace("sns: mailme", f'sns: "{arn}"')) / "template.json")
    lint(synth(FLEET.read_text().replace("sns: mailme", "sns: mailme, region: eu-west-1")) / "template.json")


def test_cfn_lint_is_content_without_notify_and_schedules(synth):
    lint(synth(many(1)) / "template.json")


def test_a_hundred_and_forty_environments_of_two_phases_fit(synth):
    out = synth(many(140, servers=10))
    lint(out / "template.json")
    for path in (out / "definitions").iterdir():
        assert path.stat().st_size < 1_048_576
        assert len(json.loads(path.read_text())["States"]) > 1


@pytest.mark.parametrize("fleet, code, figure", [
    (many(300, servers=1), "TooManyEvents", "25000"),
    (many(140, servers=60), "FleetTooLarge", "80000"),
])
def test_a_fleet_that_step_functions_cannot_take_is_refused(cli, tmp_path, fleet, code, figure):
    source = tmp_path / "fleet.yaml"
    source.write_text(fleet)
    done = cli("synth", "-f", source, "-o", tmp_path / "out", check=False)
    assert done.returncode == 2
    assert figure in done.stderr.replace(",", "")
    assert not (tmp_path / "out").exists(), "nothing is written"
