"""`etstats register` on an operator's machine: the token is asked for and goes nowhere but to Discord."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from etstats.commands import catalogue

TOKEN = "not-a-real-token"


class Discord(BaseHTTPRequestHandler):
    timeout = 20
    seen: tuple[str, str, list[dict[str, object]]] | None = None

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        Discord.seen = (self.path, self.headers["authorization"], body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_the_commands_are_registered_with_the_token_typed_in() -> None:
    with HTTPServer(("127.0.0.1", 0), Discord) as discord:
        discord.timeout = 20
        serving = Thread(target=discord.handle_request)
        serving.start()
        ran = subprocess.run(
            [sys.executable, "-c", "from etstats.cli import main; raise SystemExit(main(['register']))"],
            input=f"{TOKEN}\n",
            env={
                "PATH": os.defpath,
                "DISCORD_APPLICATION_ID": "1111111111111111111",
                "DISCORD_API_URL": f"http://127.0.0.1:{discord.server_port}",
            },
            start_new_session=True,  # no terminal: the token comes from stdin
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        serving.join()
    assert ran.returncode == 0, ran.stderr
    assert Discord.seen is not None
    path, authorization, commands = Discord.seen
    assert path == "/applications/1111111111111111111/commands"
    assert authorization == f"Bot {TOKEN}"
    assert {command["name"] for command in commands} == set(catalogue.__all__)
    assert TOKEN not in ran.stdout + ran.stderr
