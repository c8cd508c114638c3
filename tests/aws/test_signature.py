"""The signatures that libcurl makes, and for REST calls we ourselves, equal those that botocore makes, for each kind of request that we send."""

import http.server
import json
import subprocess
import threading

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
CASES = {
    "ec2 form": dict(service="ec2", headers=FORM, body="Action=DescribeInstances&Filter.1.Value.1=b%20c%2F%C3%A9"),
    "sns form with token": dict(service="sns", headers=FORM, body="Action=Publish&Message=x%0Ay", token="tok/en+=="),
    "cloudwatch form": dict(service="monitoring", headers=FORM, body="Action=DescribeAlarms"),
    "json with target and token": dict(
        service="states",
        headers={"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions.StartExecution"},
        body='{"input": "é"}',
        token="tok/en+==",
    ),
    "lambda invoke": dict(
        service="lambda",
        path="/2015-03-31/functions/start-stop_1/invocations",
        headers={"Content-Type": "application/json"},
        body='{"task": "report"}',
    ),
    "lambda invoke of a version": dict(
        service="lambda",
        path="/2015-03-31/functions/start-stop/invocations?Qualifier=%24LATEST",
        headers={"Content-Type": "application/json"},
        body="{}",
        token="tok/en+==",
    ),
    "large body": dict(service="ec2", headers=FORM, body="a" * 1_200_000),
    "rest get": dict(rest=True, service="scheduler", method="GET", path="/schedules/tonight?groupName=a.b_c-d"),
    "rest get, unsorted and encoded": dict(
        rest=True, service="scheduler", method="GET", token="tok/en+==",
        path="/schedules?ScheduleGroup=b&NextToken=a%2Fb%3D%20%C3%A9~&MaxResults=100&NextToken=A",
    ),
    "rest path that is encoded": dict(
        rest=True, service="scheduler", method="GET",
        path="/tags/arn%3Aaws%3Ascheduler%3Aeu-west-1%3A1%3Aschedule-group%2Fg",
    ),
    "rest post": dict(
        rest=True, service="scheduler", path="/schedules/s", headers={"Content-Type": "application/json"}, body='{"Description": "é"}',
    ),
    "get with a sorted query": dict(service="lambda", method="GET", path="/2015-03-31/functions/?Marker=a%2Fb&MaxItems=5"),
}


class Capture(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = []

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.path, dict(self.headers.items()), body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Capture)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def botocore_authorization(case, url, method, sent):
    """botocore's signature over the headers that curl signed, at the moment when curl signed."""
    signed = sent["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    lower = {name.lower(): value for name, value in sent.items()}
    headers = {name: lower[name] for name in signed if name not in ("host", "x-amz-date", "x-amz-security-token")}
    request = AWSRequest(method=method, url=url, data=case.get("body", "").encode(), headers=headers)
    request.context["timestamp"] = lower["x-amz-date"]
    request.headers["X-Amz-Date"] = lower["x-amz-date"]
    if "token" in case:
        request.headers["X-Amz-Security-Token"] = case["token"]
    auth = SigV4Auth(Credentials(KEY, SECRET, case.get("token")), case["service"], "eu-west-1")
    canonical = auth.canonical_request(request)
    signature = auth.signature(auth.string_to_sign(request, canonical), request)
    return signature, signed


@pytest.mark.parametrize("name", CASES)
def test_equals_botocore(name, server, build_dir):
    case = CASES[name]
    method = case.get("method", "POST")
    url = f"http://127.0.0.1:{server}{case.get('path', '/')}"
    line = {"url": url, "method": method, "region": "eu-west-1", "key": KEY, "secret": SECRET, **case}
    answer = subprocess.run(
        [build_dir / "aws_send"], input=json.dumps(line) + "\n", capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(answer.stdout)["status"] == 200, answer.stdout
    _, path, sent, body = Capture.seen[-1]
    assert path == case.get("path", "/")
    assert body == case.get("body", "").encode()
    signature, signed = botocore_authorization(case, url, method, sent)
    assert sent["Authorization"].endswith("Signature=" + signature)
    assert {"host", "x-amz-date"} <= set(signed)
    assert ("x-amz-security-token" in signed) == ("token" in case)
    assert SECRET not in str(sent)
