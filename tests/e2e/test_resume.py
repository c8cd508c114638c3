"""Going on with a run that was left: as it was started, after a look, and never against what came later."""

import http.server
import json
import os
import re
import signal
import sqlite3
import subprocess
import threading

import pytest

from harness import EXAMPLE, Lamplighter, free_port, on_a_terminal, read_until, simulated_cloud, wait_for

ACCOUNT = "123456789012"


SPEED = "240"


@pytest.fixture
def served(lamplighter, tmp_path):
    """A simulated cloud that is fast."""
    program = Lamplighter(lamplighter, tmp_path, None)
    with simulated_cloud(lamplighter, SPEED) as program.env["AWS_ENDPOINT_URL"]:
        yield program


@pytest.fixture
def leave(served):
    """Starts a run and kills it in its middle; gives its name. The cloud is named by options, not by the shell."""
    cloud = served.env.pop("AWS_ENDPOINT_URL")
    served.cloud = cloud

    def start(verb, *environments, **variables):
        log = served.home / "log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [served.program, verb, *environments, "-f", EXAMPLE, "--speed", SPEED, "--endpoint-url", cloud, *(["--yes"] if verb == "stop" else [])],
                env={**served.env, **variables}, cwd=served.home, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
            wait_for(log, f"{environments[0]} {'db: starting' if verb == 'start' else 'app: stopping'}")
            process.kill()
            process.wait()
        return json.loads(served("executions", "--json").stdout)[0]["execution"]
    return start


def commands_in(text):
    return [line.split("#")[0].strip() for line in text.splitlines() if re.match(r"  .*\blamplighter ", line)]


def access_of(served, execution):
    return json.loads(json.loads(served("export", execution).stdout)["execution"]["input"])["access"]


def test_an_execution_remembers_how_it_reached_aws_and_no_secret(served, leave):
    name = leave("start", "dev", AWS_SECRET_ACCESS_KEY="never-to-be-seen", AWS_REGION="eu-north-1")
    access = access_of(served, name)
    assert (access["endpoint"], access["speed"], access["accounts"]) == (served.cloud, int(SPEED), {"dev": ACCOUNT})
    assert access["variables"] == {"AWS_REGION": "eu-north-1"}
    for path in (served.home / ".local").rglob("*"):
        assert not path.is_file() or b"never-to-be-seen" not in path.read_bytes()


