"""Crowds of clients for `lamplighter serve`, and a neighbour who wants to be served meanwhile."""
import contextlib
import http.client
import json
import selectors
import socket
import threading
import time

import botocore.auth
import botocore.awsrequest
import botocore.credentials

ROLE = "arn:aws:iam::123456789012:role/r"
UPLOAD = 8 << 20  # bytes that an upload announces


def signed(place, body, headers, keys):
    """The headers with a signature by `keys`, which is what `lamplighter credentials` gives; None signs nothing."""
    if keys is None:
        return headers
    request = botocore.awsrequest.AWSRequest("POST", place.geturl() + "/", headers=headers, data=body)
    credentials = botocore.credentials.Credentials(keys["AccessKeyId"], keys["SecretAccessKey"])
    botocore.auth.SigV4Auth(credentials, "states", "us-east-1").add_auth(request)
    return dict(request.headers.items())


class Client:
    """One connection to the API, kept. Signs with `keys`, where there are any."""

    def __init__(self, place, keys=None):
        self._place, self._keys = place, keys
        self._connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)

    def call(self, action, **parameters):
        body = json.dumps(parameters).encode()
        headers = signed(self._place, body, {"X-Amz-Target": f"AWSStepFunctions.{action}"}, self._keys)
        self._connection.request("POST", "/", body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        return json.loads(text)

    def machine(self, name, start, states):
        definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": start, "States": states})
        return self.call("CreateStateMachine", name=name, definition=definition, roleArn=ROLE)["stateMachineArn"]

    def close(self):
        self._connection.close()


class Neighbour:
    """Starts an execution now and then, each time as somebody new, while the `with` lasts; `delays` has the seconds each took."""

    def __init__(self, place, keys=None):
        self._client = lambda: contextlib.closing(Client(place, keys))
        with self._client() as client:
            self._machine = client.machine("neighbour", "A", {"A": {"Type": "Succeed"}})
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._failure = None
        self.delays = []

    def _live(self):
        try:
            while not self._over.wait(0.01):
                began = time.monotonic()
                with self._client() as client:
                    client.call("StartExecution", stateMachineArn=self._machine)
                self.delays.append(time.monotonic() - began)
        except Exception as failure:  # handed to whoever waits for it
            self._failure = failure

    def wait_for(self, served, seconds=20):
        """Until it was served so many times more."""
        aim = len(self.delays) + served
        deadline = time.monotonic() + seconds
        while len(self.delays) < aim:
            if self._failure or time.monotonic() > deadline:
                raise self._failure or AssertionError(f"served {len(self.delays)} times, {aim} expected")
            time.sleep(0.01)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._over.set()
        self._thread.join()
        if kind is None and self._failure:
            raise self._failure


@contextlib.contextmanager
def connections(place, count):
    """So many that say nothing."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(socket.create_connection((place.hostname, place.port))) for _ in range(count)]


@contextlib.contextmanager
def uploads(place, count, sent, headers=None):
    """So many that announce UPLOAD bytes each and send `sent` of them, or as many as the server takes."""
    with connections(place, count) as sockets:
        send_all(sockets, post(place, "ListStateMachines", b"x" * sent, {"Content-Length": UPLOAD, **(headers or {})}))
        yield sockets


def post(place, action, body, headers=None):
    """The bytes of a request."""
    headers = {"Host": place.netloc, "X-Amz-Target": f"AWSStepFunctions.{action}", "Content-Length": len(body), **(headers or {})}
    return "\r\n".join(["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + body


def send_all(sockets, message, patience=2):
    """To all at once; those that the server closes, or doesn't read from for a while, get less."""
    with selectors.DefaultSelector() as selector:
        for each in sockets:
            each.setblocking(False)
            selector.register(each, selectors.EVENT_WRITE, memoryview(message))
        while selector.get_map() and (ready := selector.select(patience)):
            for key, _ in ready:
                rest = send_some(key.fileobj, key.data)
                selector.modify(key.fileobj, selectors.EVENT_WRITE, rest) if rest else selector.unregister(key.fileobj)


def send_some(connection, rest):
    """What is still to be sent."""
    try:
        return rest[connection.send(rest):]
    except BlockingIOError:
        return rest
    except OSError:
        return b""


def start_many(place, machine, count, clients=32):
    """Starts so many executions, from several connections at once."""
    def client(numbers):
        try:
            with contextlib.closing(Client(place)) as connection:
                for number in numbers:
                    connection.call("StartExecution", stateMachineArn=machine, name=f"run-{number}")
        except Exception as failure:
            failures.append(failure)
    failures = []
    threads = [threading.Thread(target=client, args=(range(first, count, clients),)) for first in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
