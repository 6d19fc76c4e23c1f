"""What the sampling designs are worth on R1: variance taken out by a Latin hypercube, convergence of Sobol' points, and
the seconds to four digits.

    cargo build --release && python3 benches/peers/designs.py [SEEDS]

Needs numpy and scipy. Errors are root mean squares over SEEDS seeds (default 64) against the exact values of
tests/reference/r1.json. Seconds are whole processes on one thread; take them on a quiet machine.
"""

import json
import math
import subprocess
import sys
import tempfile
import time

import numpy as np
from scipy import stats

RISKBAND = "target/release/riskband"
SCENARIO = "tests/reference/r1.toml"
EXACT = json.load(open("tests/reference/r1.json"))
SEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 64


def figures(design, runs, seed):
    """The figures of market[2031] and the seconds of the process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [RISKBAND, "run", SCENARIO, "--runs", str(runs), "--seed", str(seed), "--design", design]
        command += ["--threads", "1", "--format", "json", "--quiet", "--out", folder]
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        seconds = time.perf_counter() - start
        return json.load(open(f"{folder}/summary.json"))["outputs"]["market"]["2031"], seconds


def moments(values, weights):
    return np.array([np.sum(weights * values**k) for k in range(7)])


def joined(a, b):
    """Raw moments of the sum of two independent quantities."""
    return np.array([sum(math.comb(k, j) * a[j] * b[k - j] for j in range(k + 1)) for k in range(7)])


def additive_share():
    """The share of the variance of market[2031] that is a sum of functions of one coordinate each, exactly.

    market = base * prod_t (G + e_t), G and the shocks e_t independent: given G its mean is 8 (G + mean e)^6, so means
    given one coordinate follow from moments up to the sixth of the parts of G.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(100)
    weights = weights / weights.sum()
    u = np.clip(stats.norm.cdf(nodes), 1e-12, 1 - 1e-12)  # beyond, weights are below 1e-12

    def pert(u, a, m, b):
        return stats.beta.ppf(u, 1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a), a, b - a)

    def driver(m):
        return lambda u: pert(u, 0.5 * m, m, 1.5 * m) / 100

    blocks = []  # (moments of the block, list of conditional moments [k, node] given each of its coordinates)
    for law in [driver(3.2), driver(2.8), driver(1.9), driver(2.4), lambda u: -pert(u, 0.2, 0.6, 1.4) / 100]:
        x = law(u)
        blocks.append((moments(x, weights), [np.array([x**k for k in range(7)])]))
    pairs = [(0.4, driver(3.6), driver(2.5))]
    pairs += [(0.5, lambda u: -pert(u, 0.5, 1.2, 2.4) / 100, lambda u: -pert(u, 0.4, 1.0, 2.2) / 100)]
    for rho, first, second in pairs:
        z1, z2 = np.meshgrid(nodes, nodes, indexing="ij")
        tied = np.clip(stats.norm.cdf(rho * z1 + math.sqrt(1 - rho**2) * z2), 1e-12, 1 - 1e-12)
        total = first(u)[:, None] + second(tied)
        powers = np.array([total**k for k in range(7)])
        given = [powers @ weights, np.einsum("kij,i->kj", powers, weights)]
        blocks.append((given[0] @ weights, given))
    gauss, gauss_weights = np.polynomial.legendre.leggauss(200)
    share = 0.325 + 0.075 * gauss
    gauss_weights = gauss_weights / 2
    failed = stats.beta.ppf(u, 15, 85) - 0.15
    of_share = np.array([(-0.5 * share) ** k * moments(failed, weights)[k] for k in range(7)])
    of_failed = np.array([(-0.5 * failed) ** k * moments(share, gauss_weights)[k] for k in range(7)])
    blocks.append((moments(share, gauss_weights) * moments(failed, weights) * (-0.5) ** np.arange(7), [of_failed]))
    probability, severity = 0.08, 3 * math.exp(0.125)
    mean_shock = -probability * severity / 100
    constant = 1 + (16.18 - 16.4 + 2.8 + probability * severity) / 100 + mean_shock
    fixed = constant ** np.arange(7)

    def rest_of(left_out):
        rest = fixed
        for number, (own, _) in enumerate(blocks):
            rest = joined(rest, own) if number != left_out else rest
        return rest

    whole = rest_of(None)
    parts = []
    for number, (_, conditionals) in enumerate(blocks):
        rest = rest_of(number)
        for given in conditionals:
            mean = sum(math.comb(6, k) * given[k] * rest[6 - k] for k in range(7))
            parts.append(64 * (weights @ mean**2 - (weights @ mean) ** 2))
    rest = rest_of(len(blocks) - 1)
    mean = sum(math.comb(6, k) * of_share[k] * rest[6 - k] for k in range(7))
    parts.append(64 * (gauss_weights @ mean**2 - (gauss_weights @ mean) ** 2))
    base = stats.triang(0.5, 7.6, 0.8)
    parts.append(base.var() * whole[6] ** 2)
    spread = 9 * (math.exp(0.5) - math.exp(0.25))
    yearly = 4 + severity**2 * probability * (1 - probability) + probability**2 * spread
    parts.append(6 * 64 * whole[5] ** 2 * yearly / 1e4)
    assert abs(8 * whole[6] / exact("mean") - 1) < 1e-8
    return sum(parts) / exact("sd") ** 2


