"""What the template promises beside what its linters check: who may do what, what is retried, what is told to whom."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from etstats.config import VARIABLES
from etstats.domain.upload import TICKET_LIVES
from etstats.gateways.renderer import FAMILIES, font_file
from etstats.usecases import bring_package
from etstats.usecases.film_highlight import CLAIM_LIVES
from functions.ingest.bring import TRIES
from local.template import load

ROOT = Path(__file__).parents[2]
WRITTEN: Any = load(ROOT / "template.yaml").written
RESOURCES: dict[str, dict[str, Any]] = WRITTEN["Resources"]


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: one.get("Properties", {}) for name, one in RESOURCES.items() if one["Type"] == kind}


FUNCTIONS = of_type("AWS::Serverless::Function")
QUEUES = of_type("AWS::SQS::Queue")
ROLES = of_type("AWS::IAM::Role")
DEAD_LETTERS = {name: queue for name, queue in QUEUES.items() if name.endswith("DeadLetters")}
WORK_QUEUES = {name: queue for name, queue in QUEUES.items() if name not in DEAD_LETTERS}


def variables(function: str) -> dict[str, Any]:
    return dict(FUNCTIONS[function].get("Environment", {}).get("Variables", {}))


def statements(role: str) -> list[dict[str, Any]]:
    return [one for policy in ROLES[role]["Policies"] for one in policy["PolicyDocument"]["Statement"]]


def as_list(value: Any) -> list[Any]:
    """What may be left out is there."""
    listed = value if isinstance(value, list) else [value]
    return [one["Fn::If"][1] if isinstance(one, dict) and "Fn::If" in one else one for one in listed]


def sources(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, function in FUNCTIONS.items():
        for event in function.get("Events", {}).values():
            if event["Type"] == kind:
                yield name, event["Properties"]


def arn(name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, "Arn"]}


def test_there_is_something_to_test() -> None:
    assert set(FUNCTIONS) == {
        "FetchFunction",
        "FetchDemosFunction",
        "StoreFunction",
        "AnnounceFunction",
        "DailyFunction",
        "LiveFunction",
        "InteractionsFunction",
        "FollowupFunction",
        "MigrateFunction",
        "GreatshotFunction",
        "WatchFunction",
        "UploadFunction",
        "RenderFunction",
        "BackupFunction",
        "BringFunction",
        "HealthFunction",
        "CanaryFunction",
    }
    assert set(DEAD_LETTERS) == {
        *("StoreDeadLetters", "DemoDeadLetters", "WatchDeadLetters", "AnnounceDeadLetters", "FollowupDeadLetters"),
        "BringDeadLetters",
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_told_only_what_our_settings_know(name: str) -> None:
    assert set(variables(name)) <= {variable.name for variable in VARIABLES}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_whoever_reaches_the_database_knows_whose_data_it_has(name: str) -> None:
    """A function that knew no game server would take everybody for one community."""
    assert ("GAME_SERVERS" in variables(name)) >= ("DATABASE_SECRET" in variables(name))


def test_no_function_is_given_the_address_with_the_password_in_it() -> None:
    secret = {variable.name for variable in VARIABLES if variable.secret}
    assert secret
    assert not [name for name in FUNCTIONS if secret & set(variables(name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_secret_a_function_is_told_of_it_may_read_and_no_other(name: str) -> None:
    told = {value["Ref"] for variable, value in variables(name).items() if variable.endswith("_SECRET")}
    may = {
        resource["Ref"]
        for one in statements(name.replace("Function", "Role"))
        if one["Action"] == "secretsmanager:GetSecretValue"
        for resource in as_list(one["Resource"])
    }
    assert may == told


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_queue_a_function_is_told_of_it_may_send_to_and_no_other(name: str) -> None:
    told = [arn(value["Ref"]) for variable, value in variables(name).items() if variable.endswith("_QUEUE_URL")]
    may = [
        one["Resource"] for one in statements(name.replace("Function", "Role")) if one["Action"] == "sqs:SendMessage"
    ]
    assert may == told


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_receives_from_the_queues_that_feed_it_and_no_other(name: str) -> None:
    feeding = [properties["Queue"] for fed, properties in sources("SQS") if fed == name]
    may = [
        one["Resource"]
        for one in statements(name.replace("Function", "Role"))
        if "sqs:ReceiveMessage" in as_list(one["Action"])
    ]
    assert may == feeding


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_runs_under_its_own_role_and_logs_to_its_own_group(name: str) -> None:
    stem = name.removesuffix("Function")
    assert FUNCTIONS[name]["Role"] == arn(f"{stem}Role")
    assert FUNCTIONS[name]["LoggingConfig"] == {"LogGroup": {"Ref": f"{stem}Logs"}}
    assert [one["Resource"] for one in statements(f"{stem}Role") if one["Sid"] == "Log"] == [arn(f"{stem}Logs")]


@pytest.mark.parametrize("role", ROLES)
def test_no_policy_of_ours_says_everything(role: str) -> None:
    for one in statements(role):
        assert one["Effect"] == "Allow"
        for action in as_list(one["Action"]):
            assert re.fullmatch(r"[a-z0-9]+:[A-Za-z]+", action), f"{role} allows {action}"
        for resource in as_list(one["Resource"]):
            # a name of the template's own, one prefix of its bucket, or what is named after the stack
            assert set(resource) <= {"Ref", "Fn::GetAtt", "Fn::Sub"}, f"{role} reaches {resource}"
            made = resource.get("Fn::Sub", "${Bucket.Arn}/stats/*")
            assert re.fullmatch(r"\$\{Bucket\.Arn\}/[a-z]+/\*|arn:\S+[:/]\$\{AWS::StackName\}(-\*)?", made)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_handler_is_where_the_template_says(name: str) -> None:
    file, _, handler = FUNCTIONS[name]["Handler"].partition(".")
    path = ROOT / FUNCTIONS[name]["CodeUri"] / f"{file}.py"
    assert f"def {handler}(" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*FUNCTIONS, *of_type("AWS::Serverless::LayerVersion")])
def test_each_thing_built_has_its_make_target(name: str) -> None:
    body = RESOURCES[name]
    assert body["Metadata"]["BuildMethod"] == "makefile"
    folder = ROOT / body["Properties"].get("CodeUri", body["Properties"].get("ContentUri"))
    assert re.search(rf"^(.* )?build-{name}( .*)?:", (folder / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert (folder / "requirements.txt").exists()


@pytest.mark.parametrize("name", QUEUES)
def test_every_queue_is_encrypted(name: str) -> None:
    assert QUEUES[name]["SqsManagedSseEnabled"] is True


@pytest.mark.parametrize("name", WORK_QUEUES)
def test_every_queue_gives_up_into_its_own_dead_letters_and_an_alarm_tells(name: str) -> None:
    grave = name.replace("Queue", "DeadLetters")
    redrive = WORK_QUEUES[name]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == arn(grave)
    assert 1 < redrive["maxReceiveCount"] <= 10
    assert DEAD_LETTERS[grave]["MessageRetentionPeriod"] >= WORK_QUEUES[name]["MessageRetentionPeriod"]
    (dimension,) = of_type("AWS::CloudWatch::Alarm")[f"{grave}Alarm"]["Dimensions"]
    assert dimension["Value"] == {"Fn::GetAtt": [grave, "QueueName"]}


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_run() -> None:
    fed = dict(sources("SQS"))
    assert set(fed) == {
        *("StoreFunction", "AnnounceFunction", "FollowupFunction", "GreatshotFunction", "WatchFunction"),
        "BringFunction",
    }
    for function, properties in fed.items():
        (queue, _) = properties["Queue"]["Fn::GetAtt"]
        assert QUEUES[queue]["VisibilityTimeout"] >= 6 * FUNCTIONS[function]["Timeout"]


def test_a_slow_answer_is_tried_again_only_while_discord_takes_it() -> None:
    queue = QUEUES["FollowupQueue"]
    assert queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"] < 15 * 60


def test_who_brings_a_package_knows_his_last_try() -> None:
    assert QUEUES["BringQueue"]["RedrivePolicy"]["maxReceiveCount"] == TRIES
    assert FUNCTIONS["BringFunction"]["Timeout"] - 30 > bring_package._DEADLINE_S
    tries = timedelta(seconds=QUEUES["BringQueue"]["VisibilityTimeout"]) * TRIES
    assert tries < bring_package.DONE_WITHIN


def test_one_bad_message_does_not_fail_its_batch() -> None:
    for function in ("StoreFunction", "FollowupFunction"):
        (properties,) = (one for name, one in sources("SQS") if name == function)
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_fetch_never_runs_twice_at_once_nor_into_its_next_tick() -> None:
    fetch = FUNCTIONS["FetchFunction"]
    assert fetch["ReservedConcurrentExecutions"] == 1
    assert WRITTEN["Parameters"]["FetchSchedule"]["Default"] == "rate(1 minute)"
    assert fetch["Timeout"] < 60


def test_fetching_demos_ends_before_its_next_tick() -> None:
    fetch = FUNCTIONS["FetchDemosFunction"]
    assert fetch["Events"]["Tick"]["Properties"]["Schedule"] == "rate(3 minutes)"
    assert fetch["Timeout"] < 180


def test_the_bucket_keeps_every_version_private_encrypted_and_when_the_stack_goes() -> None:
    bucket = RESOURCES["Bucket"]
    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"
    said = bucket["Properties"]
    assert said["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(said["PublicAccessBlockConfiguration"].values()) == {True}
    (encryption,) = said["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in ("AES256", "aws:kms")
    # the newest bytes of a file are never removed by rule: an upload is no file of ours before it is taken in, and of
    # backups there is a newer one
    expiring = [rule for rule in said["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in rule]
    assert [rule["Prefix"] for rule in expiring] == ["uploads/", "backups/"]


@pytest.mark.parametrize("policy", ["StoreQueuePolicy", "DemoQueuePolicy", "BringQueuePolicy"])
def test_only_our_bucket_may_tell_the_queue_and_it_is_told_so_before_the_bucket_asks(policy: str) -> None:
    bucket = RESOURCES["Bucket"]
    allow, _ = RESOURCES[policy]["Properties"]["PolicyDocument"]["Statement"]
    name = bucket["Properties"]["BucketName"]["Fn::Sub"]
    assert allow["Condition"] == {
        "ArnEquals": {"aws:SourceArn": {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{name}"}},
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    }
    assert policy in bucket["DependsOn"]


@pytest.mark.parametrize("policy", ["BucketPolicy", "StoreQueuePolicy", "DemoQueuePolicy", "BringQueuePolicy"])
def test_nobody_gets_in_without_tls(policy: str) -> None:
    said = RESOURCES[policy]["Properties"]["PolicyDocument"]["Statement"]
    (deny,) = (one for one in said if one["Effect"] == "Deny")
    assert deny["Principal"] == "*"
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_every_queue_is_counted_for_health_and_shown_on_the_dashboard() -> None:
    told = json.loads(variables("HealthFunction")["QUEUE_URLS"]["Fn::Sub"])
    parts = {
        f"{'dead_letters' if name in DEAD_LETTERS else 'queue'}/{re.sub('Queue|DeadLetters', '', name).lower()}": name
        for name in QUEUES
    }
    assert told == {part: f"${{{name}}}" for part, name in parts.items()}
    (may,) = (one for one in statements("HealthRole") if one["Action"] == "sqs:GetQueueAttributes")
    assert sorted(one["Fn::GetAtt"][0] for one in may["Resource"]) == sorted(QUEUES)
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    body = dashboard["DashboardBody"]["Fn::Sub"]
    assert {name for name in QUEUES if f"${{{name}.QueueName}}" in body} == set(QUEUES)
    assert {name for name in FUNCTIONS if f"${{{name}}}" in body} == set(FUNCTIONS) - {"MigrateFunction"}
    widgets = json.loads(re.sub(r"\$\{[A-Za-z:.]+\}", "x", body))["widgets"]
    taken = [(one["x"], one["y"]) for one in widgets]
    assert len(set(taken)) == len(taken) > 5


def test_who_calls_is_noted_and_slowed_down() -> None:
    (api,) = of_type("AWS::Serverless::HttpApi").values()
    assert 0 < api["DefaultRouteSettings"]["ThrottlingRateLimit"] <= api["DefaultRouteSettings"]["ThrottlingBurstLimit"]
    assert json.loads(api["AccessLogSettings"]["Format"])["status"] == "$context.status"
    routes = {(name, route["Method"], route["Path"]) for name, route in sources("HttpApi")}
    assert routes == {
        ("InteractionsFunction", "POST", "/interactions"), ("UploadFunction", "GET", "/upload"),
        ("UploadFunction", "POST", "/upload"), ("RenderFunction", "POST", "/render"),
        ("InteractionsFunction", "GET", "/health"),
    }  # fmt: skip
    assert {route["PayloadFormatVersion"] for _, route in sources("HttpApi")} == {"2.0"}


def test_a_part_that_nobody_finishes_is_gone_soon_after_its_ticket() -> None:
    rules = RESOURCES["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (days,) = [rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] for rule in rules if "Abort" in str(rule)]
    assert timedelta(days=days) >= TICKET_LIVES


def test_who_signs_upload_links_reaches_uploads_and_nothing_else_in_the_bucket() -> None:
    reached = {str(one["Resource"]) for one in statements("UploadRole") if str(one["Action"]).find("s3:") >= 0}
    assert reached == {str({"Fn::Sub": "${Bucket.Arn}/uploads/*"})}


@pytest.mark.parametrize("name", of_type("AWS::Logs::LogGroup"))
def test_logs_do_not_stay_for_ever(name: str) -> None:
    assert of_type("AWS::Logs::LogGroup")[name]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_what_has_no_safe_value_has_no_default() -> None:
    required = {name for name, one in WRITTEN["Parameters"].items() if "Default" not in one}
    assert required == {
        "DatabaseSecretArn",
        "GameServers",
        "SshKeySecretArn",
        "DiscordPublicKey",
        "DiscordApplicationId",
        "DiscordSecretArn",
        "SecretsExtensionLayerArn",
    }


def test_only_functions_that_draw_carry_what_draws() -> None:
    carry = {name for name, one in FUNCTIONS.items() if {"Ref": "PicturesLayer"} in one["Layers"]}
    assert carry == {"AnnounceFunction", "FollowupFunction", "WatchFunction"}
    assert {name for name, one in FUNCTIONS.items() if {"Ref": "VideoLayer"} in one["Layers"]} == {"WatchFunction"}


def test_who_makes_a_film_is_given_up_only_after_its_function_has_ended() -> None:
    assert CLAIM_LIVES.total_seconds() > FUNCTIONS["WatchFunction"]["Timeout"]


def test_the_pictures_layer_keeps_the_fonts_we_load_and_no_others() -> None:
    makefile = (ROOT / "layers" / "pictures" / "Makefile").read_text(encoding="utf-8")
    (scripts,) = re.findall(r"^SCRIPTS = (.+)$", makefile, re.MULTILINE)
    carried = font_file("Noto Sans").parent.glob("*.ttf")
    kept = {path.name for path in carried if not any(script in path.name for script in scripts.split())}
    assert kept == {name for package, name in FAMILIES.values() if package == "manimgx_fonts"}


@pytest.mark.parametrize("layer", ["etstats", "pictures", "ssh", "video"])
def test_a_layer_carries_the_versions_the_tests_run_with(layer: str) -> None:
    carried = _pins(ROOT / "layers" / layer / "requirements.txt")
    tested = _pins(ROOT / "requirements" / "dev.txt")
    assert carried
    assert carried <= tested


def _pins(path: Path) -> set[str]:
    return set(re.findall(r"^[a-z0-9_.-]+==[^ ;\\]+", path.read_text(encoding="utf-8"), re.MULTILINE))
