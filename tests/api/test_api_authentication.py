"""Who may use the API."""
import datetime
import http.client
import json
import stat
import urllib.parse

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from api_server import run


def unsigned(url, host=None, **headers):
    """Status and body of ListStateMachines without a signature."""
    place = urllib.parse.urlparse(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
    connection.request("POST", "/", "{}", {"X-Amz-Target": "AWSStepFunctions.ListStateMachines", "Host": host or place.netloc, **headers})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def test_unsigned_requests_are_refused(server):
    status, answer = unsigned(server.url)
    assert (status, answer["__type"]) == (403, "MissingAuthenticationTokenException")


@pytest.mark.parametrize("change, error", [
    ({"key": "AKIAIOSFODNN7EXAMPLE"}, "UnrecognizedClientException"),
    ({"secret": "wrong"}, "InvalidSignatureException"),
])
def test_wrong_keys_are_refused(server, change, error):
    client = server.client(**change)
    with pytest.raises(client.exceptions.ClientError) as caught:
        client.list_state_machines()
    assert caught.value.response["Error"]["Code"] == error


@pytest.mark.parametrize("minutes, status", [(0, 200), (-10, 200), (10, 200), (-60, 403), (60, 403)])
def test_a_signature_of_another_hour_is_refused(server, monkeypatch, minutes, status):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: moment.replace(tzinfo=None))
    keys = server.credentials()
    request = AWSRequest("POST", server.url + "/", data=b"{}", headers={"X-Amz-Target": "AWSStepFunctions.ListStateMachines"})
    SigV4Auth(Credentials(keys["AccessKeyId"], keys["SecretAccessKey"]), "states", "us-east-1").add_auth(request)
    place = urllib.parse.urlparse(server.url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
    connection.request("POST", "/", b"{}", dict(request.headers))
    answer = connection.getresponse()
    assert answer.status == status
    if status == 403:
        assert json.loads(answer.read())["__type"] == "InvalidSignatureException"


def test_the_key_is_for_its_owner_only_and_stays_the_same(serve, tmp_path):
    first = serve()
    assert stat.S_IMODE((tmp_path / "state/api-key.json").stat().st_mode) == 0o600
    keys = first.credentials()
    assert keys["Version"] == 1
    first.stop()
    assert serve().credentials() == keys
    assert not any(keys["SecretAccessKey"] in line for line in first.said)


def test_a_key_that_others_may_read_is_refused(serve, tmp_path):
    serve().stop()
    (tmp_path / "state/api-key.json").chmod(0o644)
    result = run("serve", "--port", "0", "--state-dir", tmp_path / "state")
    assert result.returncode == 2
    assert "api-key.json" in result.stderr and "0600" in result.stderr


def test_without_authentication_it_says_so_and_answers_loopback_names_only(serve):
    server = serve("--auth", "none")
    assert any("authentication is off" in line.lower() for line in server.said)
    assert unsigned(server.url)[0] == 200
    status, answer = unsigned(server.url, host="evil.example")
    assert (status, answer["__type"]) == (403, "AccessDeniedException")
    status, answer = unsigned(server.url, Origin="http://evil.example")
    assert (status, answer["__type"]) == (403, "AccessDeniedException"), "as a page's form would send it"


def test_no_authentication_is_possible_on_loopback_only(tmp_path):
    result = run("serve", "--port", "0", "--address", "0.0.0.0", "--auth", "none", "--state-dir", tmp_path)
    assert result.returncode == 2
    assert "loopback" in result.stderr
