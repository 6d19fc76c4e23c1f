"""The exact values of R1 and the standard errors of a Monte Carlo estimate of them, from tests/reference."""

import json
import math
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "reference"
INPUTS = (
    "base_market", "cancer", "personalised", "rare_disease", "allogeneic", "approvals", "funding",
    "op_cost", "labour", "regulation", "batch_failure", "autologous_share",
)
MARKETS = tuple(f"market.{year}" for year in range(2026, 2032))
OUTPUTS = MARKETS + ("cagr",)
LAST = MARKETS[-1]


def standard_errors():
    """Yields entry, field and standard error times the root of the runs, from the last tables of r1.md."""
    fields = {"mean below p5": "tail_mean_below_p5", "mean above p95": "tail_mean_above_p95"}
    tornado = ("spearman", "mean_lowest_decile", "mean_highest_decile", "sobol_first_order")
    text = (FOLDER / "r1.md").read_text(encoding="utf-8")
    section = text.split("## Sampling error to expect")[1].split("\n## ")[0]
    for line in section.splitlines():
        name, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == len(OUTPUTS) and name and name[0].isalpha():
            field = fields.get(name, name.replace(" ", "_"))
            yield from ((output, field, float(cell)) for output, cell in zip(OUTPUTS, cells))
        elif len(cells) == len(tornado) and name in INPUTS:
            yield from ((f"tornado.{name}", field, float(cell)) for field, cell in zip(tornado, cells))


def distances(results, runs):
    """Distance of every result from its exact value in standard errors, the largest first, with what it is of.

    `results` has the keys of r1.json. A figure that is a pair brings its own standard error.
    """
    exact = json.loads((FOLDER / "r1.json").read_text(encoding="utf-8"))
    reached = exact[LAST]["prob_ge_19.67"]
    errors = [*standard_errors(), (LAST, "prob_ge_19.67", math.sqrt(reached * (1 - reached)))]
    if len(errors) != 15 * len(OUTPUTS) + 4 * len(INPUTS) + 1:
        raise LookupError(f"r1.md gives {len(errors) - 1} standard errors")
    found = []
    for entry, field, error in errors:
        figure = results[entry][field]
        value, error = figure if isinstance(figure, tuple) else (figure, error / math.sqrt(runs))
        z = (value - exact[entry][field]) / error
        found.append((math.inf if math.isnan(z) else z, f"{entry} {field}"))
    return sorted(found, key=lambda pair: -abs(pair[0]))
