"""A run is killed (SIGKILL) before and after each call that changes something, and gone on with: one mail each, the
right first states, and every server and alarm as after an undisturbed run."""

import concurrent.futures
import http.client
import http.server
import itertools
import json
import re
import subprocess
import threading
import time
import urllib.request

import pytest
import yaml

from harness import Lamplighter, free_port

SPEED = 100  # a task that takes 1.2 real seconds has timed out
AT_ONCE = 4
FLEET = {
    "fleet": "small", "region": "us-east-1", "notify": {"sns": "mailme"},
    "environments": {
        "dev": {"phases": [{"name": "db", "servers": ["test2", "test7"]}, {"name": "app", "servers": ["test1"]}]},
        "test": {"phases": [{"name": "db", "servers": ["test3"]}]},
    },
}
CHANGES = re.compile(rb"Action=(StartInstances|StopInstances|DisableAlarmActions|EnableAlarmActions|TagResources?|"
                     rb"UntagResources?|Publish)&|DisableAlarmActions|EnableAlarmActions")
MARK = " (may be a repeat)"


class KillingProxy:
    """Stands before a cloud. At the change with number `at` it has the process killed: before it hands the change on, or
    once the cloud has carried it out."""

    def __init__(self, cloud_port):
        self.cloud_port = cloud_port
        self.lock = threading.Lock()
        self.victim, self.at, self.after = None, None, False
        self.changes = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                try:
                    proxy.serve(self)
                except OSError:  # nobody is there any more
                    self.close_connection = True

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def serve(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        kills = False
        target = request.headers.get("X-Amz-Target", "")
        found = CHANGES.search(body) or CHANGES.search(target.encode())
        if found:
            with self.lock:
                kills = len(self.changes) == self.at
                self.changes.append(found.group(0).decode())
        if kills and not self.after:
            self.kill()
            return self.drop(request)
        answer = self.forward(request, body)
        if kills:
            self.kill()
            return self.drop(request)
        request.send_response(answer[0])
        for name, value in answer[1]:
            if name.lower() not in ("connection", "transfer-encoding"):
                request.send_header(name, value)
        request.end_headers()
        request.wfile.write(answer[2])

    def forward(self, request, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud_port, timeout=60)
        headers = {name: value for name, value in request.headers.items() if name.lower() != "connection"}
        connection.request("POST", request.path, body, headers)
        response = connection.getresponse()
        answer = response.status, response.getheaders(), response.read()
        connection.close()
        return answer

    def kill(self):
        self.victim.kill()
        self.victim.wait()

    @staticmethod
    def drop(request):
        request.close_connection = True


class World:
    """A simulated cloud of the fleet, the proxy before it, and the binary."""

    def __init__(self, program, home, action):
        self.home = home
        self.fleet = home / "fleet.yaml"
        self.fleet.write_text(yaml.safe_dump(FLEET))
        port = free_port()
        self.program = Lamplighter(program, home, None)
        state = ["--state", "running"] if action == "stop" else []
        self.cloud = subprocess.Popen(
            [program, "simulate", "-f", self.fleet, "--port", str(port), "--speed", str(SPEED), "--seed", "3", *state],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.port = port
        for _ in range(200):
            try:
                self.look("outbox")
                break
            except OSError:
                time.sleep(0.05)
        self.proxy = KillingProxy(port)
        self.program.env["AWS_ENDPOINT_URL"] = self.proxy.url

    def look(self, what):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_lamplighter/{what}", timeout=30) as answer:
            return json.load(answer)

    def run(self, action):
        """The action, killed where the proxy says so, and gone on with. Gives the result."""
        arguments = [action, "-f", str(self.fleet), "--speed", str(SPEED), "--json", *(["--yes"] if action == "stop" else [])]
        process = subprocess.Popen([self.program.program, *arguments], env=self.program.env, cwd=self.home,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
        self.proxy.victim = process
        out, err = process.communicate(timeout=300)
        if process.returncode >= 0:
            assert process.returncode == 0, err
            return json.loads(out)
        resumed = self.program("resume", "--json")
        assert resumed.code == 0, resumed.stderr
        return resumed.json

    def close(self):
        self.proxy.server.shutdown()
        self.cloud.kill()
        self.cloud.wait()


def outcome_of(world, result):
    """What every run must have in common."""
    servers = {server["name"]: (server["initial_state"], server["state"])
               for e in result["environments"] for phase in e["phases"] for server in phase["servers"]}
    alarms = {alarm["name"]: alarm["actions_enabled"] for alarm in world.look("alarms")}
    return {"status": result["status"], "servers": servers, "alarms": alarms, "counts": result["alarms"]}


def killed_at(program, home, action, at, after):
    world = World(program, home, action)
    try:
        world.proxy.at, world.proxy.after = at, after
        result = world.run(action)
        return outcome_of(world, result), world.look("outbox"), world.proxy.changes
    finally:
        world.close()


@pytest.mark.parametrize("action", ["start", "stop"])
def test_killed_before_and_after_each_change(lamplighter, tmp_path, action):
    def run(at, after):
        home = tmp_path / f"{at}-{after}"
        home.mkdir()
        return killed_at(lamplighter, home, action, at, after)

    calm, mails, changes = run(None, False)
    assert len(mails) == 1 and calm["status"] == "SUCCEEDED"

    def faults_of(point):
        """What is wrong with the run that is killed there."""
        at, after = point
        outcome, mails, made = run(at, after)
        faults = {key: (outcome[key], calm[key]) for key in calm if outcome[key] != calm[key]}
        # Within Publish nobody can know whether the mail went out. (Environments run side by side: the change with
        # that number is not always the same.)
        allowed = [[False, True]] if after and "Publish" in "".join(made[at:at + 1]) else [[False], [True]]
        if [MARK in mail["subject"] for mail in mails] not in allowed:
            faults["mails"] = [mail["subject"] for mail in mails]
        return faults

    points = list(itertools.product(range(len(changes)), (False, True)))
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(points, pool.map(faults_of, points)))
    wrong = [f"{changes[at]} ({at}), killed {'after' if after else 'before'}: {faults}"
             for (at, after), faults in found.items() if faults]
    assert not wrong, f"{len(wrong)} of {len(points)} runs:\n" + "\n".join(wrong)
