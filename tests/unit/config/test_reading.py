from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reportgen.config import Config, find_config, read_config
from reportgen.config.metrics import SUMMARY_FORMS
from reportgen.config.settings import (
    CompareConfig,
    CostConfig,
    MetricConfig,
    OutputConfig,
    ScheduleConfig,
    SelectConfig,
)
from reportgen.errors import ConfigError

WHERE_SECRETS_BELONG = "A password belongs in the environment or in the keyring of the system."
FULL = """\
title = "Digit recognition: which model should we ship?"
runs = ["runs/digits", "s3://bucket/runs", "/srv/runs"]
audience = "executive"
owner = "Model team"
contact = "models@example.com"
decision = "Ship or wait, by Friday"
language = "en"
stale_after = 600

[metrics.val_accuracy]
label = "Accuracy"
unit = "%"
goal = "maximize"
summary = "best"
definition = "Share of images recognised correctly."
target = 0.97
smallest_difference = 0.005
primary = true

[metrics."latency ms"]
goal = "minimize"
summary = "at best val_accuracy"
limit = 20

[compare]
by = ["model", "hidden"]
seed = "seed"
baseline = { model = "logreg", hidden = 64, lr = 0.1, wide = true }
same = ["data.train", "tag.split"]

[select]
experiments = ["digits"]
where = ["lr<0.1"]
since = 2026-11-01
until = 2026-11-08
exclude = { 20261122T201530Z-7f3a9c2e = "wrong data" }

[outputs]
directory = "out"
formats = ["pdf", "xlsx"]
paper = "Letter"

[cost]
currency = "EUR"
prices = { gpu = 2.5, default = 1 }
as_of = 2026-11-01

[theme]
logo = "logo.png"
colors = { focus = "#0f4c81" }
fonts = { body = "Inter" }
templates = "own"

[email]
to = ["a@example.com", "b@example.com"]
from = "reports@example.com"
failures_to = "ops@example.com"
host = "mail.example.com"
port = 587
security = "starttls"
user = "reports"

[sheet]
id = "abc"
share = ["c@example.com", "D@example.com:writer"]
notify = true

[schedule]
every = "monday 08:00"
timezone = "Europe/Berlin"
"""


def write(folder: Path, text: str, name: str = "reportgen.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def mistakes(folder: Path, text: str, name: str = "reportgen.toml") -> list[str]:
    """The lines of the error, without the folder and the heading."""
    with pytest.raises(ConfigError) as caught:
        read_config(write(folder, text, name))
    return [
        line.removeprefix(f"{folder}/")
        for line in caught.value.message.splitlines()
        if " mistakes in " not in line
    ]


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "logo.png").touch()
    (tmp_path / "own").mkdir()
    config = read_config(write(tmp_path, FULL))
    assert config.title == "Digit recognition: which model should we ship?"
    assert config.runs == (str(tmp_path / "runs/digits"), "s3://bucket/runs", "/srv/runs")
    assert (config.audience, config.owner, config.contact) == (
        "executive",
        "Model team",
        "models@example.com",
    )
    assert (config.decision, config.language, config.stale_after_s) == (
        "Ship or wait, by Friday",
        "en",
        600.0,
    )
    assert config.primary == MetricConfig(
        name="val_accuracy",
        label="Accuracy",
        unit="%",
        goal="maximize",
        summary="best",
        definition="Share of images recognised correctly.",
        target=0.97,
        smallest_difference=0.005,
        primary=True,
    )
    assert config.metrics["latency ms"].limit == 20.0
    assert config.metrics["latency ms"].summary == "at best val_accuracy"
    assert config.compare == CompareConfig(
        by=("model", "hidden"),
        seed="seed",
        baseline={"model": "logreg", "hidden": 64, "lr": 0.1, "wide": True},
        same=("data.train", "tag.split"),
    )
    assert config.select == SelectConfig(
        experiments=("digits",),
        where=("lr<0.1",),
        since=datetime(2026, 11, 1, tzinfo=UTC),
        exclude={"20261122T201530Z-7f3a9c2e": "wrong data"},
        until=datetime(2026, 11, 8, tzinfo=UTC),
    )
    assert config.outputs == OutputConfig(directory=tmp_path / "out", formats=("pdf", "xlsx"), paper="Letter")
    assert config.cost == CostConfig(currency="EUR", prices={"gpu": 2.5, "default": 1.0}, as_of="2026-11-01")
    assert config.theme.logo == tmp_path / "logo.png"
    assert config.theme.templates == tmp_path / "own"
    assert config.theme.colors == {"focus": "#0f4c81"}
    assert config.email.to == ("a@example.com", "b@example.com")
    assert config.email.failures_to == ("ops@example.com",)
    assert config.email.port == 587
    shares = (("c@example.com", "reader"), ("D@example.com", "writer"))
    assert config.sheet == {"id": "abc", "share": shares, "notify": True}
    assert config.schedule == ScheduleConfig(every="monday 08:00", timezone="Europe/Berlin")
    assert config.schedule.expression == "0 8 * * 1"


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    assert read_config(path) == Config(path=path, outputs=OutputConfig(directory=tmp_path / "reports"))


