"""Task states: our own handler in-process, any other function through the Lambda API."""
import http.server
import json
import threading

import pytest

from api_server import create, machine, wait_for_end

ARN = "arn:aws:lambda:us-east-1:123456789012:function:"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


def invoke(name, payload):
    return machine("T", T={"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True,
                           "Arguments": {"FunctionName": name, "Payload": payload}})


class Functions(http.server.BaseHTTPRequestHandler):
    """The Lambda API with three functions: echo, broken and missing."""

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        name = self.path.split("/")[3]
        status, headers, answer = {
            "echo": (200, {"X-Amz-Executed-Version": "$LATEST"}, body),
            "broken": (200, {"X-Amz-Function-Error": "Unhandled"}, b'{"errorType":"Oops","errorMessage":"m"}'),
        }.get(name, (404, {"x-amzn-ErrorType": "ResourceNotFoundException"}, b'{"Type":"User","Message":"Function not found"}'))
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


@pytest.fixture
def lambda_url():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Functions)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(serve, lambda_url):
    return serve(env={**KEYS, "AWS_ENDPOINT_URL_LAMBDA": lambda_url}).client()


def run(client, definition, text="{}"):
    return wait_for_end(client, client.start_execution(stateMachineArn=create(client, definition), input=text)["executionArn"])


def test_another_function_is_invoked_and_its_answer_has_the_services_shape(client):
    output = json.loads(run(client, invoke("echo", {"x": [1, 2]}))["output"])
    assert output["Payload"] == {"x": [1, 2]}
    assert (output["StatusCode"], output["ExecutedVersion"]) == (200, "$LATEST")


def test_a_bare_arn_gives_the_payload_alone(client):
    definition = machine("T", T={"Type": "Task", "Resource": ARN + "echo", "Arguments": {"y": "{% $states.input.a %}"}, "End": True})
    assert json.loads(run(client, definition, '{"a": 7}')["output"]) == {"y": 7}


@pytest.mark.parametrize("name, error", [("broken", "Oops"), ("missing", "Lambda.ResourceNotFoundException")])
def test_failures_have_the_services_names(client, name, error):
    seen = run(client, invoke(name, {}))
    assert (seen["status"], seen["error"]) == ("FAILED", error)


def test_our_own_function_runs_in_process(client):
    seen = run(client, invoke("lamplighter", {"task": "nonsense"}))
    assert (seen["status"], seen["error"]) == ("FAILED", "InvalidPayload")
