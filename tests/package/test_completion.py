"""What shells offer, asked of the shells themselves; and the manual page. All of it comes from the verbs."""
import os
import pty
import re
import select
import subprocess
import time

import pytest

QUESTIONS = {
    "lamplighter st": {"start", "stop"},
    "lamplighter help ba": {"backup"},
    "lamplighter plan st": {"start", "stop"},
    "lamplighter start --fi": {"--file"},
    "lamplighter compile start --format ": {"asl", "mermaid"},
    "lamplighter serve --auth ": {"none", "sigv4"},
    "lamplighter validate -f wan": {"wanted.yaml"},
    "lamplighter backup wan": {"wanted.yaml"},
    "lamplighter serve --state-dir ": {"folder"},
    "lamplighter keep --why ": set(),
}


def help_of(lamplighter, *verb):
    return subprocess.run([lamplighter, *verb, "--help"], capture_output=True, text=True, timeout=30, check=True).stdout


@pytest.fixture(scope="module")
def verbs(lamplighter):
    listed = help_of(lamplighter).split("Subcommands:\n")[1]
    return re.findall(r"^  (\S+)", listed, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def options(lamplighter, verbs):
    """{"validate": {"-f", "--file", …}, …}"""
    first = re.compile(r"^  (-\S+)", re.MULTILINE)
    name = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
    return {verb: {each for entry in first.findall(help_of(lamplighter, verb)) for each in name.findall(entry)} for verb in verbs}


class Bash:
    ASK = """
      source "$1"; COMP_WORDS=($2); [[ $2 == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      compopt() { :; }; _lamplighter; printf '%s\\n' "${COMPREPLY[@]}"
    """

    def __init__(self, script, folder):
        self.script, self.folder = script, folder

    def offers(self, line):
        answer = subprocess.run(["bash", "-c", self.ASK, "bash", self.script, line], cwd=self.folder, capture_output=True, text=True, timeout=30)
        assert answer.stderr == ""
        return set(answer.stdout.split())

    def end(self):
        pass


class Fish:
    def __init__(self, script, folder):
        self.script, self.folder = script, folder

    def offers(self, line):
        answer = subprocess.run(["fish", "--no-config", "-c", f"source {self.script}; complete -C '{line}'"], cwd=self.folder,
                                env={**os.environ, "HOME": str(self.folder)}, capture_output=True, text=True, timeout=30)
        assert answer.stderr == ""
        return {each.split("\t")[0].rstrip("/") for each in answer.stdout.splitlines()}

    def end(self):
        pass


class Zsh:
    """Completes only where somebody types: at a terminal. What it is about to offer is written down beside."""
    SETTINGS = """
      autoload -Uz compinit; compinit -u -D; source {script}
      compadd() {{
        local -a found
        if [[ ${{@[(i)-[OAD]]}} -le $# ]]; then builtin compadd "$@"; return; fi
        builtin compadd -O found "$@"; print -rl -- $found >>{offered}; builtin compadd "$@"
      }}
      complete-and-say() {{ zle complete-word; print -- --end >>{offered}; }}
      zle -N complete-and-say; bindkey '^I' complete-and-say; print -- --end >>{offered}
    """

    def __init__(self, script, folder):
        self.offered = script.parent / "offered"
        settings = script.parent / "settings"
        settings.write_text(self.SETTINGS.format(script=script, offered=self.offered))
        self.offered.write_text("")
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "TERM": "dumb", "HOME": str(folder)})
        self.ask(f"source {settings}\n")

    def ask(self, keys):
        os.write(self.terminal, keys.encode())
        end = time.monotonic() + 20
        while "--end" not in (lines := self.offered.read_text().split()):
            if select.select([self.terminal], [], [], 0.02)[0]:
                os.read(self.terminal, 65536)
            assert time.monotonic() < end, lines
        self.offered.write_text("")
        return {line for line in lines if line != "--end"}

    def offers(self, line):
        found = self.ask(line + "\t")
        os.write(self.terminal, b"\x15")  # the line goes
        return found

    def end(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


@pytest.fixture(scope="module", params=[Bash, Fish, Zsh])
def shell(request, lamplighter, tmp_path_factory):
    kind = request.param
    base = tmp_path_factory.mktemp(kind.__name__)
    script, folder = base / "script", base / "home"
    (folder / "folder").mkdir(parents=True)
    (folder / "wanted.yaml").write_text("")
    script.write_bytes(subprocess.run([lamplighter, "completion", kind.__name__.lower()], capture_output=True, check=True).stdout)
    running = kind(script, folder)
    yield running
    running.end()


@pytest.mark.parametrize("line", QUESTIONS)
def test_a_shell_offers_what_the_verb_takes(shell, line):
    assert shell.offers(line) == QUESTIONS[line]


def test_every_verb_is_offered(shell, verbs):
    assert shell.offers("lamplighter ") - {"-h", "--help", "--version"} == {*verbs, "help"}


def test_every_option_of_every_verb_is_offered(shell, options):
    offered = {verb: shell.offers(f"lamplighter {verb} -") for verb in options}
    assert {verb: found | {"-h"} for verb, found in offered.items()} == options


def test_the_manual_page_has_every_verb_and_option(lamplighter, options, tmp_path):
    page = tmp_path / "lamplighter.1"
    page.write_bytes(subprocess.run([lamplighter, "manual-page"], capture_output=True, check=True).stdout)
    read = subprocess.run(["man", "--warnings", "-l", page], env={**os.environ, "MANWIDTH": "200", "LC_ALL": "C.UTF-8", "MAN_KEEP_FORMATTING": ""},
                          capture_output=True, text=True, timeout=60, check=True)
    assert read.stderr == ""
    sections = dict(re.findall(r"^   (\S+)\n((?:\n|     .*\n)+)", read.stdout, flags=re.MULTILINE))
    titles = {verb: set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", " ".join(re.findall(r"^       (-.*)$", sections[verb], flags=re.MULTILINE))))
              for verb in options}
    assert titles == {verb: wanted - {"-h", "--help"} for verb, wanted in options.items()}