def test_addresses_stay_relative_where_the_file_is_named_relatively(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 'runs = ["runs"]')
    monkeypatch.chdir(tmp_path)
    assert read_config(Path("reportgen.toml")).runs == ("runs",)


def test_pyproject_is_read_the_same_way_with_its_own_lines(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.reportgen]\ntitle = "T"\n[tool.reportgen.metrics.loss]\ngoal = "minimize"\n'
    config = read_config(write(tmp_path, text, "pyproject.toml"))
    assert config.title == "T"
    assert config.metrics["loss"].goal == "minimize"
    told = mistakes(tmp_path, text.replace("minimize", "down"), "pyproject.toml")
    assert told == ["pyproject.toml:7: metrics.loss.goal is 'down'; known are 'maximize', 'minimize'"]


def test_pyproject_without_the_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no table \[tool\.reportgen\]"):
        read_config(write(tmp_path, "[project]\n", "pyproject.toml"))


def test_all_mistakes_are_told_at_once_in_order_of_lines(tmp_path: Path) -> None:
    text = """\
titel = "x"
audience = "boss"
runs = "runs"

[metrics.a]
primary = true
summary = "mean of last"
smallest_difference = 0

[metrics.b]
primary = true
target = "high"

[outputs]
formats = [
  "pdf",
  "docx",
]

[email]
password = "hunter2"
"""
    assert mistakes(tmp_path, text) == [
        "reportgen.toml:1: unknown key 'titel'; nearest is 'title'",
        "reportgen.toml:2: audience is 'boss'; known are 'executive', 'team', 'public'",
        'reportgen.toml:3: runs must be a list; write ["runs"]',
        f"reportgen.toml:7: metrics.a.summary is 'mean of last'; known are {SUMMARY_FORMS}",
        "reportgen.toml:8: metrics.a.smallest_difference must be above 0, not 0",
        "reportgen.toml:11: metrics.b.primary is true, but 'a' is primary already; only one metric decides",
        "reportgen.toml:12: metrics.b.target must be a number, not the text 'high'",
        "reportgen.toml:17: outputs.formats holds 'docx'; known are 'xlsx', 'pdf', 'html', 'json'",
        f"reportgen.toml:21: email.password is a secret and must not stand in this file. {WHERE_SECRETS_BELONG}",
    ]


