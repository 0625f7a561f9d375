"""A workflow for GitHub Actions, to be put into the repository by hand."""

from __future__ import annotations

import json
import shlex

_TEXT = """\
# Save as .github/workflows/{name}.yml. Written by reportgen.
#
# Once, before the first run: what was sent is kept on a branch of its own. A run that ends before it is there
# (GitHub takes the machine away, or takes no push for minutes) is forgotten: the next one then sends again.
#   git switch --orphan reportgen-issues
#   git commit --allow-empty --message "Issues of the report"
#   git push --set-upstream origin reportgen-issues
#
# GitHub starts schedules late, or leaves some out; the next run makes up for it. It ends schedules of a
# public repository in which nothing happened for 60 days.
name: {title}
on:
  schedule:
    - cron: "7,22,37,52 * * * *"
  workflow_dispatch:
permissions:
  contents: write
concurrency:
  group: {name}
  cancel-in-progress: false
jobs:
  tick:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/checkout@v4
        with:
          ref: reportgen-issues
          path: {issues}
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: sudo apt-get install --yes libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
      - run: pip install reportgen-ml
      - run: {command}
        env:
          REPORTGEN_SMTP_PASSWORD: ${{{{ secrets.REPORTGEN_SMTP_PASSWORD }}}}
      - if: always()
        working-directory: {issues}
        run: |
          git add --all
          if git diff --cached --quiet; then exit 0; fi
          git -c user.name=reportgen -c user.email=reportgen@localhost commit --message "Issues"
          for wait in 5 15 60 120 0; do git push && exit 0; sleep $wait; done
          exit 1
"""


def github_workflow(title: str, config: str, issues: str) -> str:
    """Write the workflow.

    Args:
        title: Of the report.
        config: Path of its configuration in the repository.
        issues: Path of the folder with the ledger and the issues in the repository.
    """
    command = f"reportgen tick --json --config {shlex.quote(config)}"
    # JSON's texts are YAML's, too
    return _TEXT.format(
        name="reportgen", title=json.dumps(title), command=json.dumps(command), issues=json.dumps(issues)
    )
