"""Reading template.yaml for the embedded stack: short forms, conditions, defaults, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.template import BadTemplate, Function, QueueSource, Resolver, RouteSource, ScheduleSource, Template, load

PSEUDO = {"AWS::Region": "eu-central-1", "AWS::AccountId": "123456789012", "AWS::StackName": "toy"}


def template(folder: Path, text: str) -> Template:
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    return load(folder / "template.yaml")


def resolver(read: Template, **parameters: str) -> Resolver:
    attributes = {("Jobs", "Arn"): "arn:aws:sqs:eu-central-1:123456789012:jobs", ("Jobs", "Ref"): "http://queue/jobs"}
    return read.resolver(parameters=parameters, pseudo=PSEUDO, attributes=attributes)


def value(folder: Path, written: str, **parameters: str) -> Any:
    """What *written* comes to as the value of an environment variable."""
    head = "Parameters: {Zone: {Type: String, Default: ''}, Subnets: {Type: CommaDelimitedList, Default: ''}}\n"
    conditions = "Conditions: {Zoned: !Not [!Equals [!Ref Zone, '']]}\n"
    body = f"Resources: {{Jobs: {{Type: AWS::SQS::Queue}}, Toy: {{Type: AWS::SQS::Queue, Properties: {written}}}}}"
    read = template(folder, head + conditions + body)
    return resolver(read, **parameters).value(read.written["Resources"]["Toy"]["Properties"])


@pytest.mark.parametrize(
    ("written", "comes_to"),
    [
        ("{a: !Ref Jobs}", {"a": "http://queue/jobs"}),
        ("{a: !GetAtt Jobs.Arn}", {"a": "arn:aws:sqs:eu-central-1:123456789012:jobs"}),
        (
            "{a: !Sub '${AWS::StackName}-${Jobs.Arn}-${!not}'}",
            {"a": "toy-arn:aws:sqs:eu-central-1:123456789012:jobs-${not}"},
        ),
        ("{a: !Sub ['${Where}/x', {Where: !Ref Jobs}]}", {"a": "http://queue/jobs/x"}),
        ("{a: !If [Zoned, yes, no], b: !If [Zoned, 1, !Ref 'AWS::NoValue']}", {"a": False}),
        ("{a: !Join ['-', [x, !Ref 'AWS::Region']]}", {"a": "x-eu-central-1"}),
        ("{a: !Select [1, !Split [',', 'x,y']]}", {"a": "y"}),
        ("{a: !Ref Subnets}", {"a": []}),
        ("{a: [!Ref 'AWS::NoValue', 2]}", {"a": [2]}),
    ],
)
def test_intrinsic_functions(tmp_path: Path, written: str, comes_to: object) -> None:
    assert value(tmp_path, written) == comes_to


def test_parameters_given_win_over_defaults_and_lists_are_split(tmp_path: Path) -> None:
    assert value(tmp_path, "{a: !If [Zoned, !Ref Zone, none], b: !Ref Subnets}", Zone="UTC", Subnets="s1,s2") == {
        "a": "UTC",
        "b": ["s1", "s2"],
    }


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{a: !ImportValue other}", "Fn::ImportValue"),
        ("{a: !GetAtt Jobs.Colour}", "!GetAtt Jobs.Colour"),
        ("{a: !Ref Nobody}", "!Ref Nobody"),
    ],
)
def test_what_cannot_be_resolved_is_refused(tmp_path: Path, written: str, says: str) -> None:
    with pytest.raises(BadTemplate, match=says):
        value(tmp_path, written)


def test_a_parameter_without_a_value_and_one_that_does_not_exist_are_refused(tmp_path: Path) -> None:
    read = template(tmp_path, "Parameters: {Key: {Type: String}}\nResources: {}")
    with pytest.raises(BadTemplate, match="Key has no default"):
        resolver(read)
    with pytest.raises(BadTemplate, match="no parameter Colour"):
        resolver(read, Key="x", Colour="red")


FUNCTION = """
Globals:
  Function:
    Timeout: 5
    Environment: {Variables: {LOG_LEVEL: INFO, SHARED: global}}
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layers/own}}
  Toy:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/toy
      Handler: toy.handler
      Layers: [!Ref Layer]
      MemorySize: 512
      ReservedConcurrentExecutions: 1
      Environment: {Variables: {SHARED: own, QUEUE: !Ref Jobs}}
      Events:
        EVENTS
