"""The command line's own words: help, and what is said of arguments that are wrong."""

import shlex
import subprocess

import pytest

FLEET = "fleet: f\nregion: eu-west-1\nenvironments: {dev: {phases: [{name: app, servers: [a]}]}}\n"


def run(lamplighter, *arguments):
    return subprocess.run([lamplighter, *arguments], input=FLEET, capture_output=True, text=True, timeout=60)


def test_bare_and_help_print_the_help(lamplighter):
    help_text = run(lamplighter, "--help").stdout
    for arguments in ([], ["help"]):
        result = run(lamplighter, *arguments)
        assert (result.returncode, result.stdout, result.stderr) == (0, help_text, "")
    assert run(lamplighter, "help", "start").stdout == run(lamplighter, "start", "--help").stdout


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["start", "--simulat"], 'found the unknown option --simulat (did you mean "--simulate"?); see lamplighter start --help'),
        (["plan", "start", "--profil=ops"], 'found the unknown option --profil (did you mean "--profile"?); see lamplighter plan --help'),
        (["executions", "all"], 'found the argument "all", expected no more; see lamplighter executions --help'),
        (["compile", "begin"], "see lamplighter compile --help"),
        (["strat"], '(did you mean "start"?)'),
        (["serve", "--port", "99999"], "found 99999, expected a number from 0 to 65535"),
        (["policy", "-f", "-", "--account", "12"], "found --account 12, expected an account's 12 digits, or *"),
        (["--versio"], 'found the unknown option --versio (did you mean "--version"?); see lamplighter --help'),
    ],
)
def test_wrong_arguments_are_named_with_the_help_to_read(lamplighter, arguments, said):
    result = run(lamplighter, *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("arguments", [["--simulate", "max"], ["--simulate", "5000", "dev"], ["dev", "--simulate", "5000"]])
def test_a_speed_after_a_blank_is_understood(lamplighter, arguments, tmp_path):
    result = run(lamplighter, "start", "-f", "-", *arguments)
    assert result.returncode == 0, result.stderr


def test_an_unknown_region_is_corrected(lamplighter):
    result = run(lamplighter, "validate", "-f", "-", "--region", "us-est-1")
    assert result.returncode == 2
    assert 'found --region us-est-1 (did you mean "us-east-1"?)' in result.stderr


@pytest.mark.parametrize("directory", ["loop", "a" * 300], ids=["loop", "long"])
def test_a_state_directory_that_cant_be_is_an_error_in_words(lamplighter, tmp_path, directory):
    (tmp_path / "loop").symlink_to("loop")
    result = run(lamplighter, "executions", "--state-dir", tmp_path / directory)
    assert result.returncode == 2
    assert "internal error" not in result.stderr and directory in result.stderr


def test_what_simulate_prints_can_be_pasted(lamplighter, tmp_path):
    path = tmp_path / "it's my $fleet.yaml"
    path.write_text(FLEET)
    process = subprocess.Popen([lamplighter, "simulate", "-f", path, "--port", "0"], stdout=subprocess.PIPE, text=True)
    lines = [process.stdout.readline() for _ in range(4)]
    process.terminate()
    process.communicate(timeout=20)
    assert "of 1 server is at" in lines[0]
    assert shlex.split(lines[3]) == ["lamplighter", "start", "--file", str(path)]
