"""Settings: a bad value is named with what is wrong and what is allowed; secrets are never repeated."""

from __future__ import annotations

import json

import pytest

from etstats.config import VARIABLES, database_from_secret, database_from_url, read
from etstats.errors import BadSettings

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEtl"
SERVER = {"name": "eu1", "host": "et.example", "port": 22, "user": "et", "host_key": KEY, "folder": "stats"}

IN_TWO = [{**SERVER, "guilds": ["7"]}, {**SERVER, "name": "eu2", "guilds": ["8", "7"], "community": "blue"}]


def test_nothing_set_is_fine_until_something_is_needed() -> None:
    assert read({}).game_servers == ()
    with pytest.raises(BadSettings) as refused:
        read({}, need=("BUCKET", "GAME_SERVERS"))
    assert "BUCKET is not set" in str(refused.value)
    assert "GAME_SERVERS is not set" in str(refused.value)


def test_values_are_typed() -> None:
    settings = read({"GAME_SERVERS": json.dumps([SERVER]), "DISCORD_PUBLIC_KEY": "ab" * 32, "BUCKET": "etstats-1"})
    assert (settings.game_servers[0].host, settings.game_servers[0].demo_folder) == ("et.example", "")
    assert settings.discord_public_key == bytes.fromhex("ab" * 32)
    assert settings.discord_api_url == "https://discord.com/api/v10"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("BUCKET", "Not A Bucket", "3 to 63"),
        ("DISCORD_PUBLIC_KEY", "ab", "64 hexadecimal digits"),
        ("DISCORD_PUBLIC_KEY", "zz" * 32, "64 hexadecimal digits"),
        ("DISCORD_API_URL", "http://elsewhere.example", "https address"),
        ("ROUND_CHANNEL_ID", "#stats", "digits"),
        ("GAME_SERVERS", "{", "not valid JSON"),
        ("GAME_SERVERS", "{}", "not a JSON list"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "name": "EU 1"}]), "a-z, 0-9"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "host": ""}]), "“host” is missing"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "port": 0}]), "1 to 65535"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "host_key": "AAAA"}]), "known_hosts"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "host_key": f"et.example {KEY}"}]), "without the host in front"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "host_key": "ssh-ed25519 not-base64"}]), "known_hosts"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "host_key": KEY.replace("ed25519", "dss", 1)}]), "known_hosts"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "host_key": KEY.replace("ssh-ed25519", "ssh-rsa")}]), "known_hosts"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "pasword": "x"}]), "unknown keys: pasword"),
        ("GAME_SERVERS", json.dumps([SERVER, SERVER]), "names a server twice"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "demo_folder": "demos"}]), "guilds"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "demo_folder": 7, "guilds": ["7"]}]), "demo_folder"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "community": "Blue"}]), "a-z, 0-9 and _"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "community": ""}]), "a letter"),
        ("GAME_SERVERS", json.dumps([{**SERVER, "community": "b" * 21}]), "19 more"),
        ("GAME_SERVERS", json.dumps(IN_TWO), "the Discord server 7 in two communities"),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(variable: str, value: str, words: str) -> None:
    with pytest.raises(BadSettings) as refused:
        read({variable: value})
    assert str(refused.value).startswith(variable)
    assert words in str(refused.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as refused:
        read({"BUCKET": "!", "ROUND_CHANNEL_ID": "!"})
    assert len(str(refused.value).splitlines()) == 2


def test_a_secret_is_never_repeated() -> None:
    with pytest.raises(BadSettings) as refused:
        read({"DATABASE_URL": "mysql://hunter2"})
    assert "hunter2" not in str(refused.value)
    with pytest.raises(BadSettings) as refused:
        database_from_secret('{"password": "hunter2"')
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_password_is_not_in_what_an_address_prints() -> None:
    address = database_from_url("postgresql://et:hunter2@db.example/stats")
    assert (address.host, address.port, address.tls, address.password) == ("db.example", 5432, True, "hunter2")
    assert "hunter2" not in repr(address)
    assert "hunter2" not in repr(read({"DATABASE_URL": "postgresql://et:hunter2@db.example/stats"}))


def test_tls_can_be_turned_off_on_loopback_only() -> None:
    assert not database_from_url("postgresql://et:x@127.0.0.1:5432/stats?sslmode=disable").tls
    with pytest.raises(BadSettings, match="loopback"):
        database_from_url("postgresql://et:x@db.example/stats?sslmode=disable")
    with pytest.raises(BadSettings, match="sslmode"):
        database_from_url("postgresql://et:x@db.example/stats?sslmode=prefer")


def test_the_secret_is_read_as_rds_writes_it() -> None:
    secret = {"engine": "postgres", "host": "db.example", "port": 5433, "dbname": "s", "username": "u", "password": "p"}
    assert database_from_secret(json.dumps(secret)).port == 5433
    for key in ("host", "dbname", "username", "password"):
        without = {name: value for name, value in secret.items() if name != key}
        with pytest.raises(BadSettings):
            database_from_secret(json.dumps(without))


def test_every_variable_says_what_it_means_and_allows() -> None:
    assert all(variable.meaning and variable.allowed for variable in VARIABLES)
    assert len({variable.name for variable in VARIABLES}) == len(VARIABLES)
