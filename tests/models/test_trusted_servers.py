"""Servers named by the user, and servers named only in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexapla_models.trusted_servers import is_trusted, servers_file, trust_server

ADDRESS = "http://encoders.example:8080/v1#model"


@pytest.fixture(autouse=True)
def config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A new account that has not named any server."""
    monkeypatch.setenv("HEXAPLA_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr("hexapla_models.trusted_servers._named", set())
    return tmp_path / "config"


@pytest.mark.parametrize("name", ["embedded", "labse", "BAAI/bge-m3@main", "models/ours"])
def test_encoders_that_are_not_servers_need_no_trust(name: str) -> None:
    """Only addresses have to be named by the user."""
    trust_server(name)
    assert is_trusted(name)
    assert not servers_file().exists()


def test_a_server_is_trusted_once_it_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scheme, host and port count, also in later processes; another port is another server."""
    assert not is_trusted(ADDRESS)
    trust_server(ADDRESS)
    monkeypatch.setattr("hexapla_models.trusted_servers._named", set())
    assert is_trusted("http://Encoders.example:8080/v2#other")
    for other in ("https://encoders.example:8080/v1", "http://encoders.example/v1", "http://example:8080/v1"):
        assert not is_trusted(other)
    assert not is_trusted("http://encoders.example:8080@evil.example/v1")


def test_a_variable_names_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """HEXAPLA_SERVERS lists addresses, separated by commas or spaces."""
    monkeypatch.setenv("HEXAPLA_SERVERS", "http://one.example, http://encoders.example:8080")
    assert is_trusted(ADDRESS)
    assert not is_trusted("http://two.example")


@pytest.mark.parametrize("content", [b"", b"{}", b"[1, 2]", b"\xff", b"[" * 100_000])
def test_a_damaged_list_trusts_nothing(config: Path, content: bytes) -> None:
    """A list that cannot be read is ignored, and written again when a server is named."""
    config.mkdir()
    (config / "servers.json").write_bytes(content)
    assert not is_trusted(ADDRESS)
    trust_server(ADDRESS)
    assert is_trusted(ADDRESS)


def test_a_folder_that_cannot_be_written(config: Path) -> None:
    """A server that was named is trusted in this process, even if that cannot be stored."""
    config.write_text("a file")
    trust_server(ADDRESS)
    assert is_trusted(ADDRESS)
