"""The stage: decide what is said, in which order, in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reportgen.compose.audience import for_audience, held_back, held_back_words
from reportgen.compose.claims import claim_records
from reportgen.compose.freeze import freeze
from reportgen.compose.freeze_inputs import freeze_edition
from reportgen.compose.numbers import Frozen
from reportgen.compose.recipes.answer import answer
from reportgen.compose.recipes.caveats import caveats
from reportgen.compose.recipes.changes import changes
from reportgen.compose.recipes.comparison import comparison
from reportgen.compose.recipes.curves import curves
from reportgen.compose.recipes.glossary import glossary
from reportgen.compose.recipes.history import history
from reportgen.compose.recipes.mattered import mattered
from reportgen.compose.recipes.method import method
from reportgen.compose.recipes.quality import quality
from reportgen.compose.recipes.reproduce import reproduce
from reportgen.compose.recipes.runs import runs
from reportgen.compose.recipes.tasks import tasks
from reportgen.compose.recipes.trade_off import trade_off
from reportgen.compose.recipes.tried import tried
from reportgen.compose.retelling import retell
from reportgen.compose.slug import make_slug
from reportgen.compose.story import Part, Story, tell
from reportgen.config.settings import Config
from reportgen.document import Report, ReportMeta, phrase
from reportgen.findings import Findings
from reportgen.issues import Edition
from reportgen.language import mark, speaking, tr

FINGERPRINT_LENGTH = 8

_RECIPES = (
    ("changes", changes, ""),
    ("comparison", comparison, mark("No comparison: there is no metric to compare by.")),
    ("tasks", tasks, ""),
    ("tried", tried, mark("No list of settings: the runs logged none.")),
    (
        "mattered",
        mattered,
        mark("Not asked which settings mattered: fewer than two were varied, or it is switched off."),
    ),
    (
        "trade_off",
        trade_off,
        mark(
            "No trade-off: nothing is named to weigh the result against, or too few set-ups have both numbers."
        ),
    ),
    ("curves", curves, mark("No learning curves: no metric was logged over several steps.")),
    (
        "history",
        history,
        mark("Nothing over time: the runs cover fewer than three weeks, and there is no earlier issue."),
    ),
    ("runs", runs, mark("No table of runs: there are none.")),
)


@dataclass(frozen=True, slots=True)
class _Imprint:
    """What a report says of its own making."""

    title: str
    built_at: datetime
    version: str
    period: str
    edition: Edition | None


def compose(
    findings: Findings,
    config: Config,
    *,
    built_at: datetime,
    version: str,
    period: str = "",
    edition: Edition | None = None,
) -> Report:
    """Make the report: sections of blocks, and the frozen numbers behind every sentence.

    Args:
        findings: All numbers, from `analyse`.
        config: Title, audience and what else was said about the report.
        built_at: Time of the build (aware).
        version: Of reportgen.
        period: The issue's name, such as ``2026-W46``; empty without one.
        edition: Number and period of an issue; its period counts before *period*.
    """
    with speaking(config.language):
        shown = for_audience(retell(findings), config)
        period = period if edition is None else edition.period.key
        imprint = _Imprint(_title(shown, config), built_at, version, period, edition)
        return _composed(shown, config, imprint)


def _composed(findings: Findings, config: Config, imprint: _Imprint) -> Report:
    tree = freeze(
        findings,
        config,
        title=imprint.title,
        built_at=imprint.built_at,
        version=imprint.version,
        period=imprint.period,
    )
    if imprint.edition is not None:
        tree["issue"] = freeze_edition(imprint.edition, imprint.built_at)
    story = tell(findings, config, Frozen(tree))
    parts = _parts(story)
    claims = [claim for part in parts for claim in part.claims]
    doubts = caveats(story)
    tree["findings"] = claim_records(story, claims, doubts)
    tree["caveats"] = [{"id": claim.id, "text": claim.sentence.text} for claim in doubts]
    sections = tuple(part.section for part in parts)
    return Report(_meta(story, imprint), sections, tree)


def _title(findings: Findings, config: Config) -> str:
    """Take the title as one line; one of blanks alone counts as none."""
    return " ".join((config.title or "").split()) or " ".join(findings.title.split()) or tr("Results")


def _parts(story: Story) -> list[Part]:
    """Compose all sections that this audience gets, in reading order."""
    held = held_back(story.findings, story.config)
    parts, absent = [answer(story)], []
    for name, recipe, reason in _RECIPES:
        if name in held:
            continue
        part = recipe(story)
        if part is not None:
            parts.append(part)
        elif name == "history" and story.findings.changes.since is not None:
            absent.append(phrase("Nothing over time: the runs cover fewer than three weeks."))
        elif reason:  # what nobody declared is not missed
            absent.append(phrase(reason))
    if held:
        absent.append(held_back_words(story.config))
    parts.append(quality(story))
    if "reproduce" not in held:
        parts.append(reproduce(story))
    last = [] if "method" in held else [method(story)]
    told = [part.section for part in (*parts, *last)]
    return [*parts, glossary(story, tuple(absent), told), *last]


def _meta(story: Story, imprint: _Imprint) -> ReportMeta:
    findings, config = story.findings, story.config
    public, edition = story.public, imprint.edition
    return ReportMeta(
        title=imprint.title,
        slug=make_slug(imprint.title),
        built_at=imprint.built_at,
        data_until=findings.newest,
        version=imprint.version,
        fingerprint=findings.digest[:FINGERPRINT_LENGTH],
        runs=findings.runs.total,
        language=config.language,
        audience=config.audience,
        paper=config.outputs.paper,
        owner="" if public else config.owner or "",
        contact="" if public else config.contact or "",
        decision="" if public else config.decision or "",
        period=imprint.period,
        issue=None if edition is None else edition.number,
        corrects=None if edition is None else edition.corrects,
        attach=config.outputs.attach,
        archive=config.outputs.archive,
        accessible=config.outputs.accessible,
    )