"""


def function(folder: Path, events: str) -> Function:
    read = template(folder, FUNCTION.replace("EVENTS", events))
    return read.functions(resolver(read))[0]


def test_a_function_with_the_globals_below_its_own(tmp_path: Path) -> None:
    toy = function(tmp_path, "Tick: {Type: Schedule, Properties: {Schedule: rate(2 minutes)}}")
    assert (toy.handler, toy.folder, toy.layers) == (
        "toy.handler",
        tmp_path / "functions/toy",
        (tmp_path / "layers/own",),
    )
    assert (toy.timeout_s, toy.memory_mb, toy.reserved) == (5, 512, 1)
    assert toy.environment == {"LOG_LEVEL": "INFO", "SHARED": "own", "QUEUE": "http://queue/jobs"}
    assert toy.sources == (ScheduleSource(name="Tick", every_s=120),)


def test_a_queue_and_a_route_as_sources(tmp_path: Path) -> None:
    queue = "{Queue: !GetAtt Jobs.Arn, BatchSize: 3, ScalingConfig: {MaximumConcurrency: 2}}"
    toy = function(tmp_path, f"In: {{Type: SQS, Properties: {queue}}}")
    assert toy.sources == (
        QueueSource(
            name="In", queue_arn="arn:aws:sqs:eu-central-1:123456789012:jobs",
            batch_size=3, window_s=0, reports_failures=False, concurrency=2,
        ),
    )  # fmt: skip
    toy = function(tmp_path, "In: {Type: HttpApi, Properties: {Method: post, Path: /interactions}}")
    assert toy.sources == (RouteSource(name="In", method="POST", path="/interactions"),)


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ("In: {Type: Kinesis, Properties: {Stream: x}}", "Kinesis"),
        ("In: {Type: SQS, Properties: {Queue: x, FilterCriteria: {Filters: []}}}", "FilterCriteria"),
        ("In: {Type: Schedule, Properties: {Schedule: cron(0 4 * * ? *)}}", "cron"),
        ("In: {Type: HttpApi, Properties: {Method: GET, Path: /, PayloadFormatVersion: '1.0'}}", "payload format 1.0"),
    ],
)
def test_a_source_that_would_be_honoured_only_on_aws_is_refused(tmp_path: Path, event: str, says: str) -> None:
    with pytest.raises(BadTemplate, match=says.replace("(", r"\(")):
        function(tmp_path, event)


def test_a_resource_without_a_stand_in_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTemplate, match="Table, a AWS::DynamoDB::Table"):
        template(tmp_path, "Resources: {Table: {Type: AWS::DynamoDB::Table}}")


def test_a_function_property_that_would_change_something_is_refused(tmp_path: Path) -> None:
    text = "Resources: {Toy: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, PackageType: Image}}}"
    read = template(tmp_path, text)
    with pytest.raises(BadTemplate, match="Toy has PackageType"):
        read.functions(resolver(read))


@pytest.mark.parametrize("text", ["[1, 2", "just words", "Resources: 5"])
def test_a_file_that_is_no_template_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadTemplate):
        template(tmp_path, text)


def test_our_own_template_is_understood_completely() -> None:
    read = load(Path(__file__).resolve().parents[2] / "template.yaml")
    parameters = {name: "x" for name, body in read.written["Parameters"].items() if "Default" not in body}

    class Anything(dict[tuple[str, str], str]):
        def __contains__(self, key: object) -> bool:
            return True

        def __missing__(self, key: tuple[str, str]) -> str:
            return ".".join(key)

    resolver = read.resolver(parameters=parameters, pseudo=PSEUDO, attributes=Anything())
    functions = {one.name: one for one in read.functions(resolver)}
    assert set(functions) == {
        "FetchFunction", "FetchDemosFunction", "StoreFunction", "AnnounceFunction", "DailyFunction",
        "InteractionsFunction", "FollowupFunction", "MigrateFunction", "GreatshotFunction", "LiveFunction",
        "WatchFunction", "UploadFunction", "RenderFunction",
        "BackupFunction", "HealthFunction", "CanaryFunction", "BringFunction",
    }  # fmt: skip
    assert all((one.folder / f"{one.handler.split('.')[0]}.py").is_file() for one in functions.values())
    assert functions["FetchFunction"].reserved == 1
    assert {queue.name: queue.dead_letters_to for queue in read.queues(resolver)}["StoreQueue"] == "StoreDeadLetters"
    [bucket] = read.buckets(resolver)
    assert [(one.prefix, one.suffix, one.queue_arn) for one in bucket.notifications] == [
        ("stats/", "", "StoreQueue.Arn"), ("uploads/", ".dm_84", "DemoQueue.Arn"),
        ("uploads/", ".tv_84", "DemoQueue.Arn"), ("uploads/", ".pk3", "BringQueue.Arn"),
        ("demos/", "", "DemoQueue.Arn"),
    ]  # fmt: skip