def exact(name):
    return EXACT["market.2031"][name]


def error(design, runs, names):
    """Root mean square errors of figures, and the mean of the seconds."""
    squares, seconds = {name: 0.0 for name in names}, 0.0
    for seed in range(1000, 1000 + SEEDS):
        found, took = figures(design, runs, seed)
        seconds += took / SEEDS
        for name in names:
            value = found["mean"] if name == "mean" else found["percentiles"][name[1:]]
            squares[name] += (value - exact(name)) ** 2 / SEEDS
    return {name: math.sqrt(square) for name, square in squares.items()}, seconds


def latin_hypercube():
    share = additive_share()
    runs = 100_000
    found = error("lhs", runs, ["mean"])[0]["mean"]
    independent = exact("sd") / math.sqrt(runs)
    print(f"Latin hypercube, mean of market[2031] at {runs:,} runs, {SEEDS} seeds")
    print(f"  additive share of the variance {share:.5f}: expected reduction 1 / (1 - share) = {1 / (1 - share):.1f}")
    ratio, noise = (independent / found) ** 2, math.sqrt(2 / SEEDS)
    print(f"  found: error {found:.3g} against {independent:.3g} = variance reduced {ratio:.1f} times")
    print(f"  (from {ratio / (1 + 2 * noise):.1f} to {ratio / (1 - 2 * noise):.1f} by two standard errors)\n")


def convergence():
    sizes = [1 << k for k in range(12, 21)]
    table = {}
    for design in ["mc", "lhs", "sobol"]:
        table[design] = [error(design, runs, ["p5", "p50", "p95"]) for runs in sizes]
    print(f"Root mean square error of p50 of market[2031], {SEEDS} seeds")
    print("      runs         mc        lhs      sobol")
    for row, runs in enumerate(sizes):
        print(f"{runs:>10,}" + "".join(f"{table[design][row][0]['p50']:>11.2e}" for design in table))
    for design, rows in table.items():
        slope = np.polyfit(np.log(sizes), np.log([found["p50"] for found, _ in rows]), 1)[0]
        print(f"  {design}: fitted exponent {slope:.2f}")
    # Four digits: an error below half a unit of the fourth one with probability 95 %.
    print("\nFour digits of p5, p50 and p95 (1.96 errors below 0.005): runs by the fit of the last five sizes, seconds")
    for design, rows in table.items():
        needed = 0
        for name in ["p5", "p50", "p95"]:
            errors = [1.96 * found[name] for found, _ in rows[-5:]]
            slope, offset = np.polyfit(np.log(sizes[-5:]), np.log(errors), 1)
            needed = max(needed, math.exp((math.log(0.005) - offset) / slope))
        needed = math.ceil(needed / 4096) * 4096
        seconds = min(figures(design, needed, seed)[1] for seed in range(5))
        print(f"  {design:>5}: {needed:>10,} runs, {seconds:.3f} s")


latin_hypercube()
convergence()
