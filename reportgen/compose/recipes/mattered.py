"""Which settings mattered, as bars; or, in words, why that cannot be said."""

from __future__ import annotations

from reportgen.compose.numbers import pointer
from reportgen.compose.recipes.dots import shortest
from reportgen.compose.recipes.grid import grid
from reportgen.compose.recipes.setup_table import end_cell
from reportgen.compose.sentences import listed
from reportgen.compose.story import CHART_NAME, Claim, Part, Story
from reportgen.document import (
    INTEGER,
    Axis,
    Block,
    Callout,
    Cell,
    Chart,
    Column,
    Missing,
    NumberFormat,
    Paragraph,
    Point,
    Row,
    Section,
    Sentence,
    Series,
    Table,
    join_sentences,
    phrase,
    phrases,
    say,
    told_apart,
)
from reportgen.findings import Branch, Importance, ParameterShare
from reportgen.language import mark, tr

_SHARE = NumberFormat("percent")
_VALUE = NumberFormat("general")
_ROOT = "/importance"
_NAMED = 3
"""Settings or pairs that a sentence lists."""
CAUTION = mark(
    "This holds over the values tried, and says what went together with the results. "
    "What caused them is another question."
)


def mattered(story: Story) -> Part | None:
    """Show which settings mattered, or say why not; None where there is nothing to weigh."""
    importance = story.findings.importance
    if importance.reason in ("off", "no_metric") or len(story.findings.varied) < 2:
        return None
    blocks: list[Block] = []
    claims: list[Claim] = []
    if importance.stated:
        claims.append(Claim("importance", "info", _said(story, importance, _ROOT)))
        blocks += _stated(story, importance, _ROOT, "importance")
    else:
        said = _refusal(story, importance)
        claims.append(Claim("importance-refused", "info", said))
        blocks.append(Callout(tr("Which settings mattered?"), (said,), "neutral"))
    for place, branch in enumerate(importance.branches):
        if branch.importance.stated:
            blocks += _branch(story, branch, place)
            claims.append(Claim("importance-branch", "info", _said_within(story, branch, place)))
    both = grid(story)
    if both is not None:
        blocks.append(both)
    if len(claims) > 1 or importance.stated:
        blocks.append(Paragraph(phrase(CAUTION), "note"))
    title = phrase("What mattered") if importance.stated else phrase("What mattered cannot be said")
    return Part(Section("mattered", title, tr("What mattered"), tuple(blocks)), tuple(claims))


def _too_few(story: Story) -> Sentence:
    """Say that there are too few, and of how many where not all have results that compare."""
    n, tried = story.frozen.number(_ROOT + "/configurations"), story.frozen.number("/counts/configurations")
    if n.value and n.value < tried.value:
        return phrase(
            "We cannot say which setting mattered: {n} of {tried} set-ups have results to compare, "
            "too few to predict results from settings.",
            n=n,
            tried=tried,
        )
    return phrases(
        "We cannot say which setting mattered: {n} set-up is too few to predict results from settings.",
        "We cannot say which setting mattered: {n} set-ups are too few to predict results from settings.",
        n=n,
    )


def _refusal(story: Story, importance: Importance) -> Sentence:
    match importance.reason:
        case "too_few":
            return _too_few(story)
        case "not_predictable":
            return phrase(
                "We cannot say which setting mattered: the settings do not predict the results well enough."
            )
        case "unstable":
            return phrase(
                "We cannot say which setting mattered: which one comes first depends on a few of the set-ups."
            )
        case "no_variation":
            return phrase("All set-ups reached the same result, so no setting made a difference.")
        case _:
            return phrase("We cannot say which setting mattered: only one setting applies to every set-up.")


def _name(story: Story, root: str, place: int) -> Sentence:
    return say(story.frozen.label(f"{root}/parameters/{place}/name", CHART_NAME))


def _most(story: Story, importance: Importance, root: str) -> Sentence:
    """Say which setting made the most difference, without the full stop."""
    pairs = importance.interactions
    settings = story.frozen.number(root + "/settings")
    if pairs and pairs[0].share > importance.parameters[0].share:
        both = [say(story.frozen.label(f"{root}/interactions/0/names/{i}", CHART_NAME)) for i in (0, 1)]
        return phrase("{names} made the most difference, but only in combination", names=listed(both))
    name = _name(story, root, 0)
    return phrase("{name} made the most difference of the {n} settings varied", name=name, n=settings)


def _said(story: Story, importance: Importance, root: str) -> Sentence:
    return join_sentences([say(_most(story, importance, root), "."), _size(story, root)])


def _size(story: Story, root: str) -> Sentence:
    share = story.frozen.number(root + "/parameters/0/share", _SHARE)
    return phrase(
        "About {share} of the differences went together with {name}.", share=share, name=_name(story, root, 0)
    )


def _stated(story: Story, importance: Importance, root: str, identity: str) -> list[Block]:
    further = _further(story, importance, root)
    return [
        Paragraph(_said(story, importance, root)),
        _chart(story, importance, root, identity),
        *([Paragraph(join_sentences(further))] if further else []),
        _table(importance, root, f"{identity}_shares"),
    ]


