"""What several functions read alike out of what AWS calls them with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import unquote_plus


def landed_keys(body: str) -> Iterator[str]:
    """The keys of the objects an S3 notification tells of; none for S3's test event. S3 encodes them like a form."""
    told = json.loads(body)
    for one in told.get("Records", []):
        if str(one.get("eventName", "")).startswith("ObjectCreated:"):
            yield unquote_plus(one["s3"]["object"]["key"])
