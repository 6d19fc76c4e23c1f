#!/usr/bin/env python3
"""The reference workload R1 in NumPy: the third contender of `compare.sh`.

A program as a good NumPy programmer would write it for this one model: the samplers of `numpy.random.Generator` on
its fastest generator, one a chunk of runs, chunks that stay in the cache, threads (NumPy gives the lock away inside
its loops), every column kept in memory. It prints what `benches/by_hand` prints, under the same keys, and holds each
number against the exact value.

- Kept: twelve static inputs and seven outputs, 152 bytes a run; columns of outputs are partitioned in place and let go.
- Copula pairs: normal scores looked up in a table of the law's quantiles, evenly spaced, so that an index is a product;
  `scipy.special` makes the table once. `numpy.interp` would search for every index, 15 times as long.
- Ranks: keys of 64 bits, the input's value above and the output's rank below, sorted as whole numbers: with the one
  look-up that follows, about half the time of `argsort` and the two look-ups that would follow it.

    python3 benches/peers/numpy_r1.py --runs 1e7 --threads 2 --seed 1

needs NumPy and SciPy: `pip install numpy scipy`. The exit code is 1 when a result lies further than five standard
errors from its reference, 2 when the arguments are wrong or something is missing.
"""
import argparse
import concurrent.futures
import json
import math
import os
import resource
import sys
import time

# The threads are ours; the library of vector products would start more of its own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")
try:
    import numpy as np
    from scipy.special import betaincinv, ndtr
except ImportError as missing:
    print(f"{missing}; this program needs NumPy and SciPy: pip install numpy scipy", file=sys.stderr)
    sys.exit(2)

from reference import INPUTS, LAST, MARKETS, OUTPUTS, distances

HEADLINE = 19.67
# Reported percentiles, in %.
PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)
# Slices of equal count behind a first-order share of variance; a tenth of the runs is a whole number of them.
SLICES = 500
# Runs that share one generator, and values worked on at a time: a few columns of them fit in the second-level cache.
CHUNK = 1 << 15


class ScoreTable:
    """Quantile of a PERT law at Phi(z) as a function of z, interpolated in a straight line.

    Error: h**2 / 8 * max |q''| with h = 16 / 4096, below 2e-6 of the width of the law; what lies beyond |z| = 8 has
    probability 1e-15 and takes the end value.
    """

    POINTS = 4097
    EDGE = 8.0
    SCALE = (POINTS - 1) / (2 * EDGE)

    def __init__(self, low, mode, high):
        scores = np.linspace(-self.EDGE, self.EDGE, self.POINTS)
        self.values = low + (high - low) * betaincinv(*pert_shapes(low, mode, high), ndtr(scores))
        self.steps = np.append(np.diff(self.values), 0.0)

    def at(self, scores, out):
        """Fills `out`; the scores are used up."""
        scores += self.EDGE
        scores *= self.SCALE
        index = np.clip(scores, 0.0, self.POINTS - 1, out=scores).astype(np.int64)
        scores -= index
        np.take(self.steps, index, out=out, mode="clip")
        out *= scores
        out += np.take(self.values, index, out=scores, mode="clip")


def pert_shapes(low, mode, high):
    """Parameters of the beta law behind a PERT law."""
    return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)


