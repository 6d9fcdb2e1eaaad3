"""A real LocalStack without Docker: `localstack-core` in an environment of its own, for S3, SQS and secrets.

    with localstack(folder) as url:
        …                       # boto3.client("s3", endpoint_url=url, …)

Its Lambda service would need Docker and is not used: the pump runs the functions, as it does beside moto.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from local.children import die_with_parent, tail
from local.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-localstack" / "bin" / "python"
SERVICES = ("s3", "sqs", "secretsmanager", "ssm")
START_TIMEOUT_S = 60
STOP_PATIENCE_S = 2  # nothing in it is worth a longer farewell, and an open long poll would hold it for minutes


class LocalStackFailed(RuntimeError):
    """LocalStack could not be installed or did not come up; the message says what to do or carries its log's end."""


@contextmanager
def localstack(folder: Path | None = None) -> Iterator[str]:
    """A fresh LocalStack on loopback; what it writes lies below *folder* and is removed at the end.

    Installs it on first use: about a minute, step by step. The thread that starts it must outlive it:
    on Linux the kernel ends LocalStack with that thread, so a killed run leaves none behind.
    """
    install()
    with tempfile.TemporaryDirectory(prefix="etstats-localstack-", dir=folder, ignore_cleanup_errors=True) as home:
        port = free_port()
        process = _start(Path(home), port)
        try:
            _wait(process, Path(home) / "log", port)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(process)


def install() -> None:
    """Makes .venv-localstack where it is missing or out of date. Raises LocalStackFailed; the script says why."""
    if subprocess.run([ROOT / "scripts" / "setup-localstack"], check=False).returncode != 0:
        raise LocalStackFailed("LocalStack is not installed; the lines above say why. Without it: BACKEND=moto.")


def _start(home: Path, port: int) -> subprocess.Popen[bytes]:
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            [PYTHON, "-m", "localstack.runtime.main"],
            env=_environment(home, port),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal is for us; we stop it in order
            preexec_fn=die_with_parent(),  # noqa: PLW1509  # two system calls, no lock and no import
        )


def _environment(home: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "FILESYSTEM_ROOT": str(home),
        "CONFIG_DIR": str(home / "config"),
        "OVERRIDE_IN_DOCKER": "0",  # inside some container it would take itself for its own image and write to /var/lib
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "GATEWAY_SERVER": "hypercorn",  # its other server listens on every interface, whatever GATEWAY_LISTEN says
        "LOCALSTACK_HOST": f"127.0.0.1:{port}",
        "SQS_ENDPOINT_STRATEGY": "path",  # queue addresses that need no name server
        "SERVICES": ",".join(SERVICES),
        "STRICT_SERVICE_LOADING": "1",
        "EAGER_SERVICE_LOADING": "1",
        "SQS_DISABLE_CLOUDWATCH_METRICS": "1",
        # nothing leaves the machine, and no port 53
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "DNS_ADDRESS": "0",
        "LS_LOG": "warn",
    }


def _wait(process: subprocess.Popen[bytes], log: Path, port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if _healthy(port):
            return
        time.sleep(0.1)
    raise LocalStackFailed(f"LocalStack did not start:\n{tail(log)}")


def _healthy(port: int) -> bool:
    with (
        suppress(OSError, http.client.HTTPException, ValueError, KeyError),
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as connection,
    ):
        connection.request("GET", "/_localstack/health")
        services = json.loads(connection.getresponse().read())["services"]
        return all(services[name] == "running" for name in SERVICES)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_PATIENCE_S)
