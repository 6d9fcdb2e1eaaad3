"""What `sam local` is given: nothing it would have to ask AWS for, and calls that verify."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from etstats import config
from etstats.interactions import signature
from local import sam_local
from local.template import load

ROOT = Path(__file__).parents[2]
KEY = SigningKey(b"\x01" * 32)


def localised(machine: str = "x86_64") -> Any:
    template = load(ROOT / "template.yaml").written
    return sam_local.localised(template, public_key=KEY.verify_key.encode().hex(), machine=machine)


def functions(template: Any) -> dict[str, Any]:
    return {
        name: one["Properties"]
        for name, one in template["Resources"].items()
        if one["Type"] == "AWS::Serverless::Function"
    }


def test_only_layers_built_here_are_left() -> None:
    layers = [layer for function in functions(localised()).values() for layer in function["Layers"]]
    assert {layer["Ref"] for layer in layers} == {"EtstatsLayer", "PicturesLayer", "SshLayer", "VideoLayer"}


def test_our_settings_accept_what_every_function_is_told() -> None:
    for function in functions(localised()).values():
        told = function["Environment"]["Variables"]
        read = config.read(told, need=[name for name in told if name in _OURS])
        assert config.database_from_url(read.database_url).tls is False


_OURS = {variable.name for variable in config.VARIABLES} - {"GAME_SERVERS", "ROOT_USER_IDS"}


@pytest.mark.parametrize(("machine", "processor"), [("x86_64", "x86_64"), ("aarch64", "arm64"), ("arm64", "arm64")])
def test_it_runs_on_the_processor_that_is_there(machine: str, processor: str) -> None:
    template = localised(machine)
    assert template["Globals"]["Function"]["Architectures"] == [processor]


@pytest.mark.parametrize("name", ["http-ping", "http-command-last", "http-base64"])
def test_a_signed_call_verifies(name: str) -> None:
    event = json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))
    sent = sam_local.signed(event, KEY, now=1_773_523_900.9)
    body = base64.b64decode(sent["body"]) if sent["isBase64Encoded"] else sent["body"].encode()
    signature.check(
        KEY.verify_key.encode(),
        body=body,
        timestamp=sent["headers"]["x-signature-timestamp"],
        signature=sent["headers"]["x-signature-ed25519"],
        now=1_773_523_905,
    )
