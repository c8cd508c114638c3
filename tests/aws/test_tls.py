"""HTTPS: only a certificate that the trusted authorities vouch for, under the host's own name, is spoken to."""

import datetime
import http.server
import ipaddress
import json
import os
import ssl
import subprocess
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate for 127.0.0.1, but not for localhost; a file with it and one with its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return folder / "cert.pem", folder / "key.pem"


class Hello(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A client that refuses the certificate is what is tested."""


@pytest.fixture(scope="module")
def port(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with QuietServer(("127.0.0.1", 0), Hello) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def send(build_dir, url, **variables):
    environment = {**os.environ, **variables}
    line = json.dumps({"url": url, "body": "x"}) + "\n"
    done = subprocess.run(
        [build_dir / "aws_send"], input=line, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def test_a_trusted_certificate(build_dir, port, certificate):
    answer = send(build_dir, f"https://127.0.0.1:{port}/", AWS_CA_BUNDLE=str(certificate[0]))
    assert answer == {"status": 200, "body": "hello"}


def test_an_unknown_authority(build_dir, port):
    assert send(build_dir, f"https://127.0.0.1:{port}/")["error"] == "ConnectionError"


def test_another_hosts_certificate(build_dir, port, certificate):
    answer = send(build_dir, f"https://localhost:{port}/", AWS_CA_BUNDLE=str(certificate[0]))
    assert answer["error"] == "ConnectionError"
    assert "localhost" in answer["message"]


def test_a_proxy_is_obeyed_but_not_for_loopback(build_dir, port, certificate):
    dead = {"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1", "no_proxy": "", "NO_PROXY": ""}
    answer = send(build_dir, f"https://127.0.0.1:{port}/", AWS_CA_BUNDLE=str(certificate[0]), **dead)
    assert answer == {"status": 200, "body": "hello"}
    answer = send(build_dir, "https://ec2.invalid/", **dead)
    assert answer["error"] == "ConnectionError"
    assert "127.0.0.1 port 1" in answer["message"]
