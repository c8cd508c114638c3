"""docs/cli.md beside what the verbs' own help says: neither has a verb or an option that the other lacks."""

import pathlib
import re
import subprocess

import pytest

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs/cli.md"
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
COMMON = {"-h", "--help"}


def sections():
    """A verb's section begins with a command; its heading may name two ("## start, stop"). Its text, by verb."""
    found = re.findall(r"^## (.+)\n(`lamplighter (?:.|\n(?!## ))*)", PAGE.read_text(), flags=re.MULTILINE)
    return {verb: text for heading, text in found for verb in heading.split(", ")}


def help_of(lamplighter, *verb):
    return subprocess.run([lamplighter, *verb, "--help"], capture_output=True, text=True, timeout=30, check=True).stdout


def listed(text, heading):
    """What stands in the first column under a heading of a help."""
    block = re.search(rf"^{heading}:\n((?:  .*\n)+)", text, flags=re.MULTILINE)
    return re.findall(r"^  (\S+)", block.group(1), flags=re.MULTILINE) if block else []


@pytest.fixture(scope="module")
def verbs(lamplighter):
    found = listed(help_of(lamplighter), "Subcommands")
    assert "start" in found
    return found


@pytest.fixture(scope="module")
def options(lamplighter, verbs):
    """What each verb takes: {"validate": {"-f", "--file", …}, …}."""
    taken = {}
    for verb in verbs:
        entries = listed(help_of(lamplighter, verb), "Options")
        taken[verb] = {name for entry in entries for name in OPTION.findall(entry)} - COMMON
    assert {"-f", "--file", "--simulate"} <= taken["start"]
    return taken


def documented(text):
    """The options in the first column of a section's tables."""
    rows = re.findall(r"^\| (`-.*?`) \|", text, flags=re.MULTILINE)
    return {name for row in rows for code in re.findall(r"`([^`]+)`", row) for name in OPTION.findall(code)}


def test_every_verb_has_a_section_and_every_section_its_verb(verbs):
    assert sections().keys() == set(verbs)


def test_a_verb_s_table_has_its_options_and_no_others(options):
    assert {verb: documented(sections()[verb]) for verb in options} == options


def test_the_page_names_no_option_that_does_not_exist(options):
    exist = set().union(*options.values(), COMMON, {"--version"})
    named = {name for code in re.findall(r"`([^`\n]+)`", PAGE.read_text()) for name in OPTION.findall(code)}
    assert named <= exist
