"""Prepares `sam local` for those with Docker and answers for secrets while it runs: `scripts/sam-local`, docs/local.md.

`sam local` cannot resolve a queue's address or a bucket's name, fetches layers from AWS and knows no secrets. So the
built template is written once more with plain values, the events are signed with a throw-away key, and secrets come
from here.
"""

from __future__ import annotations

import base64
import copy
import json
import platform
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from nacl.signing import SigningKey

from local.template import load

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / ".aws-sam" / "local"
SECRETS_PORT = 2773  # where functions look unless told otherwise
SIGNED_AGAIN_EVERY_S = 60  # a signature is good for five minutes

# what compose.yaml offers; the containers share the machine's network, so loopback is the machine's
VARIABLES = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
    "BUCKET": "etstats-local",
    "DATABASE_URL": "postgresql://etstats:etstats@127.0.0.1:55432/etstats?sslmode=disable",
    "DISCORD_API_URL": "http://127.0.0.1:9/api/v10",  # nobody: what would be posted stays here
    "DISCORD_SECRET": "discord",
    "GAME_SERVERS": "[]",
    "ROOT_USER_IDS": "",
    "FOLLOWUP_QUEUE_URL": "http://127.0.0.1:4566/queue/eu-central-1/000000000000/followup",
    "ANNOUNCE_QUEUE_URL": "http://127.0.0.1:4566/queue/eu-central-1/000000000000/announce",
    "WATCH_QUEUE_URL": "http://127.0.0.1:4566/queue/eu-central-1/000000000000/watch",
    "UPLOAD_PAGE_URL": "http://127.0.0.1:3000/upload",
    "RENDER_URL": "http://127.0.0.1:3000/render",
    "LOG_LEVEL": "INFO",
    "POWERTOOLS_SERVICE_NAME": "etstats",
}
SECRETS = {"discord": json.dumps({"bot_token": "nobody"})}


def localised(template: Mapping[str, Any], *, public_key: str, machine: str) -> dict[str, Any]:
    """The built *template* for this *machine*: its processor, no layer from elsewhere, values instead of references."""
    written = copy.deepcopy(dict(template))
    processor = "arm64" if machine in ("aarch64", "arm64") else "x86_64"
    written["Globals"]["Function"].pop("VpcConfig")
    written["Globals"]["Function"]["Architectures"] = [processor]
    for resource in written["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource.pop("Metadata")
            properties["CompatibleArchitectures"] = [processor]
        if resource["Type"] == "AWS::Serverless::Function":
            properties["Layers"].remove({"Ref": "SecretsExtensionLayerArn"})
            properties["Environment"] = {"Variables": {**VARIABLES, "DISCORD_PUBLIC_KEY": public_key}}
    return written


def signed(event: Mapping[str, Any], key: SigningKey, *, now: float) -> dict[str, Any]:
    """An HTTP *event* as if Discord had sent it at *now* (Unix seconds), were *key* Discord's."""
    body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
    timestamp = str(int(now))
    signature = key.sign(timestamp.encode() + body).signature.hex()
    headers = {**event["headers"], "x-signature-timestamp": timestamp, "x-signature-ed25519": signature}
    return {**event, "headers": headers}


def curl(event: Mapping[str, Any]) -> str:
    """The same call for `curl --config`, to `sam local start-api`."""
    headers = [f'header = "{name}: {event["headers"][name]}"' for name in sorted(event["headers"]) if name in _SENT]
    body = json.dumps(event["body"], ensure_ascii=False)
    return "\n".join(["url = http://127.0.0.1:3000/interactions", *headers, f"data-raw = {body}", ""])


_SENT = ("content-type", "x-signature-ed25519", "x-signature-timestamp")


def write_events(key: SigningKey) -> None:
    (BUILT / "events").mkdir(exist_ok=True)
    for path in sorted((ROOT / "events").glob("*.json")):
        event = json.loads(path.read_text(encoding="utf-8"))
        if path.name.startswith("http-"):
            event = signed(event, key, now=time.time())
            if not event["isBase64Encoded"]:
                (BUILT / "events" / f"{path.stem}.curl").write_text(curl(event), encoding="utf-8")
        (BUILT / "events" / path.name).write_text(json.dumps(event), encoding="utf-8")


class Secrets(BaseHTTPRequestHandler):
    """What the secrets extension would answer."""

    def do_GET(self) -> None:
        name = self.path.rpartition("secretId=")[2]
        found = SECRETS.get(name)
        answer = json.dumps({"Name": name, "SecretString": found}).encode()
        self.send_response(200 if found is not None else 400)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


def main() -> int:
    built = BUILT / "template.yaml"
    if not built.exists():
        print("Nothing is built for this machine yet. Run: scripts/sam-local", file=sys.stderr)
        return 1
    key = SigningKey.generate()
    public_key = key.verify_key.encode().hex()
    written = localised(load(built).written, public_key=public_key, machine=platform.machine())
    (BUILT / "local.yaml").write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", SECRETS_PORT), Secrets) as server:
        server.timeout = 1
        print(f"Secrets are answered on 127.0.0.1:{SECRETS_PORT} and events signed in {BUILT / 'events'}. Ctrl-C ends.")
        written_at = float("-inf")
        try:
            while True:
                if time.monotonic() - written_at > SIGNED_AGAIN_EVERY_S:
                    write_events(key)
                    written_at = time.monotonic()
                server.handle_request()
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