class Model:
    """R1: its laws, built once, and its formulas."""

    def __init__(self):
        self.approvals, self.funding = ScoreTable(1.8, 3.6, 5.4), ScoreTable(1.25, 2.5, 3.75)
        self.op_cost, self.labour = ScoreTable(0.5, 1.2, 2.4), ScoreTable(0.4, 1.0, 2.2)
        self.centre = 16.18 - 16.4 + 2.8 + 0.08 * 3 * math.exp(0.125)

    def fill(self, rng, chunk, scratch):
        """Draws and evaluates the runs of a chunk: a dict of column to the part of it that is to be filled.

        Works in `scratch`, four columns of this length: memory that a thread frees goes back to the system, and
        fetching it again for every intermediate result costs up to half as much as the arithmetic.
        """
        growth, first, second, part = scratch
        size = growth.size

        def pert(name, low, mode, high):
            np.multiply(rng.beta(*pert_shapes(low, mode, high), size), high - low, out=chunk[name])
            chunk[name] += low

        def pair(names, tables, rho):
            rng.standard_normal(out=first)
            np.multiply(rng.standard_normal(out=second), math.sqrt(1 - rho * rho), out=second)
            np.add(second, np.multiply(first, rho, out=part), out=second)
            tables[0].at(first, chunk[names[0]])
            tables[1].at(second, chunk[names[1]])

        chunk["base_market"][:] = rng.triangular(7.6, 8.0, 8.4, size)
        for name, mode in (("cancer", 3.2), ("personalised", 2.8), ("rare_disease", 1.9), ("allogeneic", 2.4)):
            pert(name, 0.5 * mode, mode, 1.5 * mode)
        pair(("approvals", "funding"), (self.approvals, self.funding), 0.4)
        pair(("op_cost", "labour"), (self.op_cost, self.labour), 0.5)
        pert("regulation", 0.2, 0.6, 1.4)
        chunk["batch_failure"][:] = rng.beta(15, 85, size)
        chunk["autologous_share"][:] = rng.uniform(0.25, 0.40, size)

        np.subtract(0.15, chunk["batch_failure"], out=growth)
        growth *= chunk["autologous_share"]
        growth *= 50
        growth += self.centre
        for name in ("cancer", "personalised", "rare_disease", "allogeneic", "approvals", "funding"):
            growth += chunk[name]
        for name in ("op_cost", "labour", "regulation"):
            growth -= chunk[name]
        market, factor = chunk["base_market"], first
        for name in MARKETS:
            rng.standard_normal(out=factor)
            factor *= 2
            factor += growth
            struck = np.flatnonzero(rng.random(out=second) < 0.08)
            factor[struck] -= rng.lognormal(math.log(3), 0.5, struck.size)
            factor /= 100
            factor += 1
            market = np.multiply(market, factor, out=chunk[name])
        np.divide(market, chunk["base_market"], out=factor)
        np.power(factor, 1 / 6, out=factor)
        factor -= 1
        np.multiply(factor, 100, out=chunk["cagr"])


def simulate(runs, seed, pool, threads):
    """Every run of every column; one generator a chunk, so that threads do not change the result."""
    columns = {name: np.empty(runs) for name in INPUTS + OUTPUTS}
    model = Model()
    starts = iter(range(0, runs, CHUNK))

    def work():
        scratch = np.empty((4, CHUNK))
        for start in starts:
            rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, start // CHUNK])))
            chunk = {name: column[start : start + CHUNK] for name, column in columns.items()}
            model.fill(rng, chunk, scratch[:, : runs - start])

    for worker in [pool.submit(work) for _ in range(threads)]:
        worker.result()
    return columns


def moments(column):
    """Mean, sd, skewness and excess kurtosis, and their keys."""
    mean = column.mean()
    second = third = fourth = 0.0
    for start in range(0, column.size, CHUNK):
        deviation = column[start : start + CHUNK] - mean
        square = deviation * deviation
        second += square.sum()
        third += square @ deviation
        fourth += square @ square
    second, third, fourth = second / column.size, third / column.size, fourth / column.size
    sd = math.sqrt(second)
    return {"mean": mean, "sd": sd, "skewness": third / sd**3, "excess_kurtosis": fourth / second**2 - 3}


