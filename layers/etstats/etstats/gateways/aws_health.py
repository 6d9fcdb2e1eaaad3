"""What AWS tells of our parts: how many messages wait, which alarms of CloudWatch are on, what was spent this month."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from etstats.domain.health import Light, Observed
from etstats.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

_PATIENCE = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})
# what is seen without CloudWatch; one problem is told once
_SEEN_OTHERWISE = (
    *("DeadLettersAlarm", "ServersAwayAlarm", "PostsBlockedAlarm"),
    *("CanaryAlarm", "HealthAlarm", "BackupAlarm"),
)


class Queues:
    """*urls*: each queue's address by its part, `queue/<name>` or `dead_letters/<name>`."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls

    def look(self) -> list[Observed]:
        """Raises Unavailable."""
        return [self._look(part, url) for part, url in self._urls.items()]

    def _look(self, part: str, url: str) -> Observed:
        try:
            told = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        except (BotoCoreError, ClientError) as fault:
            raise Unavailable(f"The queue {part} cannot be asked: {fault}") from fault
        shown, hidden = told["ApproximateNumberOfMessages"], told["ApproximateNumberOfMessagesNotVisible"]
        waiting = int(shown) + int(hidden)
        bad = bool(waiting) and part.startswith("dead_letters/")
        return Observed(part=part, light=Light.BAD if bad else Light.GOOD, figure=float(waiting))

    @cached_property
    def _client(self) -> SQSClient:
        return boto3.client("sqs", config=_PATIENCE)


def look_at_alarms(prefix: str) -> list[Observed]:
    """Those of CloudWatch whose name begins so: what our functions cannot see of themselves. Raises Unavailable."""
    client = boto3.client("cloudwatch", config=_PATIENCE)
    try:
        pages = client.get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm"])
        alarms = [one for page in pages for one in page["MetricAlarms"]]
    except (BotoCoreError, ClientError) as fault:
        raise Unavailable(f"CloudWatch cannot be asked: {fault}") from fault
    named = [(one["AlarmName"].removeprefix(prefix).partition("-")[0], one) for one in alarms]
    return [
        Observed(
            part=f"alarm/{name}",
            light=Light.BAD if one["StateValue"] == "ALARM" else Light.GOOD,
            said=str(one.get("AlarmDescription", "")),
        )
        for name, one in named
        if not name.endswith(_SEEN_OTHERWISE)
    ]


def look_at_budget(budget: str) -> list[Observed]:
    """*budget*: `<account>/<name>`. What was spent this month so far, in US dollars. Raises Unavailable."""
    account, _, name = budget.partition("/")
    client = boto3.client("budgets", config=_PATIENCE, region_name="us-east-1")
    try:
        told = client.describe_budget(AccountId=account, BudgetName=name)["Budget"]
        spent, limit = float(told["CalculatedSpend"]["ActualSpend"]["Amount"]), float(told["BudgetLimit"]["Amount"])
    except (BotoCoreError, ClientError) as fault:
        raise Unavailable(f"The budget cannot be asked: {fault}") from fault
    except (KeyError, ValueError) as fault:
        raise Unavailable("The budget tells no figures yet.") from fault
    light = Light.BAD if spent > limit else Light.WARN if spent > 0.8 * limit else Light.GOOD
    return [Observed(part="cost", light=light, said=f"{spent:.2f} of {limit:.2f} USD", figure=spent)]
