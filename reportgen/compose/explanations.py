"""What each kind of finding and caveat means, for ``reportgen explain`` and the guide."""

from __future__ import annotations

from collections.abc import Mapping

EXPLANATIONS: Mapping[str, str] = {
    "better": "At least one set-up is better than the one it is compared with: the gap, corrected for the "
    "number of set-ups tried, would be rare by luck alone.",
    "better-but-limit": "A set-up is better on the deciding metric, but breaks the limit of another metric.",
    "nothing-better": "Every comparison is settled, and no set-up is better by enough to matter.",
    "not-settled": "The runs vary too much, or are too few, to say which is better. "
    "It does not mean that there is no difference.",
    "too-few-runs": "A comparison needs at least three repeats on either side.",
    "not-comparable": "The runs differ in something that had to be equal, such as the version of the data.",
    "leading-group": "Several set-ups are so close that their repeats vary more than the gaps between them.",
    "no-variation": "Every repeat of a set-up gave the same number, so the seed may not be used; "
    "or the gap was the same in every pair of runs. Without variation nobody can tell whether a gap is luck.",
    "one-leader": "One set-up can be told apart from all others. There is no set-up to compare with.",
    "one-set-up": "Only one set-up has results, so there is nothing to compare.",
    "one-run": "Only one run has a result. One run cannot tell how much the result varies.",
    "no-direction": "Nobody said whether high or low values of the metric are good, so nothing is ranked. "
    "Set goal under [metrics.NAME] in reportgen.toml, or use --goal.",
    "no-metric": "The runs logged no metric that could decide, or none was named. Use --metric.",
    "no-result": "No run gave a usable number.",
    "explanation": "The numbers behind the answer, with their range.",
    "limit-kept": "The whole range of the metric lies inside its limit.",
    "limit-broken": "The whole range of the metric lies outside its limit.",
    "limit-not-shown": "The range of the metric reaches across its limit, or there are too few repeats.",
    "run-counts": "Where every run went. All runs are counted, failed ones too.",
    "verdict-counts": "How many set-ups got which verdict.",
    "tried": "How many set-ups and settings were tried.",
    "importance": "Which setting went together with the largest differences between results.",
    "importance-branch": "The same among the set-ups that share a setting, for settings that apply to them only.",
    "importance-refused": "Which setting mattered cannot be said from these runs, and why.",
    "lead": "What the lead over the set-up in use is worth, by the verdict on it. It titles the chart of the answer.",
    "front": "Whether one set-up has the best averages of both measures that are weighed. It titles their chart.",
    "every-metric": "On how many of the metrics drawn the set-up in focus is better, and worse, than the one in use (or "
    "than the best of the others), by the verdicts. It titles the panels of every metric.",
    "course": "What the learning curves show of the averages drawn: all still improving, one sooner where another "
    "ends, or all ending closer than the smallest difference that matters. It titles their chart.",
    "trade-off": "What more quality costs among the set-ups that none beats in both.",
    "changes": "What differs from the issue before.",
    "unfinished": "The search was planned larger than what has run so far.",
    "mixed-data": "Runs used different versions of a data set, so part of any gap may come from the data.",
    "trend": "Whether a series of weeks left its usual range, and whether it rises or falls by more than luck.",
    "tasks": "How the set-ups rank over several tasks: by Friedman's test from five tasks on, else by counting.",
    "mixed-splits": "Runs split a data set in different ways, so part of any gap may come from that.",
    "mismatch": "Set-ups differ from the one compared with in something that must be equal: data, split, code, "
    "or a tag such as the evaluator. They are not compared, unless on_mismatch under [compare] says warn.",
    "mixed-code": "Runs were made with different code versions, so part of any gap may come from the code.",
    "failures": "Some runs of the set-up in focus gave no result; the rest may look too good.",
    "partly-measured": "Some of the runs that count have no usable number of this metric, so its average and its "
    "limit rest on the others.",
    "few-repeats": "A range from fewer than five repeats is rough.",
    "picked-from-many": "The best of many is partly the luckiest. Fresh runs of it tell how much.",
    "fresh-runs": "Runs with the tag purpose = confirmation decide alone on a set-up that a search picked; the "
    "runs of the search, which picking flatters, are set aside.",
    "far-off": "One repeat lies much farther from the others than repeats usually do. It counts like any other.",
    "second-look": "Gains that are not settled, but stand out when one in twenty of such may be a false alarm "
    "(Benjamini and Hochberg).",
    "flattered": "The best of many values of one run is partly the luckiest; its last value is not.",
    "skipped": "Something that was named could not be read.",
    "faults": "Files had faults, such as a line cut off, that were left out in reading.",
    "data-unknown": "Runs did not log which data they used (Run.log_dataset).",
    "code-unknown": "Runs did not record which code they were made with.",
    "uncommitted-code": "Runs were made with code that is in no commit; the run folder keeps the difference.",
    "withheld": "Something is told in the report for the team only; docs/audiences.md lists what each audience gets.",
    "assumed": "Something was not said and had to be assumed; the report lists what and how to change it.",
}
"""By id, as in ``findings`` and ``caveats`` of the frozen numbers."""
