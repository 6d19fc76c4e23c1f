"""Holds a summary.json of R1, of however many runs, against the exact values of tests/reference/r1.json.

    python3 benches/peers/distances.py output/r1/summary.json

Prints the largest distances in standard errors of that many runs. The errors are those of tests/reference/r1.md; for
first-order shares, which riskband estimates in another way than that page, those of the summary itself.
"""

import json
import math
import sys

SHOWN = 6
YEARS = [str(year) for year in range(2026, 2032)]
FIELDS = {
    "skewness": "skewness",
    "excess kurtosis": "excess_kurtosis",
    "mean below p5": "tail_mean_below_p5",
    "mean above p95": "tail_mean_above_p95",
}
TORNADO = {"Spearman": "spearman", "mean lowest decile": "mean_lowest_decile", "mean highest decile": "mean_highest_decile"}

summary = json.load(open(sys.argv[1]))
exact = json.load(open("tests/reference/r1.json"))
runs = summary["runs"]


def unit_errors():
    """(column, row) to standard error times the root of the runs."""
    section = open("tests/reference/r1.md", encoding="utf-8").read().split("## Sampling error to expect")[1]
    heads, errors = None, {}
    for line in section.split("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            heads = None
        elif heads is None:
            heads = cells
        elif not cells[0].startswith("---"):
            errors |= {(head, cells[0]): float(cell) for head, cell in zip(heads[1:], cells[1:])}
    return errors


def distances():
    errors = unit_errors()

    def z(name, found, reference, column, row):
        return (found - reference) / (errors[column, row] / math.sqrt(runs)), name

    cells = [(f"market.{year}", f"market {year}", summary["outputs"]["market"][year]) for year in YEARS]
    for key, column, cell in [*cells, ("cagr", "cagr", summary["outputs"]["cagr"]["value"])]:
        found = {"mean": cell["mean"], "sd": cell["sd"], "skewness": cell["skewness"]}
        found |= {"excess kurtosis": cell["kurtosis"]} | {f"p{p}": x for p, x in cell["percentiles"].items()}
        found |= {"mean below p5": cell["tail_mean"]["below_5"], "mean above p95": cell["tail_mean"]["above_95"]}
        for row, value in found.items():
            yield z(f"{key} {row}", value, exact[key][FIELDS.get(row, row)], column, row)
    for row in summary["tornado"]["market[2031]"]:
        name = row["input"].removeprefix("impact[").removesuffix("]")
        if (key := f"tornado.{name}") not in exact:
            continue
        found = {"Spearman": row["spearman"], "mean lowest decile": row["low_mean"], "mean highest decile": row["high_mean"]}
        for column, value in found.items():
            yield z(f"{name} {column}", value, exact[key][TORNADO[column]], column, name)
        # That of the autologous share is next to nothing.
        if name != "autologous_share":
            share = row["first_order"] - exact[key]["sobol_first_order"]
            yield share / row["first_order_error"], f"{name} first order"
    reached = exact["market.2031"]["prob_ge_19.67"]
    found = summary["outputs"]["reaches_headline"]["value"]["mean"]
    yield (found - reached) / math.sqrt(reached * (1 - reached) / runs), "reaches_headline"


found = sorted(distances(), key=lambda pair: -abs(pair[0]))
square = math.sqrt(sum(z * z for z, _ in found) / len(found))
print(f"{runs} runs: {len(found)} figures, root mean square {square:.2f} standard errors, the largest:")
for z, name in found[:SHOWN]:
    print(f"  {z:+.2f}  {name}")
