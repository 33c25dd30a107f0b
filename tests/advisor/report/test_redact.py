from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.finding import Finding
from advisor.limits import time_limit
from advisor.model import Value
from advisor.report import Diagnosis, Hypothesis, Refused, Report, RunEntry
from advisor.report.redact import HIDDEN, is_secret, redact, redact_text
from advisor.run import ConfigValue
from advisor.text import message
from tests.sample_findings import say
from tests.sample_report import planned_experiment, sample_report
from tests.support import HANG, make_finding, references_are_whole

SAMPLE = sample_report()
HEX = "0123456789abcdef0123456789abcdef01234567"
SECRETS = (
    "sk-proj-abcdefghij0123456789",
    "sk_live_abcdefghij0123456789",
    "ghp_abcdefghij0123456789",
    "github_pat_abcdefghij0123456789",
    "hf_abcdefghij0123456789",
    "glpat-abcdefghij0123456789",
    "xoxb-1234567890-abcdefghij",
    "AKIAABCDEFGHIJKLMNOP",
    "AIzaabcdefghij0123456789abcdefghij01234",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghij",
    HEX,
    "alice.smith@example.co.uk",
    "/home/alice",
    "/Users/alice",
    r"C:\Users\alice",
    "10.1.2.3",
)
HARMLESS = (
    "train/loss",
    "step 12,400 of 120000",
    "tokenizer",
    "3e-4",
    "0.9999",
    "1.2.3",
    "bert-base-uncased",
    "task-specific",
    "risk-free-rate-of-everything-here",
    "a" * 64,
    "deadbeef",
    "2026-11-20T12:00:00",
    "events.out.tfevents",
    "optimizer.lr=0.1 @ epoch 3",
    "data/home/alice",
    "version_0/metrics.csv",
)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", "see {}/x now", "`{}`", 'key="{}"', "({})", "a: {}, b"])
def test_a_secret_is_taken_out_of_any_text(secret: str, around: str) -> None:
    assert secret not in redact_text(around.format(secret))


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays(text: str) -> None:
    assert redact_text(text) == text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("events.out.tfevents.1795220332.gpu01.10735.7", "1795220332.<host>.10735.7"),
        ("events.out.tfevents.1795220332.gpu01.lab.org.10735.7.v2", "1795220332.<host>.10735.7.v2"),
        ("events.out.tfevents.1795220332.gpu01", "1795220332.<host>"),
        ("a/events.out.tfevents.1795220332.10.0.0.5.99.0: empty", "1795220332.<host>.99.0: empty"),
    ],
)
def test_the_host_in_the_name_of_an_event_file_is_hidden(name: str, shown: str) -> None:
    assert redact_text(name).endswith(shown)


def test_the_user_in_an_address_of_the_web_is_hidden() -> None:
    assert redact_text("https://bob:pw@example.org/x") == "https://example.org/x"


@pytest.mark.parametrize(
    "path",
    [
        "api_key",
        "wandb.api_key",
        "WANDB_API_KEY",
        "apiKey",
        "hf_token",
        "tokenizer.hf_token",
        "tokenizer/auth-token",
        "access_tokens",
        "token",
        "password",
        "db.passwd",
        "client_secret",
        "aws_secret_access_key",
        "privateKey",
        "credentials.user",
        "http.cookie",
        "hostname",
        "user_name",
        "author.email",
    ],
)
def test_the_value_of_a_telling_key_is_secret(path: str) -> None:
    assert is_secret(path, "whatever")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tokenizer", "bpe"),
        ("max_tokens", 512),
        ("max_tokens", "512"),
        ("tokens", 3e9),
        ("num_train_tokens", 1),
        ("pad_token", "<pad>"),
        ("model.eos_token", "</s>"),
        ("token_type_ids", "x"),
        ("use_auth_token", True),
        ("hf_token", None),
        ("author", "alice"),
        ("secretary_problem.n", 5),
        ("optimizer.lr", 0.1),
        ("model.monkey", "capuchin"),
        ("ghost", "x"),
    ],
)
def test_the_value_of_a_harmless_key_is_none(path: str, value: Value) -> None:
    assert not is_secret(path, value)