def _further(story: Story, importance: Importance, root: str) -> list[Sentence]:
    """Add what limits the statement: values tried, settings that move along, pairs, a sample."""
    frozen, first, said = story.frozen, importance.parameters[0], []
    if first.low is not None and first.high is not None:
        low, high = (frozen.number(f"{root}/parameters/0/{end}", _VALUE) for end in ("low", "high"))
        said.append(
            phrase("{name} was tried from {low} to {high}.", name=_name(story, root, 0), low=low, high=high)
        )
    if first.along:
        along = [
            say(frozen.label(f"{root}/parameters/0/along/{i}", CHART_NAME))
            for i in range(min(len(first.along), _NAMED))
        ]
        said.append(phrase("{names} always changed along with it, so it may be either.", names=listed(along)))
    if importance.method == "random forest":  # no full grid: a search may have followed its results
        said.append(
            phrase("If the next tries were chosen by earlier results, this holds only near what was tried.")
        )
    if importance.first_only:
        said.append(phrase("The results are predicted only in part, so the other settings are not ranked."))
    if importance.interactions:
        pair = [say(frozen.label(f"{root}/interactions/0/names/{i}", CHART_NAME)) for i in (0, 1)]
        share = frozen.number(root + "/interactions/0/share", _SHARE)
        said.append(
            phrase(
                "Another {share} went together only with {pair} in combination.",
                share=share,
                pair=listed(pair),
            )
        )
    if importance.available > importance.configurations:
        sample, everyone = (frozen.number(f"{root}/{end}") for end in ("configurations", "available"))
        said.append(
            phrase(
                "It was judged on a sample of {sample} of the {everyone} set-ups.",
                sample=sample,
                everyone=everyone,
            )
        )
    return said


def _said_within(story: Story, branch: Branch, place: int) -> Sentence:
    root = pointer("importance", "branches", place)
    most = _most(story, branch.importance, root + "/importance")
    return join_sentences([_within(story, branch, root, most), _size(story, root + "/importance")])


def _within(story: Story, branch: Branch, root: str, most: Sentence) -> Sentence:
    """Say it of the set-ups of a branch: "with model mlp", or "to which hidden applies"."""
    frozen = story.frozen
    if branch.where:
        name, value = (frozen.label(f"{root}/where/0/{i}", CHART_NAME) for i in (0, 1))
        return phrase("Among the set-ups with {name} {value}, {most}.", name=name, value=value, most=most)
    name = frozen.label(root + "/applies/0", CHART_NAME)
    return phrase("Among the set-ups to which {name} applies, {most}.", name=name, most=most)


def _branch(story: Story, branch: Branch, place: int) -> list[Block]:
    root = pointer("importance", "branches", place, "importance")
    blocks = _stated(story, branch.importance, root, f"importance_{place + 1}")
    return [Paragraph(_said_within(story, branch, place)), *blocks[1:]]


def _chart(story: Story, importance: Importance, root: str, identity: str) -> Chart:
    names = told_apart([one.name for one in importance.parameters], lambda text: len(text) <= CHART_NAME)
    points = tuple(
        Point(
            parameter.share,
            low=parameter.interval[0] if parameter.interval else None,
            high=parameter.interval[1] if parameter.interval else None,
            label=names[place],
            tone="focus" if place == 0 else "neutral",
        )
        for place, parameter in enumerate(importance.parameters)
    )
    share = story.frozen.number(root + "/parameters/0/share", _SHARE)
    template = mark("Bar chart of the settings' shares. {name} is first with {share}.")
    alt = phrase(template, name=_name(story, root, 0), share=share)
    return Chart(
        identity,
        "bars",
        _most(story, importance, root),
        phrase("Share of the differences between set-ups that went together with each setting."),
        Axis(tr("Share of the differences"), _SHARE),
        Axis("", INTEGER),
        (Series(tr("Share"), points),),
        shortest([alt, phrase("Bar chart of the settings' shares.")]),
    )


def _table(importance: Importance, root: str, identity: str) -> Table:
    columns = (
        Column("setting", tr("Setting")),
        Column("share", tr("Share"), _SHARE, field="/share"),
        Column("low", tr("From"), _SHARE, field="/interval/0"),
        Column("high", tr("To"), _SHARE, field="/interval/1"),
        Column("along", tr("Changes along with it")),
    )
    rows = tuple(
        Row(
            (
                parameter.name,
                parameter.share,
                *(_end(parameter, end, f"{root}/parameters/{place}/interval/{end}") for end in (0, 1)),
                ", ".join(parameter.along) or Missing(tr("none")),
            ),
            ref=f"{root}/parameters/{place}",
        )
        for place, parameter in enumerate(importance.parameters)
    )
    return Table(identity, phrase("Share of the differences by setting"), columns, rows)


def _end(parameter: ParameterShare, end: int, ref: str) -> Cell:
    return end_cell(parameter.interval, end, _SHARE, ref, Missing(tr("not known")))
