"""Page one: the answer, the numbers behind it, how sure it is, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.compose.choosing import usable_of
from reportgen.compose.recipes.changes import changes_in_short
from reportgen.compose.recipes.dots import dot_chart
from reportgen.compose.recipes.figures import further_metrics, key_figures
from reportgen.compose.recipes.headline import headline
from reportgen.compose.recipes.how_sure import how_sure
from reportgen.compose.recipes.lead import lead
from reportgen.compose.recipes.next_step import decision, next_step
from reportgen.compose.recipes.setup_table import (
    metric_columns,
    repeats_column,
    result_columns,
    rows_of,
    run_columns,
    setup_column,
    verdict_column,
)
from reportgen.compose.recipes.trade_off import trade_off_chart
from reportgen.compose.selection import charted, short_list
from reportgen.compose.sentences import (
    data_version,
    effort,
    left_out,
    limit_sentence,
    progress,
    run_counts,
    which_number,
)
from reportgen.compose.story import Claim, Part, Story
from reportgen.document import (
    Block,
    Chart,
    Paragraph,
    Section,
    Sentence,
    Table,
    join_sentences,
    phrase,
    phrases,
    say,
)
from reportgen.language import mark, tr


def answer(story: Story) -> Part:
    """Compose page one."""
    first = headline(story)
    explained = lead(story)
    blocks: list[Block] = []
    if explained.spans:
        blocks.append(Paragraph(explained, "lead"))
    counted = counts(story)
    asked, changed, suggested = decision(story), changes_in_short(story), next_step(story)
    # what is asked and what is suggested are read together; else, in an issue, what is new and what to do
    boxes = (changed, suggested) if asked is None else (asked, suggested, changed)
    blocks += [box for box in boxes if box is not None]
    figures = key_figures(story)
    blocks += [figures] if figures is not None else []
    if story.state == "no_result" and story.findings.configurations:
        blocks.append(_outcomes(story))
    elif story.state not in ("no_metric", "no_result", "one_run"):
        blocks += _shown(story)
    sure = how_sure(story)
    blocks += [sure] if sure is not None else []
    # a limit that is kept stands among the questions above; one that is not is said once more
    limits = [claim for claim in _limit_claims(story) if claim.level != "good"]
    said = join_sentences([*(claim.sentence for claim in limits), counted])
    blocks += [Paragraph(said)] if said.spans else []
    seen = _lead_seen(story) if any(isinstance(block, Chart) for block in blocks) else None
    lead_seen = [] if seen is None else [Claim("lead", "info", seen)]
    claims = [first, Claim("explanation", "info", explained), *lead_seen, *limits]
    claims.append(Claim("run-counts", "info", counted))
    section = Section("answer", first.sentence, tr("Summary"), tuple(blocks))
    return Part(section, tuple(claim for claim in claims if claim.sentence.spans))


def counts(story: Story) -> Sentence:
    """Say where every run went, how far the search is, and what it took."""
    counted = say() if story.state == "no_result" else run_counts(story)  # there it is the lead
    return join_sentences([counted, progress(story), left_out(story), effort(story), data_version(story)])


def _shown(story: Story) -> list[Block]:
    """The short table and the chart."""
    blocks: list[Block] = [_table(story)]
    dots = dot_chart(story, "page_one", chart_title(story))
    traded = trade_off_chart(story, "page_one_trade_off")
    if dots is None or len(dots.series[0].points) < 2:
        return blocks
    if traded is None:
        return [*blocks, dots]
    return [*blocks, replace(dots, width="half"), replace(traded, width="half")]


def chart_title(story: Story) -> Sentence:
    """Title the chart by what can be seen in it."""
    if story.state == "no_direction":
        return phrase("{metric} of each set-up, in no order", metric=story.metric_name)
    if (
        story.state == "no_baseline"
        and not story.luck_unknown
        and story.frozen.number("/counts/leading").value > 1
    ):
        leading = story.frozen.number("/counts/leading")
        return phrase("The first {n} set-ups cannot be told apart", n=leading)
    if story.findings.baseline is None:
        return phrase("{metric} of each set-up, best first", metric=story.metric_name)
    # the line in the chart names the other
    return _lead_seen(story) or phrase("{metric} of the leading set-ups", metric=story.metric_name)


_LEADS: Mapping[str, str] = {
    "noise": mark("The lead may be chance"),
    "too_few_runs": mark("The lead may be chance"),
    "size_unclear": mark("The lead may be too small to matter"),
    "about_the_same": mark("The lead is too small to matter"),
    "too_small": mark("The lead is too small to matter"),
}
"""By reason or verdict. Where runs failed or repeats give the same number, chance is not what is open."""


def _lead_seen(story: Story) -> Sentence | None:
    """Say what the lead over the set-up in use is worth; None where that is no one thing."""
    first = next(iter(usable_of(story.findings)), None)
    if first is None or story.state not in ("better", "nothing_better", "not_settled"):
        return None
    if story.state == "better":
        return _ahead(story)
    if first.baseline:
        return phrase("No other set-up is ahead")
    comparison = story.compared.get(first.key)
    if comparison is None or not (comparison.difference or 0.0) > 0:  # within pairs it may be behind
        return None
    said = _LEADS.get(comparison.reason or comparison.verdict)
    return None if said is None else phrase(said)


def _ahead(story: Story) -> Sentence | None:
    """Say which are ahead, by what can be counted in the chart."""
    rivals = [configuration for configuration in charted(story.findings) if not configuration.baseline]
    verdicts = [story.compared[one.key].verdict for one in rivals if one.key in story.compared]
    ahead = verdicts.count("better")
    if 1 < ahead == len(rivals):
        return phrase("The leaders are ahead by more than chance")
    better = story.frozen.number("/counts/better")
    if ahead != better.value:
        return None
    return phrases(
        "{n} set-up is ahead by more than chance", "{n} set-ups are ahead by more than chance", n=better
    )


def _table(story: Story) -> Table:
    fields = [
        setup_column(story),
        *result_columns(story),
        *metric_columns(story, further_metrics(story)),
        repeats_column(story),
        *verdict_column(story),
    ]
    columns = tuple(field.column for field in fields)
    rows = rows_of(story, short_list(story.findings), fields)
    return Table("page_one_setups", _table_title(story), columns, rows, _table_note(story))


def _outcomes(story: Story) -> Table:
    """Where no run gave a result, list what became of the runs of each set-up."""
    shown = short_list(story.findings)
    fields = [
        setup_column(story),
        *(
            replace(field, column=replace(field.column, detail=False))
            for field in run_columns(story)
            if any(field.read(configuration) for configuration in shown)
        ),
    ]
    columns = tuple(field.column for field in fields)
    rows = rows_of(story, shown, fields)
    more = _more(story)
    return Table(
        "page_one_setups", _table_title(story), columns, rows, join_sentences(more) if more else None
    )


def _table_title(story: Story) -> Sentence:
    if story.frozen.number("/counts/configurations").value == 1:
        return phrase("The one set-up")
    if not story.frozen.number("/counts/not_on_page_one").value:
        return phrase("The set-ups side by side")
    if story.state in ("no_direction", "no_result"):
        return phrase("Some of the set-ups")
    tried = story.frozen.number("/counts/configurations")
    return phrase("The leading set-ups of {n} tried", n=tried)


def _table_note(story: Story) -> Sentence:
    notes = [which_number(story)]
    if story.comparisons:
        notes.append(phrase("Difference: positive is better."))
    return join_sentences([*notes, *_more(story)])


def _more(story: Story) -> list[Sentence]:
    more = story.frozen.number("/counts/not_on_page_one")
    if not more.value:
        return []
    return [phrases("{n} more stands in the comparison.", "{n} more stand in the comparison.", n=more)]


def _limit_claims(story: Story) -> list[Claim]:
    chosen = story.chosen
    if chosen is None or story.state in ("no_metric", "no_result"):
        return []
    levels = {"kept": "good", "broken": "bad", "not_shown": "caution"}
    return [
        Claim(f"limit-{rail.state.replace('_', '-')}", levels[rail.state], limit_sentence(story, rail))  # type: ignore[arg-type]
        for rail in story.rails(chosen.key)
    ]