def _run(name: str, **config: Value) -> RunEntry:
    return SAMPLE.runs[0].model_copy(
        update={
            "name": name,
            "files": (f"{name}/x.csv",),
            "config": {
                path: ConfigValue(value=value, origin=f"{name}/hparams.yaml")
                for path, value in config.items()
            },
            "state": say(f"Stopped in {name}"),
            "notes": (say(f"{name} ends inside a record"),),
            "windows": (),
        }
    )


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_nowhere_in_a_report_that_held_it_everywhere(secret: str) -> None:
    finding = make_finding("some-rule", secret, series=secret)
    report = SAMPLE.model_copy(
        update={
            "title": secret,
            "runs": (_run(secret, note=secret, listed=("a", secret), **{secret: 1}),),
            "findings": (finding,),
            "diagnoses": (),
            "statuses": (),
            "refused": (Refused(path=secret, reason=secret, cure=secret),),
        }
    )
    assert secret in report.to_json() or "\\" in secret
    assert secret not in str(redact(report).model_dump())


def test_the_value_of_a_secret_key_is_hidden_and_the_rest_of_the_config_stays() -> None:
    given: dict[str, Value] = {"db.password": "hunter2", "lr": 0.1, "max_tokens": 512, "seed": None}
    report = SAMPLE.model_copy(update={"runs": (_run("r", **given),)})
    config = redact(report).runs[0].config
    assert {path: entry.value for path, entry in config.items()} == {
        "db.password": HIDDEN,
        "lr": 0.1,
        "max_tokens": 512,
        "seed": None,
    }
    assert config["db.password"].origin == "r/hparams.yaml"


def test_a_report_without_secrets_stays_as_it_is() -> None:
    assert redact(SAMPLE) is SAMPLE


def test_what_holds_no_secret_is_shared_with_the_report_and_not_copied() -> None:
    report = SAMPLE.model_copy(update={"title": "/home/alice"})
    shown = redact(report)
    assert shown.title == "~"
    assert all(one is other for one, other in zip(shown.runs, report.runs, strict=True))


def _diagnosis(finding: Finding) -> Diagnosis:
    hypothesis = Hypothesis(rule=finding.rule, probability=0.5, finding=finding.id)
    update = {"runs": finding.runs, "consequences": (), "hypotheses": (hypothesis,)}
    return SAMPLE.diagnoses[0].model_copy(update=update)


_NAMES = st.lists(
    st.sampled_from((*SECRETS, "<address>", HIDDEN, "~", "~#2", "a", "/home/bob", "b@example.org")),
    unique=True,
    min_size=1,
)


@given(_NAMES)
def test_runs_keep_names_of_their_own_and_everything_still_refers_to_them(
    names: list[str],
) -> None:
    findings = tuple(make_finding("some-rule", name) for name in names)
    report = SAMPLE.model_copy(
        update={
            "runs": tuple(map(_run, names)),
            "findings": findings,
            "diagnoses": tuple(map(_diagnosis, findings)),
            "statuses": (SAMPLE.statuses[0].model_copy(update={"runs": tuple(names)}),),
            "experiment": planned_experiment(names[-1]),
        }
    )
    shown = redact(report)
    assert references_are_whole(shown)
    assert shown.experiment is not None
    assert shown.experiment.run == shown.runs[-1].name
    order = {run.name: index for index, run in enumerate(shown.runs)}
    assert [order[finding.runs[0]] for finding in shown.findings] == list(range(len(names)))


def test_a_sentence_calls_a_run_by_the_name_that_the_report_gives_it() -> None:
    runs = (_run("ann@example.org"), _run("bob@example.org"))
    why = message("why", "Start from {run:name}.", run="bob@example.org")
    experiment = planned_experiment(runs[1].name).model_copy(update={"why": why})
    shown = redact(SAMPLE.model_copy(update={"runs": runs, "experiment": experiment}))
    assert shown.experiment is not None
    assert shown.experiment.why.text == f"Start from `{shown.runs[1].name}`."
    assert shown.runs[0].name != shown.runs[1].name


@given(st.text(max_size=200))
def test_redacting_twice_is_redacting_once(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "a." * 100_000,
        "a@" * 100_000,
        "a@b." * 50_000,
        "-eyJ" * 50_000,
        "eyJaaaaaaaa." * 20_000,
        "sk-" * 70_000,
        "://" * 70_000,
        "events.out.tfevents.1795220332." * 6_000,
        "events.out.tfevents.1795220332." + ".1" * 100_000,
        "1." * 100_000,
        "/home/" * 30_000,
        "C:\\" * 60_000,
        "0" * 200_000,
    ],
    ids=lambda text: text[:24],
)
def test_a_long_text_does_not_hang(text: str) -> None:
    with time_limit(HANG):
        redact_text(text)


def test_a_redacted_report_reads_back() -> None:
    report = redact(SAMPLE)
    assert Report.from_json(report.to_json()) == report
