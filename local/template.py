"""`template.yaml`, read for the embedded stack: the same declarations AWS deploys, as plain values.

    template = load(path)
    resolver = template.resolver(parameters={…}, pseudo={"AWS::Region": …}, attributes={("StoreQueue", "Arn"): …})
    for function in template.functions(resolver):
        …

Only what has to run here is understood. Something else that would change how the stack behaves is refused with a
sentence, because a stand-in that quietly does less than the template says would prove nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class BadTemplate(ValueError):
    """The template asks for something that cannot be stood in for; the message says what and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """An SQS queue; *attributes* as CreateQueue takes them, redrive left out because it needs the other queue first."""

    name: str
    queue_name: str
    attributes: Mapping[str, str]
    dead_letters_to: str = ""  # ARN
    max_receive_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Which of a bucket's events go to which queue."""

    event: str
    queue_arn: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    name: str
    bucket_name: str
    versioned: bool
    notifications: tuple[Notification, ...]
    cors_rules: tuple[Mapping[str, Any], ...] = ()  # as PutBucketCors takes them


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSource:
    """An event source mapping from a queue to a function."""

    name: str
    queue_arn: str
    batch_size: int
    window_s: float
    reports_failures: bool
    concurrency: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSource:
    name: str
    every_s: float
    given: object = None  # the event to send instead of the scheduler's own


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSource:
    """A route of the HTTP API. *method* is upper case or ANY."""

    name: str
    method: str
    path: str
    timeout_s: float = 30.0


Source = QueueSource | ScheduleSource | RouteSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    name: str
    handler: str
    folder: Path
    layers: tuple[Path, ...]
    timeout_s: float
    memory_mb: int
    environment: Mapping[str, str]
    reserved: int | None
    sources: tuple[Source, ...]


