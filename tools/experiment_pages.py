"""Puts measured experiments into the documents: python3 tools/experiment_pages.py DIR...

Each DIR is the --out of a finished `bin/tramontane experiment NAME`. Its page is copied to docs/experiments/NAME.html, and its table.md
replaces the section of NAME in docs/experiments.md, between the two marks there. Nothing is rewritten: lines are wrapped, and a table that
is too wide is turned, so that its arms are columns.
"""

import json
import re
import shutil
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "experiments.md"
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"
WIDTH = 140


def cells(row):
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def table(rows):
    """A table of Markdown, turned where a row is too wide."""
    if max(map(len, rows)) <= WIDTH:
        return rows
    columns = list(zip(*(cells(row) for row in rows if not re.fullmatch(r"[|-]+", row))))
    turned = ["| " + " | ".join(column) + " |" for column in columns]
    return [turned[0], "|" + "---|" * len(cells(turned[0])), *turned[1:]]


def wrapped(text):
    """The lines of a table.md, none too long."""
    lines, rows = [], []
    for line in text.splitlines() + [""]:
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            lines += table(rows)
            rows = []
        indent = "  " if line.startswith("- ") else ""
        lines += textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join(lines).strip() + "\n"


def section(folder):
    """The text of one experiment with the link to its page."""
    text = (folder / "table.md").read_text()
    name, title = re.match(r"### ([a-z0-9-]+): (.*)\n", text).groups()
    text = wrapped(text.replace(f"### {name}: {title}\n\n", f"### {name}\n\n**{title}.** ", 1))
    shutil.copyfile(folder / "experiment.html", PAGE.parent / "experiments" / f"{name}.html")
    link = f"[The page](experiments/{name}.html), made by the command `experiment {name}`.\n\n"
    head, rest = text.split("\n- Paper", 1)
    return name, head + "\n" + link + "- Paper" + rest


def overview(sections):
    """A line for each experiment: title and how its findings were judged."""
    rows = ["| experiment | compares | findings (open: not resolved at this scale) |", "|---|---|---|"]
    for name in sorted(sections):
        title = " ".join(re.search(r"\*\*(.*?)\.\*\*", sections[name], re.S).group(1).split())
        found = re.search(r"^- Of \d+ findings?: (.*)\.$", sections[name], re.M).group(1).replace("not resolved at this scale", "open")
        rows.append(f"| [{name}](#{name}) | {title} | {found} |")
    return "\n".join(rows) + "\n"


def main(folders):
    page = PAGE.read_text()
    before, measured = page.split(BEGIN + "\n")
    measured, after = measured.split(END)
    sections = {}
    for part in re.split(r"(?=^### )", measured, flags=re.M)[1:]:
        sections[re.match(r"### ([a-z0-9-]+)", part).group(1)] = part.strip() + "\n"
    sections.update(dict(section(Path(folder)) for folder in folders))
    text = overview(sections) + "\n" + "\n".join(sections[name] for name in sorted(sections))
    PAGE.write_text(before + BEGIN + "\n" + text + END + after)
    print(json.dumps(sorted(sections)))


if __name__ == "__main__":
    main(sys.argv[1:])
