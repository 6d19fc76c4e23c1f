"""Holds a summary.json of R1, of however many runs, against the exact values of tests/reference/r1.json.

    python3 benches/peers/distances.py output/r1/summary.json

Prints the largest distances in standard errors of that many runs. First-order shares, which riskband estimates in
another way than the page that the errors are from, have their own.
"""

import json
import math
import sys

import reference

SHOWN = 6


def statistics(cell):
    """A cell of the summary under the names of the exact values."""
    tails = cell["tail_mean"]
    found = {"mean": cell["mean"], "sd": cell["sd"], "skewness": cell["skewness"], "excess_kurtosis": cell["kurtosis"]}
    found |= {f"p{percent}": value for percent, value in cell["percentiles"].items()}
    return found | {"tail_mean_below_p5": tails["below_5"], "tail_mean_above_p95": tails["above_95"]}


def results(summary):
    """The summary under the names of the exact values."""
    outputs = summary["outputs"]
    found = {name: statistics(outputs["market"][name.removeprefix("market.")]) for name in reference.MARKETS}
    found["cagr"] = statistics(outputs["cagr"]["value"])
    found[reference.LAST]["prob_ge_19.67"] = outputs["reaches_headline"]["value"]["mean"]
    for row in summary["tornado"]["market[2031]"]:
        found["tornado." + row["input"].removeprefix("impact[").removesuffix("]")] = {
            "spearman": row["spearman"],
            "mean_lowest_decile": row["low_mean"],
            "mean_highest_decile": row["high_mean"],
            "sobol_first_order": (row["first_order"], row["first_order_error"]),
        }
    return found


summary = json.load(open(sys.argv[1], encoding="utf-8"))
found = reference.distances(results(summary), summary["runs"])
square = math.sqrt(sum(z * z for z, _ in found) / len(found))
print(f"{summary['runs']} runs: {len(found)} figures, root mean square {square:.2f} standard errors, the largest:")
for z, name in found[:SHOWN]:
    print(f"  {z:+.2f}  {name}")
