"""What AWS tells, as boto3 gives it, made into what was seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from etstats.domain.health import Light
from etstats.errors import Unavailable
from etstats.gateways import aws_health


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes clients whose answers are given beforehand."""
    stubs: list[Stubber] = []
    real = boto3.client

    def prepare(service: str) -> Stubber:
        client: Any = real(service, region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")  # type: ignore[call-overload]
        monkeypatch.setattr(boto3, "client", lambda name, **_: client)
        stubs.append(Stubber(client))
        stubs[-1].activate()
        return stubs[-1]

    yield prepare
    for one in stubs:
        one.assert_no_pending_responses()


def test_messages_are_counted_hidden_ones_too_and_one_given_up_is_bad(stubbed: Any) -> None:
    stub = stubbed("sqs")
    for shown, hidden in (("3", "2"), ("1", "0"), ("0", "0")):
        attributes = {"ApproximateNumberOfMessages": shown, "ApproximateNumberOfMessagesNotVisible": hidden}
        stub.add_response("get_queue_attributes", {"Attributes": attributes})
    urls = {part: f"https://sqs/{part}" for part in ("queue/store", "dead_letters/store", "dead_letters/demo")}
    found = aws_health.Queues(urls).look()
    assert [(one.part, one.light, one.figure) for one in found] == [
        ("queue/store", Light.GOOD, 5), ("dead_letters/store", Light.BAD, 1), ("dead_letters/demo", Light.GOOD, 0),
    ]  # fmt: skip


def test_alarms_go_by_their_names_in_the_template_and_what_we_see_ourselves_is_left_out(stubbed: Any) -> None:
    alarms = [
        {"AlarmName": f"etstats-prod-{name}-1ABC", "StateValue": state, "AlarmDescription": "why"}
        for name, state in (("FetchAlarm", "ALARM"), ("DailyAlarm", "INSUFFICIENT_DATA"), ("CanaryAlarm", "ALARM"),
                            ("StoreDeadLettersAlarm", "ALARM"))
    ]  # fmt: skip
    asked = {"AlarmNamePrefix": "etstats-prod-", "AlarmTypes": ["MetricAlarm"]}
    stubbed("cloudwatch").add_response("describe_alarms", {"MetricAlarms": alarms}, asked)
    assert [(one.part, one.light, one.said) for one in aws_health.look_at_alarms("etstats-prod-")] == [
        ("alarm/FetchAlarm", Light.BAD, "why"), ("alarm/DailyAlarm", Light.GOOD, "why"),
    ]  # fmt: skip


@pytest.mark.parametrize(("spent", "light"), [("12.5", Light.GOOD), ("45", Light.WARN), ("50.01", Light.BAD)])
def test_a_budget_tells_what_was_spent(stubbed: Any, spent: str, light: Light) -> None:
    amount = {"Amount": spent, "Unit": "USD"}
    budget = {
        "BudgetName": "etstats", "TimeUnit": "MONTHLY", "BudgetType": "COST",
        "BudgetLimit": {"Amount": "50", "Unit": "USD"}, "CalculatedSpend": {"ActualSpend": amount},
    }  # fmt: skip
    asked = {"AccountId": "111111111111", "BudgetName": "etstats"}
    stubbed("budgets").add_response("describe_budget", {"Budget": budget}, asked)
    [found] = aws_health.look_at_budget("111111111111/etstats")
    assert (found.light, found.figure) == (light, float(spent))


def test_what_aws_refuses_is_unavailable_and_not_well(stubbed: Any) -> None:
    stubbed("budgets").add_client_error("describe_budget", "AccessDeniedException")
    with pytest.raises(Unavailable):
        aws_health.look_at_budget("111111111111/etstats")
