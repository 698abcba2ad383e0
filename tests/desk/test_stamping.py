"""A third party says when a night was sealed, and everybody can check it without asking anybody."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from homes import small_home

from desk.cli import registered

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to play the authority")
_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa_policy]
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
serial = {folder}/serial
"""


@dataclass
class Authority:
    """A time-stamp authority on loopback, played by openssl."""

    folder: Path
    url: str
    mood: str = "honest"

    @property
    def roots(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    def reply(self, query: bytes) -> bytes:
        if self.mood == "nonsense":
            return b"this is no stamp"
        if self.mood == "another":
            query = (self.folder / "other.tsq").read_bytes()
        asked, said = self.folder / "q.tsq", self.folder / "r.tsr"
        asked.write_bytes(query)
        openssl(self.folder, "ts", "-reply", "-config", "c.cnf", "-section", "tsa_policy", "-queryfile", str(asked), "-inkey",
                "tsa.key", "-signer", "tsa.pem",  "-out", str(said))  # fmt: skip
        return said.read_bytes()


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder, timeout=60)


def made(folder: Path) -> None:
    """A root and what it signs for stamping."""
    folder.mkdir()
    (folder / "c.cnf").write_text(_CONFIG.format(name="practice time", folder=folder))
    (folder / "serial").write_text("01\n")
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "30", "-config",
            "c.cnf", "-extensions", "root", "-subj", "/CN=practice root")  # fmt: skip
    openssl(
        folder,
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "tsa.key",
        "-out",
        "tsa.csr",
        "-config",
        "c.cnf",
        "-subj",
        "/CN=practice tsa",
    )
    openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-out", "tsa.pem",
            "-days", "30", "-extfile", "c.cnf", "-extensions", "tsa")  # fmt: skip
    (folder / "other").write_bytes(b"another manifest")
    openssl(folder, "ts", "-query", "-data", "other", "-sha256", "-cert", "-out", "other.tsq")


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    made(tmp_path / "tsa")
    here = Authority(tmp_path / "tsa", "")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = here.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    small_home(tmp_path / "home")
    return tmp_path / "home"


def run(home: Path, *words: str) -> Result:
    return CliRunner(env={"http_proxy": "", "https_proxy": ""}).invoke(
        registered(), [*words, "--home", str(home), "--as-of", "2020-09-30"]
    )


def settings(home: Path, authority: Authority, *, roots: bool = True) -> None:
    (home / "tsa.pem").write_bytes(authority.roots)
    named = 'tsa_roots = "tsa.pem"\n' if roots else ""
    (home / "settings.toml").write_text(f'[evidence]\ntsa_url = "{authority.url}"\n{named}', "utf-8")


def test_a_stamped_night_is_verified_offline_and_says_since_when_it_stands(
    home: Path, authority: Authority
) -> None:
    settings(home, authority)
    done = run(home, "evidence", "stamp", "--run", "R2")
    assert done.exit_code == 0, done.output
    assert (home / "data" / "runs" / "R2" / "manifest.json.tsr").is_file()
    authority.mood = "nonsense"  # whoever verifies asks nobody
    checked = run(home, "evidence", "verify", "--run", "R2")
    assert checked.exit_code == 0, checked.output
    assert "第三方时间戳，核验相符" in checked.output
    assert "存档完好" in checked.output


def test_without_a_stamp_the_time_is_said_to_be_unverifiable(home: Path, authority: Authority) -> None:
    never = run(home, "evidence", "verify")
    assert never.exit_code == 0
    assert "没有第三方时间戳" in never.output
    assert "无法核验" in never.output
    settings(home, authority)
    wanted = run(home, "evidence", "verify")
    assert wanted.exit_code == 3, "an installation that wants stamps is told where one is lacking"
    settings(home, authority, roots=False)
    assert run(home, "evidence", "stamp").exit_code == 0
    rootless = run(home, "evidence", "verify")
    assert rootless.exit_code == 3
    assert "根证书" in rootless.output


@pytest.mark.parametrize("how", ["manifest", "stamp", "torn", "another-authority"])
def test_a_stamp_that_is_not_of_this_manifest_is_a_fault(
    home: Path, authority: Authority, how: str, tmp_path: Path
) -> None:
    settings(home, authority)
    assert run(home, "evidence", "stamp", "--run", "R2").exit_code == 0
    folder = home / "data" / "runs" / "R2"
    if how == "manifest":
        (folder / "manifest.json").write_bytes((folder / "manifest.json").read_bytes() + b" ")
    elif how == "stamp":
        assert run(home, "evidence", "stamp", "--run", "R1").exit_code == 0
        shutil.copy(home / "data" / "runs" / "R1" / "manifest.json.tsr", folder)
    elif how == "torn":
        (folder / "manifest.json.tsr").write_bytes((folder / "manifest.json.tsr").read_bytes()[:100])
    else:
        made(tmp_path / "stranger")
        (home / "tsa.pem").write_bytes((tmp_path / "stranger" / "root.pem").read_bytes())
    checked = run(home, "evidence", "verify", "--run", "R2")
    assert checked.exit_code == 2, checked.output
    assert "时间戳" in checked.output


@pytest.mark.parametrize("mood", ["nonsense", "another"])
def test_an_authority_that_answers_nonsense_leaves_no_stamp(
    home: Path, authority: Authority, mood: str
) -> None:
    settings(home, authority)
    authority.mood = mood
    done = run(home, "evidence", "stamp")
    assert done.exit_code == 3, done.output
    assert "没有盖成" in done.output
    assert not list((home / "data" / "runs").rglob("*.tsr*"))


def test_an_authority_that_is_silent_is_said_and_nothing_breaks(home: Path) -> None:
    (home / "settings.toml").write_text('[evidence]\ntsa_url = "http://127.0.0.1:9/"\n', "utf-8")
    done = run(home, "evidence", "stamp")
    assert done.exit_code == 3
    assert "没有应答" in done.output
    (home / "settings.toml").unlink()
    assert run(home, "evidence", "stamp").exit_code != 0


def test_openssl_itself_takes_our_stamp(home: Path, authority: Authority) -> None:
    settings(home, authority)
    assert run(home, "evidence", "stamp", "--run", "R1").exit_code == 0
    folder = home / "data" / "runs" / "R1"
    openssl(
        authority.folder, "ts", "-verify", "-data", str(folder / "manifest.json"), "-in", str(folder / "manifest.json.tsr"), "-CAfile", "root.pem"
    )  # fmt: skip