@pytest.mark.parametrize("key", ["password", "smtp-password", "api_key", "token"])
def test_secrets_are_refused_without_being_shown(tmp_path: Path, key: str) -> None:
    (told,) = mistakes(tmp_path, f'[email]\n{key} = "hunter2"\n')
    assert "secret" in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = 3", "1: title must be text in quotes, not the number 3"),
        ('language = "xx"', "1: language is 'xx'; known are 'en', 'de'"),
        ("runs = [1]", "1: runs must hold texts in quotes only, not the number 1"),
        ("metrics = 1", "1: metrics must be a table, not the number 1"),
        ("[metrics]\nloss = 1", "2: metrics.loss must be a table, not the number 1"),
        ("[metrics.loss]\ntarget = nan", "2: metrics.loss.target must be a number, not the number nan"),
        ("[metrics.loss]\ntarget = true", "2: metrics.loss.target must be a number, not true"),
        (
            '[metrics.loss]\nprimary = "yes"',
            "2: metrics.loss.primary must be true or false, not the text 'yes'",
        ),
        (
            "[compare]\nby = []",
            "2: compare.by is empty; leave it out to compare by every parameter that varies",
        ),
        (
            '[compare]\nbaseline = "model=logreg"',
            '2: compare.baseline must name parameters and values, such as { model = "logreg" }',
        ),
        (
            '[compare]\nsame = ["train"]',
            "2: compare.same holds 'train'; write 'data.NAME', 'split.NAME', 'tag.NAME' or 'code'",
        ),
        (
            '[select]\nsince = "last week"',
            "2: select.since must be a date such as 2026-11-01, not the text 'last week'",
        ),
        (
            '[select.exclude]\nr1 = ""',
            "2: select.exclude.r1 must be a reason, printed in the report, not the text ''",
        ),
        ('[outputs]\nformats = ["pdf", "pdf"]', "2: outputs.formats holds 'pdf' twice"),
        ("[outputs]\nformats = []", "2: outputs.formats is empty; known are 'xlsx', 'pdf', 'html', 'json'"),
        ('[outputs]\npaper = "A5"', "2: outputs.paper is 'A5'; known are 'A4', 'Letter'"),
        (
            '[cost]\ncurrency = "EUR"\nprices = { gpu = -1 }',
            "3: cost.prices.gpu must not be negative, but is -1",
        ),
        ("[cost.prices]\ngpu = 1", '1: cost.prices have no currency; add currency = "EUR"'),
        ('[theme]\nlogo = "no.png"', "there is no such file"),
        ('[theme]\ntemplates = "no"', "there is no such folder"),
        ('[theme.colors]\nfocus = "blue"', "2: theme.colors focus is 'blue'; write it as '#rrggbb'"),
        (
            "[email]\nport = 70000",
            "2: email.port must be a whole number from 1 to 65535, not the number 70000",
        ),
        ('[email]\nto = "nobody"', "2: email.to must be a mail address, not the text 'nobody'"),
        ('[email]\nfrom = ["a@example.com"]', "2: email.from must be one mail address, not a list"),
        ('[email]\nsecurity = "ssl"', "2: email.security is 'ssl'; known are 'starttls', 'tls', 'none'"),
        (
            '[schedule]\nevery = "often"',
            "2: schedule.every is 'often'; write a day and a time such as 'monday 08:00'",
        ),
        ('[schedule]\nevery = "monday 25:00"', "2: schedule.every is 'monday 25:00'"),
        ('[schedule]\ntimezone = "Berlin"', "2: schedule.timezone is 'Berlin'"),
        ('[schedule]\nperiod = "yearly"', "2: schedule.period is 'yearly'; known are 'weekly', 'daily'"),
        ('[schedule]\nmax_late = "soon"', "2: schedule.max_late is 'soon'; write a length of time"),
        ('[schedule]\nmax_late = "0 days"', "2: schedule.max_late is '0 days'"),
        ('[schedule]\nhealth = "file:///etc/passwd"', "2: schedule.health must be an address that begins"),
        ('[schedule]\ncron = "0 8 * * 1"', "2: schedule.cron needs schedule.period too"),
        (
            '[schedule]\nevery = "day 08:00"\ncron = "0 8 * * 1"\nperiod = "daily"',
            "3: schedule.cron and schedule.every are both given",
        ),
        ('[schedule]\nperiod = "daily"\ncron = "0 8 * *"', "3: schedule.cron is '0 8 * *'; it has 4 fields"),
        (
            '[schedule]\nperiod = "daily"\ncron = "0 25 * * 1"',
            "3: schedule.cron is '0 25 * * 1'; '25' is no hour (0 to 23)",
        ),
        ('[schedule]\nperiod = "monthly"\ncron = "0 8 30 2 *"', "no month has such a day"),
        ("stale_after = 0", "1: stale_after must be above 0, not 0"),
        (
            "[outputs]\nzzz = 1",
            "2: unknown key 'zzz' in [outputs]; known are 'paper', 'directory', 'formats'",
        ),
    ],
)
def test_each_mistake_names_line_value_and_what_is_expected(tmp_path: Path, text: str, told: str) -> None:
    (line,) = mistakes(tmp_path, text)
    assert told in line


@pytest.mark.parametrize(
    "expression",
    [
        "@daily",
        "* * * * * *",
        "0 8 L * *",
        "0 8 * * 1#2",
        "*/0 * * * *",
        "5-1 * * * *",
        "- * * * *",
        "0 8 * JA *",
    ],
)
def test_what_only_some_programs_understand_is_no_cron_expression(tmp_path: Path, expression: str) -> None:
    (line,) = mistakes(tmp_path, f'[schedule]\nperiod = "daily"\ncron = "{expression}"')
    assert f"schedule.cron is {expression!r}" in line


