"""Builds the real things, each once per container, when first asked for.

Only here is the environment read, and only here is a heavy client imported inside a function:
no handler pays for a library that only another one needs.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from etstats import config
from etstats.config import DatabaseAddress, Settings
from etstats.gateways.secrets import read_secret

if TYPE_CHECKING:
    from etstats.storage.database import Database

# Discord waits three seconds for an answer; a query that needs longer is a fault to be seen, not waited for.
INTERACTIVE_TIMEOUT_MS = 2_500
JOB_TIMEOUT_MS = 60_000


@cache
def settings(*need: str) -> Settings:
    """The environment as typed values; BadSettings names every variable of *need* that is missing."""
    return config.read(os.environ, need=need)


@cache
def secret(name: str) -> str:
    return read_secret(
        name,
        port=int(os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773")),
        session_token=os.environ.get("AWS_SESSION_TOKEN", ""),
    )


def database_address() -> DatabaseAddress:
    """DATABASE_URL where it is set, else the secret."""
    url = settings().database_url
    ca_file = settings().database_ca_file
    if url:
        return config.database_from_url(url, ca_file=ca_file)
    return config.database_from_secret(secret(settings("DATABASE_SECRET").database_secret), ca_file=ca_file)


@cache
def database(*, statement_timeout_ms: int = JOB_TIMEOUT_MS) -> Database:
    """This container's one connection. Nothing is opened before the first statement."""
    from etstats.storage.database import Database, connect

    return Database(lambda: connect(database_address(), statement_timeout_ms=statement_timeout_ms))
