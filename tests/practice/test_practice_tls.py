"""Some sites answer https with a certificate that no browser would take, and the truth says which."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
from pathlib import Path

import pytest

from crawler.certificates import certificate_of
from practice.certificates import HOWS
from practice.home import site_rows
from practice.model import Fault
from practice.province import Province, build
from practice.server import PracticeServer, serve

STATES = {"valid": "ok", "expired": "expired", "name": "name", "untrusted": "untrusted"}


def province_with(how: str) -> Province:
    province = build(faults=[], units=["A01"], pages_per_site=20)
    province.sites["A01"].tls = how
    return province


def trusting(server: PracticeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "root.pem"
    path.write_bytes(server.authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


@pytest.mark.parametrize("how", HOWS)
def test_each_certificate_is_told_for_what_it_is_by_whom_one_trusts(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    province = province_with(how)
    host = province.sites["A01"].host
    with serve(province) as server:
        trusting(server, tmp_path, monkeypatch)
        assert asyncio.run(certificate_of(host, 443, server.url, 5)) == STATES[how]


@pytest.mark.parametrize("how", HOWS)
def test_nobody_need_trust_the_practice_authority(how: str) -> None:
    province = province_with(how)
    with serve(province) as server:
        assert asyncio.run(certificate_of(province.sites["A01"].host, 443, server.url, 5)) == "untrusted"


def test_behind_https_the_way_leads_on_to_the_pages() -> None:
    province = province_with("untrusted")
    host = province.sites["A01"].host
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    with serve(province) as server:
        connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=5, context=blind)
        connection.set_tunnel(host, 443)
        for path in ("/", "/zwgk/?x=1"):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert (answer.status, answer.headers["Location"]) == (301, f"http://{host}{path}")
        connection.close()
        assert [line.method for line in server.log] == ["CONNECT", "GET", "GET"]


def test_a_host_without_tls_still_refuses_the_tunnel() -> None:
    with (
        serve(province_with("")) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as wire,
    ):
        wire.sendall(f"CONNECT {server.province.sites['A01'].host}:443 HTTP/1.1\r\n\r\n".encode())
        assert wire.recv(200).startswith(b"HTTP/1.1 502 ")


def test_a_planted_certificate_is_in_the_list_and_in_the_truth() -> None:
    fault = Fault("A01", "certificate-invalid", (("how", "expired"),))
    province = build(faults=[fault], units=["A01"], pages_per_site=20)
    site = province.sites["A01"]
    assert site_rows(site)[0]["url"] == f"https://{site.host}/"
    (row,) = [row for row in province.truth if row.rule_id == "certificate-invalid"]
    assert (row.subject, row.note) == (site.host, "expired")


def test_the_seeded_plan_plants_five_and_never_beside_what_names_the_home_page(province: Province) -> None:
    bad = [site for site in province.sites.values() if site.tls]
    assert len(bad) == 5
    for site in bad:
        kinds = {fault.kind for fault in site.faults}
        assert "fake-link" not in kinds
        assert not site.bare_redirect
        assert site.access == "ok"