def percentiles(ordered):
    """Percentiles and tail means of a column that is sorted, or parted at `places`."""
    tail = ordered.size // 20
    found = {f"p{p}": ordered[-(-ordered.size * p // 100) - 1] for p in PERCENTILES}
    return found | {"tail_mean_below_p5": ordered[:tail].mean(), "tail_mean_above_p95": ordered[-tail:].mean()}


def places(size):
    """Where a column has to be parted for its percentiles and its tails of a twentieth."""
    return sorted({-(-size * p // 100) - 1 for p in PERCENTILES} | {size // 20, size - size // 20})


def summary(column):
    """Figures of an output, whose column is parted in place."""
    figures = moments(column)
    column.partition(places(column.size))
    return figures | percentiles(column)


class Ranked:
    """An output with the rank of each of its runs."""

    def __init__(self, column):
        order = np.argsort(column)
        self.ordered = column[order]
        self.ranks = np.empty(column.size, np.uint32)
        self.ranks[order] = np.arange(column.size, dtype=np.uint32)
        self.moments = moments(column)

    def summary(self):
        reached = 1 - np.searchsorted(self.ordered, HEADLINE) / self.ordered.size
        return self.moments | percentiles(self.ordered) | {"prob_ge_19.67": reached}


def influence(column, output):
    """What one input does to the output.

    The first-order share is the variance of the slice means less what the slices' own noise adds to it; the slices
    are fixed strata, hence the factor 1 - 1 / slices.
    """
    runs = column.size
    keys = sorted_keys(column, output.ranks)
    mask = np.uint64((1 << runs.bit_length()) - 1)
    edges = np.arange(SLICES + 1) * runs // SLICES
    middle, mean = (runs - 1) / 2, output.moments["mean"]
    products = 0.0
    sums, squares = np.empty(SLICES), np.empty(SLICES)
    together = max(1, CHUNK * SLICES // runs)
    for first in range(0, SLICES, together):
        slices = slice(first, min(first + together, SLICES))
        start, end = edges[slices.start], edges[slices.stop]
        ranks = (keys[start:end] & mask).view(np.int64)
        products += (np.arange(start, end) - middle) @ (ranks - middle)
        deviation = output.ordered[ranks] - mean
        sums[slices] = np.add.reduceat(deviation, edges[slices] - start)
        deviation *= deviation
        squares[slices] = np.add.reduceat(deviation, edges[slices] - start)
    sizes = np.diff(edges)
    means = sums / sizes
    noise = (squares - sums * means) / (sizes - 1) / sizes
    tenth = SLICES // 10
    return {
        "spearman": 12 * products / runs / (runs * runs - 1),
        "mean_lowest_decile": mean + sums[:tenth].sum() / sizes[:tenth].sum(),
        "mean_highest_decile": mean + sums[-tenth:].sum() / sizes[-tenth:].sum(),
        "sobol_first_order": (np.mean(means**2) - (1 - 1 / SLICES) * noise.mean()) / output.moments["sd"] ** 2,
    }


def sorted_keys(column, ranks):
    """Ranks of the output in the order of the input: each in the lower bits of a key whose upper bits are the input.

    At 1e7 runs the input keeps 39 bits of its range: pairs closer than that, one in 100,000 runs, are tied and take
    the order of the output, which no figure shows.
    """
    shift = column.size.bit_length()
    low, high = column.min(), column.max()
    scale = (2.0 ** (63 - shift) - 1) / (high - low)
    keys = np.empty(column.size, np.uint64)
    for start in range(0, column.size, CHUNK):
        part = slice(start, start + CHUNK)
        upper = ((column[part] - low) * scale).astype(np.uint64)
        np.bitwise_or(upper << np.uint64(shift), ranks[part], out=keys[part])
    keys.sort()
    return keys


def workload(runs, threads, seed):
    """Draws, evaluates and summarises; keys as in the reference file."""
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        columns = simulate(runs, seed, pool, threads)
        ranked = pool.submit(Ranked, columns.pop(LAST))
        summaries = {name: pool.submit(summary, columns.pop(name)) for name in OUTPUTS if name != LAST}
        market = ranked.result()
        results = {name: market.summary() if name == LAST else summaries[name].result() for name in OUTPUTS}
        rows = pool.map(lambda name: influence(columns[name], market), INPUTS)
        return results | {f"tornado.{name}": row for name, row in zip(INPUTS, rows)}


# Standard errors allowed; by chance alone one comparison in 1.7 million lies further off.
LIMIT = 5.0


def check(results, runs):
    """Holds every result against its exact value."""
    found = distances(results, runs)
    return {"comparisons": len(found), "largest_z": abs(found[0][0]), "at": found[0][1]}


def arguments():
    def whole(text):
        value = float(text)
        if not 0 <= value < 2**32 or value % 1:
            raise argparse.ArgumentTypeError(f"{text} is not a whole number up to {2**32 - 1}")
        return int(value)

    parser = argparse.ArgumentParser(description="R1 in NumPy; numbers may be written 1e7 or 10_000_000")
    parser.add_argument("--runs", type=whole, default=1_000_000)
    parser.add_argument("--threads", type=whole, default=0, help="all processors when left out")
    parser.add_argument("--seed", type=whole, default=1)
    args = parser.parse_args()
    if args.runs < 1000:
        parser.error("--runs must be at least 1000: the shares of variance come from 500 slices")
    args.threads = args.threads or os.cpu_count()
    return args


def peak_bytes():
    """Largest resident memory of this process so far; Linux counts in KiB, macOS in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main():
    args = arguments()
    start = time.perf_counter()
    results = workload(args.runs, args.threads, args.seed)
    seconds = time.perf_counter() - start
    try:
        outcome = check(results, args.runs)
    except (OSError, LookupError, ValueError) as error:
        print(f"the reference files do not hold what is compared: {error}", file=sys.stderr)
        return 2
    results |= {
        "runs": args.runs,
        "threads": args.threads,
        "seconds": seconds,
        "runs_per_second": args.runs / seconds,
        "peak_bytes": peak_bytes(),
        "check": outcome,
    }
    print(json.dumps(results, indent=2))
    if outcome["largest_z"] > LIMIT:
        print(f"{outcome['at']} is {outcome['largest_z']:.2f} standard errors from its reference", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
