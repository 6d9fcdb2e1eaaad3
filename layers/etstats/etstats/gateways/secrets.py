"""Secrets, read over loopback from the AWS Parameters and Secrets Lambda Extension.

The extension spares the function boto3 (about 200 ms of imports) and keeps secrets out of environment variables.
It caches a secret for five minutes, so a rotated password arrives without a deployment.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
"""

from __future__ import annotations

import http.client
import json
from urllib.parse import quote

from etstats.errors import SecretUnavailable

TIMEOUT_S = 3


def read_secret(name: str, *, port: int, session_token: str) -> str:
    """The text of the secret *name* (a name or ARN). Raises SecretUnavailable."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request(
            "GET",
            f"/secretsmanager/get?secretId={quote(name, safe='')}",
            headers={"X-Aws-Parameters-Secrets-Token": session_token},
        )
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SecretUnavailable(
                f"The secret {name} could not be read (HTTP {answer.status}). "
                "Check that it exists and that the function's policy allows secretsmanager:GetSecretValue on it."
            )
        return str(json.loads(body)["SecretString"])
    except (OSError, http.client.HTTPException, ValueError, KeyError) as fault:
        raise SecretUnavailable(
            f"The secret {name} could not be read: the secrets extension on port {port} did not answer as it should. "
            "Check that the function has its layer."
        ) from fault
    finally:
        connection.close()