# Resources that run here, and those that only matter where AWS enforces them.
_RUN = {
    "AWS::Serverless::Function", "AWS::Serverless::HttpApi", "AWS::Serverless::LayerVersion",
    "AWS::SQS::Queue", "AWS::S3::Bucket",
}  # fmt: skip
_LEFT_TO_AWS = {
    "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::Lambda::Permission", "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy", "AWS::Logs::LogGroup", "AWS::Logs::MetricFilter", "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard", "AWS::Budgets::Budget", "AWS::SNS::TopicPolicy", "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
}  # fmt: skip
_FUNCTION_PROPERTIES = {
    "Handler", "CodeUri", "Timeout", "MemorySize", "Environment", "Layers", "ReservedConcurrentExecutions", "Events",
    # these change nothing here: limits, rights, addresses and logs of AWS's own
    "Runtime", "Architectures", "Description", "Role", "Policies", "VpcConfig", "LoggingConfig", "EventInvokeConfig",
    "Tracing", "Tags", "EphemeralStorage", "PermissionsBoundary", "PropagateTags", "RuntimeManagementConfig",
    "FunctionName", "AutoPublishAlias", "KmsKeyArn",
}  # fmt: skip
_QUEUE_PROPERTIES = {
    "QueueName", "VisibilityTimeout", "RedrivePolicy", "MessageRetentionPeriod", "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds", "MaximumMessageSize", "SqsManagedSseEnabled", "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds", "RedriveAllowPolicy", "Tags",
}  # fmt: skip
_QUEUE_ATTRIBUTES = (
    "VisibilityTimeout", "MessageRetentionPeriod", "DelaySeconds", "MaximumMessageSize",
    "ReceiveMessageWaitTimeSeconds",
)  # fmt: skip
_EVENT_PROPERTIES = {
    "SQS": {
        "Queue",
        "BatchSize",
        "MaximumBatchingWindowInSeconds",
        "FunctionResponseTypes",
        "ScalingConfig",
        "Enabled",
    },
    "Schedule": {"Schedule", "Input", "Description", "Enabled", "Name", "RetryPolicy", "State"},
    "ScheduleV2": {"ScheduleExpression", "Input", "Description", "State", "Name", "FlexibleTimeWindow", "RetryPolicy"},
    "HttpApi": {"Path", "Method", "ApiId", "PayloadFormatVersion", "TimeoutInMillis"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The template as written; intrinsic functions are `{"Fn::…": …}` and `{"Ref": …}`."""

    path: Path
    written: Mapping[str, Any]

    def resolver(
        self, *, parameters: Mapping[str, str], pseudo: Mapping[str, str], attributes: Mapping[tuple[str, str], str]
    ) -> Resolver:
        """Raises BadTemplate for a parameter the template does not have, or one without a value."""
        declared = self.written.get("Parameters", {})
        if unknown := sorted(set(parameters) - set(declared)):
            raise BadTemplate(f"The template has no parameter {', '.join(unknown)}.")
        values = {name: _value(name, body, parameters) for name, body in declared.items()}
        return Resolver(
            references={**pseudo, **values},
            attributes=attributes,
            conditions=self.written.get("Conditions", {}),
            resources=self.written.get("Resources", {}),
        )

    def resources(self, kind: str, resolver: Resolver) -> Iterator[tuple[str, dict[str, Any]]]:
        """The name and properties of every resource of *kind* whose condition holds, unresolved."""
        for name, resource in self.written.get("Resources", {}).items():
            if resource.get("Type") == kind and resolver.holds(resource.get("Condition")):
                yield name, resource.get("Properties", {})

    def check_types(self) -> None:
        for name, resource in self.written.get("Resources", {}).items():
            kind = str(resource.get("Type"))
            if kind not in _RUN | _LEFT_TO_AWS:
                raise BadTemplate(
                    f"{self.path.name} declares {name}, a {kind}, which the embedded stack has no stand-in for. "
                    "Teach it in local/, or list the type in local/template.py if it changes nothing here."
                )

    def queues(self, resolver: Resolver) -> tuple[Queue, ...]:
        return tuple(_queue(name, body, resolver) for name, body in self.resources("AWS::SQS::Queue", resolver))

    def buckets(self, resolver: Resolver) -> tuple[Bucket, ...]:
        return tuple(_bucket(name, body, resolver) for name, body in self.resources("AWS::S3::Bucket", resolver))

    def functions(self, resolver: Resolver) -> tuple[Function, ...]:
        defaults = self.written.get("Globals", {}).get("Function", {})
        return tuple(
            _function(name, _merged(defaults, body), resolver, self.path.parent)
            for name, body in self.resources("AWS::Serverless::Function", resolver)
        )


def load(path: Path) -> Template:
    """Raises BadTemplate when the file is not a template or declares what cannot be stood in for."""
    try:
        written = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  # a SafeLoader
    except (OSError, yaml.YAMLError) as fault:
        raise BadTemplate(f"{path} could not be read as a template: {fault}") from fault
    if not isinstance(written, dict) or not isinstance(written.get("Resources"), dict):
        raise BadTemplate(f"{path} has no Resources.")
    template = Template(path=path, written=written)
    template.check_types()
    return template


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!GetAtt A.B` reads as `{"Fn::GetAtt": ["A", "B"]}`."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


_NO_VALUE = object()


class Resolver:
    """Turns what is written into plain values. *attributes* holds what exists: `(name, "Ref")`, `(name, "Arn")` …"""

    def __init__(
        self,
        *,
        references: Mapping[str, Any],
        attributes: Mapping[tuple[str, str], str],
        conditions: Mapping[str, Any],
        resources: Mapping[str, Any],
    ) -> None:
        self._references = references
        self._attributes = attributes
        self._conditions = conditions
        self.resources = resources

    def value(self, node: Any) -> Any:
        """*node* with every intrinsic function replaced. Raises BadTemplate for one that is not known."""
        if isinstance(node, list):
            return [value for value in map(self.value, node) if value is not _NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            name, argument = next(iter(node.items()))
            if name == "Ref" or name.startswith("Fn::") or (name == "Condition" and isinstance(argument, str)):
                return self._call(name, argument)
        values = {key: self.value(value) for key, value in node.items()}
        return {key: value for key, value in values.items() if value is not _NO_VALUE}

    def holds(self, condition: str | None) -> bool:
        if condition is None:
            return True
        if condition not in self._conditions:
            raise BadTemplate(f"The template has no condition {condition}.")
        return bool(self.value(self._conditions[condition]))

    def _call(self, name: str, argument: Any) -> Any:
        known: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self.holds,
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._sub,
            "Fn::If": lambda a: self.value(a[1] if self.holds(a[0]) else a[2]),
            "Fn::Join": lambda a: str(a[0]).join(str(part) for part in self.value(a[1])),
            "Fn::Select": lambda a: self.value(a[1])[int(self.value(a[0]))],
            "Fn::Split": lambda a: str(self.value(a[1])).split(a[0]),
            "Fn::Equals": lambda a: self.value(a[0]) == self.value(a[1]),
            "Fn::Not": lambda a: not self.value(a[0]),
            "Fn::And": lambda a: all(self.value(part) for part in a),
            "Fn::Or": lambda a: any(self.value(part) for part in a),
        }
        if name not in known:
            raise BadTemplate(f"The template uses {name}, which local/template.py does not know.")
        return known[name](argument)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        if name in self._references:
            return self._references[name]
        return self._attribute([name, "Ref"])

    def _attribute(self, argument: Any) -> str:
        name, attribute = argument
        if (name, attribute) in self._attributes:
            return self._attributes[name, attribute]
        wanted = f"!Ref {name}" if attribute == "Ref" else f"!GetAtt {name}.{attribute}"
        raise BadTemplate(f"The template uses {wanted} where the embedded stack needs it, and knows no such value.")

    def _sub(self, argument: Any) -> str:
        text, extra = argument if isinstance(argument, list) else (argument, {})

        def replaced(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in extra:
                return str(self.value(extra[name]))
            return str(self._attribute(name.split(".", 1)) if "." in name else self._ref(name))

        return re.sub(r"\$\{([^}]+)\}", replaced, text)


def _value(name: str, body: Mapping[str, Any], given: Mapping[str, str]) -> str | list[str]:
    if name not in given and "Default" not in body:
        raise BadTemplate(f"The template's parameter {name} has no default and was given no value.")
    text = given[name] if name in given else str(body["Default"])
    if "List" in str(body.get("Type", "")):
        return text.split(",") if text else []
    return text


def _merged(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """SAM's Globals: own values win, maps are merged, lists are put one after the other."""
    merged = dict(defaults)
    for key, value in own.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[key] = _merged(below, value)
        elif isinstance(below, list) and isinstance(value, list):
            merged[key] = below + value
        else:
            merged[key] = value
    return merged


def _refuse_unknown(where: str, given: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(given) - known):
        raise BadTemplate(f"{where} has {', '.join(unknown)}, which the embedded stack does not know how to honour.")


def _queue(name: str, body: Mapping[str, Any], resolver: Resolver) -> Queue:
    _refuse_unknown(f"The queue {name}", body, _QUEUE_PROPERTIES)
    redrive = body.get("RedrivePolicy", {})
    return Queue(
        name=name,
        queue_name=str(resolver.value(body.get("QueueName", {"Fn::Sub": "${AWS::StackName}-" + name}))),
        attributes={key: str(resolver.value(body[key])) for key in _QUEUE_ATTRIBUTES if key in body},
        dead_letters_to=_target(redrive.get("deadLetterTargetArn")),
        max_receive_count=int(redrive.get("maxReceiveCount", 0)),
    )


def _target(node: Any) -> str:
    """The logical name of the dead-letter queue: both queues are made before either has an ARN."""
    if node is None:
        return ""
    if isinstance(node, dict) and "Fn::GetAtt" in node and node["Fn::GetAtt"][1] == "Arn":
        return str(node["Fn::GetAtt"][0])
    raise BadTemplate(f"A redrive policy points to {node!r}; write !GetAtt <queue>.Arn.")


def _bucket(name: str, body: Mapping[str, Any], resolver: Resolver) -> Bucket:
    written = body.get("NotificationConfiguration", {})
    _refuse_unknown(f"The bucket {name}'s NotificationConfiguration", written, {"QueueConfigurations"})
    bucket_name = str(resolver.value(body.get("BucketName", {"Fn::Sub": "${AWS::StackName}-" + name.lower()})))
    return Bucket(
        name=name,
        bucket_name=bucket_name.lower(),
        versioned=body.get("VersioningConfiguration", {}).get("Status") == "Enabled",
        notifications=tuple(_notification(one) for one in resolver.value(written.get("QueueConfigurations", []))),
        cors_rules=tuple(map(_cors_rule, resolver.value(body.get("CorsConfiguration", {}).get("CorsRules", [])))),
    )


def _cors_rule(one: Mapping[str, Any]) -> dict[str, Any]:
    """CloudFormation's names are the API's, but for two."""
    renamed = {"Id": "ID", "MaxAge": "MaxAgeSeconds"}
    return {renamed.get(name, name): value for name, value in one.items()}


def _notification(one: Mapping[str, Any]) -> Notification:
    rules = {rule["Name"].lower(): rule["Value"] for rule in one.get("Filter", {}).get("S3Key", {}).get("Rules", [])}
    return Notification(
        event=one["Event"], queue_arn=one["Queue"], prefix=rules.get("prefix", ""), suffix=rules.get("suffix", "")
    )


def _function(name: str, body: Mapping[str, Any], resolver: Resolver, root: Path) -> Function:
    _refuse_unknown(f"The function {name}", body, _FUNCTION_PROPERTIES)
    variables = resolver.value(body.get("Environment", {}).get("Variables", {}))
    reserved = resolver.value(body.get("ReservedConcurrentExecutions"))
    events = body.get("Events", {})
    return Function(
        name=name,
        handler=str(resolver.value(body["Handler"])),
        folder=(root / str(resolver.value(body.get("CodeUri", ".")))).resolve(),
        layers=tuple(_layers(body.get("Layers", []), resolver, root)),
        timeout_s=float(resolver.value(body.get("Timeout", 3))),
        memory_mb=int(resolver.value(body.get("MemorySize", 128))),
        environment={key: str(value) for key, value in variables.items()},
        reserved=None if reserved is None else int(reserved),
        sources=tuple(_source(name, label, event, resolver) for label, event in events.items() if _enabled(event)),
    )


def _layers(written: list[Any], resolver: Resolver, root: Path) -> Iterator[Path]:
    """Folders of our own layers; one that is given as an ARN (the secrets extension) has a stand-in of its own."""
    for layer in written:
        resource = resolver.resources.get(layer["Ref"], {}) if isinstance(layer, dict) and "Ref" in layer else {}
        if resource.get("Type") == "AWS::Serverless::LayerVersion":
            yield (root / str(resolver.value(resource["Properties"]["ContentUri"]))).resolve()
        else:
            resolver.value(layer)


def _enabled(event: Mapping[str, Any]) -> bool:
    properties = event.get("Properties", {})
    return properties.get("Enabled", True) is not False and properties.get("State", "ENABLED") != "DISABLED"


def _source(function: str, label: str, event: Mapping[str, Any], resolver: Resolver) -> Source:
    kind = str(event.get("Type"))
    where = f"{function}'s event {label}"
    if kind not in _EVENT_PROPERTIES:
        raise BadTemplate(f"{where} is of type {kind}; the event pump knows {', '.join(_EVENT_PROPERTIES)}.")
    _refuse_unknown(where, event.get("Properties", {}), _EVENT_PROPERTIES[kind])
    properties = resolver.value(
        {key: value for key, value in event.get("Properties", {}).items() if key not in ("ApiId", "Description")}
    )
    if kind == "SQS":
        return _queue_source(label, properties)
    if kind == "HttpApi":
        return _route(where, label, properties)
    return ScheduleSource(
        name=label,
        every_s=_every_s(where, str(properties.get("Schedule") or properties.get("ScheduleExpression"))),
        given=json.loads(properties["Input"]) if "Input" in properties else None,
    )


def _queue_source(label: str, properties: Mapping[str, Any]) -> QueueSource:
    concurrency = properties.get("ScalingConfig", {}).get("MaximumConcurrency")
    return QueueSource(
        name=label,
        queue_arn=str(properties["Queue"]),
        batch_size=int(properties.get("BatchSize", 10)),
        window_s=float(properties.get("MaximumBatchingWindowInSeconds", 0)),
        reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
        concurrency=None if concurrency is None else int(concurrency),
    )


def _route(where: str, label: str, properties: Mapping[str, Any]) -> RouteSource:
    if str(properties.get("PayloadFormatVersion", "2.0")) != "2.0":
        raise BadTemplate(f"{where} wants payload format {properties['PayloadFormatVersion']}; the front speaks 2.0.")
    return RouteSource(
        name=label,
        method=str(properties["Method"]).upper(),
        path=str(properties["Path"]),
        timeout_s=float(properties.get("TimeoutInMillis", 30_000)) / 1000,
    )


def _every_s(where: str, expression: str) -> float:
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression.strip())
    if not found:
        raise BadTemplate(f"{where} has the schedule {expression!r}; the event pump understands rate(…) only.")
    return int(found[1]) * {"minute": 60.0, "hour": 3600.0, "day": 86400.0}[found[2]]