def test_it_goes_on_as_it_was_started_and_shows_what_it_finds(served, leave):
    name = leave("start", "dev")
    served.env["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{free_port()}"  # another shell, another cloud
    result = served("resume", "--json")
    assert result.code == 0, result.stderr
    assert result.json["execution"] == name
    assert re.search(rf"^{name} goes on \(the environment's key pair\)\n  dev: db \d [^;]*; app 4 stopped$", result.stderr, flags=re.MULTILINE)


def test_another_endpoint_is_refused(served, leave):
    name = leave("start", "dev")
    result = served("resume", name, "--endpoint-url", "http://127.0.0.1:1")
    assert result.code == 2
    assert f"found --endpoint-url http://127.0.0.1:1, but {name} was started with {served.cloud}" in result.stderr
    assert " RUNNING " in served("executions").stdout
    assert served("resume", name, "--endpoint-url", served.cloud).code == 0


class Sts(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = (f"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{self.server.account}</Account></GetCallerIdentityResult>"
                "</GetCallerIdentityResponse>").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def sts():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sts)
    server.account = "111111111111"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_another_account_is_refused_before_anything_else(served, sts):
    cloud = served.env["AWS_ENDPOINT_URL"]
    served.env["AWS_ENDPOINT_URL_STS"] = f"http://127.0.0.1:{sts.server_port}"
    log = served.home / "log"
    with log.open("w") as out:
        process = subprocess.Popen([served.program, "start", "dev", "-f", EXAMPLE, "--speed", SPEED], env=served.env, cwd=served.home, stdout=out,
                                   stderr=out, stdin=subprocess.DEVNULL)
        wait_for(log, "dev db: starting")
        process.send_signal(signal.SIGKILL)
        process.wait()
    del served.env["AWS_ENDPOINT_URL_STS"], served.env["AWS_ENDPOINT_URL"]
    sts.account = "222222222222"
    result = served("resume")
    assert result.code == 2
    assert "found account 222222222222 for dev, expected 111111111111 as the execution was started" in result.stderr
    assert "goes on" not in result.stderr
    sts.account = "111111111111"
    assert served("resume").code == 0
    assert cloud


def test_what_a_later_run_has_overtaken_is_not_gone_on_with(served, leave):
    older = leave("start", "dev")
    later = served("stop", "dev", "test", "--yes", "-f", EXAMPLE, "--speed", SPEED, "--endpoint-url", served.cloud, "--json").json["execution"]
    result = served("resume")
    assert result.code == 2
    assert f"{older} was overtaken by {later}, which began later with dev and has ended (SUCCEEDED)" in result.stderr
    assert served("resume", older).code == 2
    [command] = commands_in(result.stderr)
    assert served.paste(command).stdout.startswith(f"{older} is ABORTED. Servers stay as they are. Alarms that are muted stay so")
    assert served("resume").stdout == "Nothing was running.\n"
    assert served("cancel", older).code == 2


def test_a_later_run_of_another_environment_overtakes_nothing(served, leave):
    older = leave("start", "dev")
    leave("start", "test")
    result = served("resume", older, "--json")
    assert result.code == 0, result.stderr


def test_of_an_older_and_a_later_one_the_later_goes_on(served, leave):
    older, later = leave("start", "dev"), leave("stop", "dev")
    result = served("resume", "--json")
    assert result.code == 0, result.stderr
    assert result.json["execution"] == later
    assert f"{older} was overtaken by {later}, which began later with dev and is running too" in result.stderr


def test_several_are_asked_for(served, leave):
    names = [leave("start", "dev"), leave("start", "test")]
    listed = served("resume")
    assert listed.code == 2
    commands = commands_in(listed.stderr)
    assert [command.split()[2] for command in commands] == names[::-1]
    process, terminal = on_a_terminal(served, "resume")
    text = read_until(terminal, r"Which goes on\?")
    assert f"1  {names[1]} (test)" in text and f"2  {names[0]} (dev)" in text
    os.write(terminal, b"2\n")
    read_until(terminal, "START STATUS: SUCCESS")
    assert process.wait(timeout=20) == 0
    os.close(terminal)
    assert served.paste(commands[0] + " --json").json["execution"] == names[1]


def test_none_of_several_may_be_meant(served, leave):
    for environment in ("dev", "test"):
        leave("start", environment)
    process, terminal = on_a_terminal(served, "resume")
    read_until(terminal, r"Which goes on\?")
    os.write(terminal, b"\n")
    read_until(terminal, "nothing was resumed")
    assert process.wait(timeout=20) == 2
    os.close(terminal)
    result = served("resume", "--all")
    assert result.code == 0, result.stderr
    assert result.stdout.count("START STATUS: SUCCESS") == 2


def test_a_daemon_leaves_what_reached_aws_in_another_way(served, leave):
    name = leave("start", "dev")
    daemon = subprocess.Popen([served.program, "serve", "--port", "0"], env=served.env, cwd=served.home, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    daemon.stdout.readline()
    daemon.terminate()
    _, said = daemon.communicate(timeout=20)
    assert f"{name} is left as it is" in said
    command = re.search("it goes on with: (lamplighter .*)", said)[1]
    assert served.paste(command + " --json").json["execution"] == name


@pytest.mark.parametrize("part", ["min", "max"])
def test_one_that_is_damaged_is_named_and_the_others_go_on(served, leave, part):
    damaged, sound = leave("start", "dev"), leave("start", "test")
    [file] = served.home.rglob("engine.db")
    database = sqlite3.connect(file)
    place = f"(SELECT {part}(id) FROM history WHERE id < 2 << 20)"
    assert database.execute(f"UPDATE history SET records = substr(records, 1, 20) WHERE id = {place}").rowcount == 1
    database.commit()
    database.close()
    result = served("resume", "--all")
    assert result.code == 1
    assert result.stdout.count("START STATUS: SUCCESS") == 1
    assert re.search(rf"{damaged}: This execution can't go on", result.stderr), result.stderr
    listed = {each["execution"]: each["status"] for each in json.loads(served("executions", "--json").stdout)}
    assert listed == {damaged: "FAILED", sound: "SUCCEEDED"}


def test_what_has_ended_is_shown_where_it_lies(served, leave):
    name = leave("start", "dev")
    assert served("resume").code == 0
    assert served("cancel", name).stderr.rstrip().endswith(f"see lamplighter history {name}")
    elsewhere = served.home / "else where"
    next(served.home.rglob("engine.db")).parent.rename(elsewhere)
    result = served("cancel", name, "--state-dir", elsewhere)
    assert result.stderr.rstrip().endswith(f"see lamplighter history {name} --state-dir '{elsewhere}'")


def test_a_start_and_a_stop_with_nothing_to_do_say_so(served):
    def run(verb):
        result = served(verb, "dev", "--yes", "-f", EXAMPLE, "--speed", SPEED)
        assert result.code == 0, result.stderr
        return result.stdout
    assert "1 of 1 environment started." in run("start")
    again = run("start")
    assert "1 of 1 environment already running.\n\n  dev  already running, " in again
    assert re.search(r"dev db: \d of \d servers already running\n", again)
    assert "  dev: already running\n" in again and "settling" not in again
    run("stop")
    assert "1 of 1 environment already stopped." in run("stop")
