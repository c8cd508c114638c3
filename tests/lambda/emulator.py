"""AWS's Runtime Interface Emulator around lambda.zip, in a root that holds nothing else."""

import contextlib
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
CA_FILE = "/etc/ssl/certs/ca-certificates.crt"
PACKAGE = "github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie"


def build_emulator(build_dir):
    """The emulator, from the source that go.mod pins: a static program."""
    program = build_dir / "aws-lambda-rie"
    if not program.exists():
        environment = {**os.environ, "CGO_ENABLED": "0"}
        subprocess.run(["go", "build", "-o", program, PACKAGE], cwd=HERE, env=environment, check=True, timeout=900)
    return program


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def make_root(path, zip_file, emulator):
    """A root with the zip's contents, the emulator, a CA file where Amazon Linux has it, and what each sandbox has:
    /tmp and a /dev/null (an empty file serves)."""
    task = path / "var/task"
    task.mkdir(parents=True)
    with zipfile.ZipFile(zip_file) as archive:
        archive.extractall(task)
    for program in (task / "bootstrap", task / "lib/ld-linux-x86-64.so.2"):
        program.chmod(0o755)
    for folder in ("etc/pki/tls/certs", "tmp", "dev"):
        (path / folder).mkdir(parents=True)
    (path / "dev/null").touch()
    shutil.copy(CA_FILE, path / "etc/pki/tls/certs/ca-bundle.crt")
    shutil.copy(emulator, path / "rie")
    return path


class Function:
    """The function under the emulator."""

    def __init__(self, process, url, log):
        self.process, self.url, self.log_path = process, url, log
        self.log_start = 0

    def begin_log(self):
        """From now on, log_lines and log_records give what comes."""
        self.log_start = self.log_path.stat().st_size

    def invoke(self, event, timeout=120):
        data = event if isinstance(event, bytes) else json.dumps(event).encode()
        request = urllib.request.Request(self.url, data=data, method="POST")
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return json.loads(answer.read())

    def log_lines(self):
        return self.log_path.read_bytes()[self.log_start :].decode().splitlines()

    def log_records(self):
        """What the function logged as JSON."""
        return [json.loads(line) for line in self.log_lines() if line.startswith("{")]


@contextlib.contextmanager
def running(root, log, environment, command=("/var/task/bootstrap",), emulator="/rie"):
    """Starts `emulator`, a path in `root`, with nothing but `environment`, to run `command`."""
    port = free_port()
    chroot = [shutil.which("chroot", path="/usr/sbin:/usr/bin:/sbin:/bin")]
    if os.geteuid() != 0:
        chroot = ["/usr/bin/unshare", "--map-root-user", *chroot]
    addresses = ["--runtime-api-address", f"127.0.0.1:{free_port()}"]
    addresses += ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [*chroot, root, emulator, *addresses, *command], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_for(port, process)
        yield Function(process, f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations", log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(port, process):
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"the emulator did not start: exit code {process.poll()}")


@contextlib.contextmanager
def invoke_api(function):
    """Lambda's Invoke API for the one function, under any name: the emulator knows one name only, and leaves out the
    header that says that the function failed. Gives its URL, for AWS_ENDPOINT_URL_LAMBDA."""

    # The emulator takes one event at a time, as a Lambda sandbox does; callers keep their connections open.
    one_at_a_time = threading.Lock()

    class Api(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            event = self.rfile.read(int(self.headers["Content-Length"]))
            with one_at_a_time:
                answer = function.invoke(event, timeout=900)
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("X-Amz-Executed-Version", "$LATEST")
            if isinstance(answer, dict) and "errorType" in answer:
                self.send_header("X-Amz-Function-Error", "Unhandled")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