@pytest.mark.parametrize(
    "expression", ["0 8 * * 1", "*/15 6-18/2 1,15 JAN-mar 0", "5 4 * * sun", "0 0 29 2 *", "0 9 31 4 1"]
)
def test_a_cron_expression_is_taken_as_it_is(tmp_path: Path, expression: str) -> None:
    config = read_config(write(tmp_path, f'[schedule]\nperiod = "daily"\ncron = "{expression}"'))
    assert config.schedule.expression == expression


@pytest.mark.parametrize(
    ("every", "expression", "period"),
    [
        ("day 18:05", "5 18 * * *", "daily"),
        ("weekday 07:30", "30 7 * * 1-5", "daily"),
        ("sunday 00:00", "0 0 * * 0", "weekly"),
        ("saturday 23:59", "59 23 * * 6", "weekly"),
    ],
)
def test_a_day_word_says_when_and_how_often(tmp_path: Path, every: str, expression: str, period: str) -> None:
    config = read_config(write(tmp_path, f'[schedule]\nevery = "{every}"\nmax_late = "12 hours"'))
    assert (config.schedule.expression, config.schedule.period) == (expression, period)
    assert config.schedule.max_late_s == 12 * 3600


@pytest.mark.parametrize(
    "summary", ["last", "best", "min", "max", "mean of last 1", "mean of last 20", "at best F1 x"]
)
def test_every_form_of_a_summary_is_accepted(tmp_path: Path, summary: str) -> None:
    config = read_config(write(tmp_path, f'[metrics.loss]\nsummary = "{summary}"'))
    assert config.metrics["loss"].summary == summary


@pytest.mark.parametrize(
    "summary", ["first", "mean of last 0", "mean of last -1", "at best ", "BEST", "mean"]
)
def test_other_summaries_are_refused(tmp_path: Path, summary: str) -> None:
    (line,) = mistakes(tmp_path, f'[metrics.loss]\nsummary = "{summary}"')
    assert "metrics.loss.summary" in line


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ('"2026-11-01"', datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T08:30:00", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("2026-11-01T08:30:00+02:00", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
    ],
)
def test_since_is_an_aware_time_in_utc(tmp_path: Path, written: str, meant: datetime) -> None:
    assert read_config(write(tmp_path, f"[select]\nsince = {written}")).select.since == meant


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = 1\nb =\n", ":2: not valid TOML"),
        ("a = 1\nb = [1,\n\n", ":2: not valid TOML"),
        ("a = 1\na = 2", ":2: "),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path, text: str, place: str) -> None:
    (line,) = mistakes(tmp_path, text)
    assert line.startswith(f"reportgen.toml{place}")


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_config(tmp_path / "no.toml")
    with pytest.raises(ConfigError, match="a folder"):
        read_config(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(ConfigError, match="byte 9 is not UTF-8"):
        read_config(tmp_path / "latin.toml")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "reportgen.toml").write_bytes(b'\xef\xbb\xbftitle = "T"')
    assert read_config(tmp_path / "reportgen.toml").title == "T"


def test_find_config_prefers_its_own_file(tmp_path: Path) -> None:
    assert find_config(tmp_path) is None
    write(tmp_path, "not toml [", "pyproject.toml")
    assert find_config(tmp_path) is None
    project = write(tmp_path, "[tool.reportgen]\n", "pyproject.toml")
    assert find_config(tmp_path) == project
    own = write(tmp_path, "")
    assert find_config(tmp_path) == own


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (
            '["team@example.com:editor"]',
            "gives team@example.com the role 'editor'; known are 'reader', 'commenter', 'writer'",
        ),
        ('["team@example.com:Writer"]', "nearest is 'writer'"),
        ('["team"]', "holds 'team'; write a mail address, such as 'team@example.com:reader'"),
        ('["a@b.c", "A@b.c:writer"]', "holds A@b.c twice"),
        ('"a@b.c"', 'must be a list; write ["a@b.c"]'),
    ],
)
def test_a_wrong_share_is_told_with_its_line(tmp_path: Path, share: str, said: str) -> None:
    path = tmp_path / "reportgen.toml"
    path.write_text(f"[sheet]\nshare = {share}\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert said in caught.value.message
    assert f"{path}:2:" in caught.value.message
