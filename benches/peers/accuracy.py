"""Accuracy and time a draw of riskband, SciPy, statrs, NumPy and rand_distr, a row a family.

    python3 benches/peers/accuracy.py                both tables
    python3 benches/peers/accuracy.py accuracy       largest relative errors against tests/reference/FAMILY.csv
    python3 benches/peers/accuracy.py times          nanoseconds a draw; take them on a quiet machine

Run it in the repository's folder. Needs numpy and scipy, and cargo, which builds benches/peers/main.rs: the Rust libraries
speak through it.

Accuracy: quantiles at the levels of the reference, from both ends (`ppf` and `isf`; statrs has none from above), and both
tails at its places. `body` is what lies within a tail probability of 1e-12, `tails` all down to 1e-300. The error is
relative to the exact value; where a law does not begin or end at 0, a few ulp of its own size are forgiven to everybody.
Cells: the largest error, and in how many of a hundred rows it is above 1e-9. `fails`: no number, an exception, or no
answer within a second (no other is then asked of the same law and function); a library that lacks a family, or the parameters of a row, has no cell or not that row.

Times: blocks of 512 draws in riskband (its positions included), rand_distr (SmallRng) and statrs (quantile function of
a uniform draw), arrays of 65,536 draws in NumPy (Generator on SFC64) and SciPy (rvs on the same).
"""

import math
import signal
import subprocess
import sys
import time
import warnings

import numpy as np
from scipy import stats

LIBRARIES = "riskband", "scipy", "statrs"
TAIL, LOST = 1e-12, 1e-9


def frozen(family, p):
    """SciPy's law of these parameters; None where it has no such family."""
    laws = {
        "arcsine": lambda a, b: stats.arcsine(a, b - a),
        "bernoulli": stats.bernoulli,
        "beta": lambda a, b, low, high: stats.beta(a, b, low, high - low),
        "beta_binomial": lambda n, a, b: stats.betabinom(int(n), a, b),
        "binomial": lambda n, p: stats.binom(int(n), p),
        "burr12": lambda c, k, scale: stats.burr12(c, k, scale=scale),
        "cauchy": stats.cauchy,
        "chi_squared": stats.chi2,
        "exponential": lambda mean: stats.expon(scale=mean),
        "f": stats.f,
        "frechet": lambda shape, scale, location: stats.invweibull(shape, location, scale),
        "gamma": lambda shape, scale: stats.gamma(shape, scale=scale),
        "geometric": lambda p: stats.geom(p, loc=-1),
        "gev": lambda location, scale, shape: stats.genextreme(-shape, location, scale),
        "gpd": lambda location, scale, shape: stats.genpareto(shape, location, scale),
        "gumbel": stats.gumbel_r,
        "hypergeometric": lambda N, K, n: stats.hypergeom(int(N), int(K), int(n)),
        "inverse_gaussian": lambda mean, shape: stats.invgauss(mean / shape, scale=shape),
        "irwin_hall": lambda n: stats.irwinhall(int(n)) if hasattr(stats, "irwinhall") else None,
        "johnson_sb": stats.johnsonsb,
        "johnson_su": stats.johnsonsu,
        "laplace": stats.laplace,
        "logarithmic": stats.logser,
        "logistic": stats.logistic,
        "loglogistic": lambda shape, scale: stats.fisk(shape, scale=scale),
        "lognormal": lambda mu, sigma: stats.lognorm(sigma, scale=math.exp(mu)),
        "negative_binomial": stats.nbinom,
        "normal": stats.norm,
        "pareto": lambda shape, least: stats.pareto(shape, scale=least),
        "pert": lambda a, mode, b, shape: stats.beta(
            1 + shape * (mode - a) / (b - a), 1 + shape * (b - mode) / (b - a), a, b - a),
        "poisson": stats.poisson,
        "rayleigh": lambda scale: stats.rayleigh(scale=scale),
        "skew_normal": lambda location, scale, shape: stats.skewnorm(shape, location, scale),
        "student_t": stats.t,
        "trapezoidal": lambda a, b, c, d: stats.trapezoid((b - a) / (d - a), (c - a) / (d - a), a, d - a),
        "triangular": lambda a, mode, b: stats.triang((mode - a) / (b - a), a, b - a),
        "uniform": lambda a, b: stats.uniform(a, b - a),
        "uniform_int": lambda a, b: stats.randint(int(a), int(b) + 1),
        "weibull": lambda shape, scale: stats.weibull_min(shape, scale=scale),
        "zipf": lambda s, n: stats.zipfian(s, int(n)),
    }
    return laws[family](*p) if family in laws else None


def drawn(family, p, rng):
    """NumPy's draws of these parameters; None where it has no such sampler."""
    samplers = {
        "bernoulli": lambda p: lambda n: rng.random(n) < p,
        "beta": lambda a, b, low, high: lambda n: low + (high - low) * rng.beta(a, b, n),
        "binomial": lambda m, p: lambda n: rng.binomial(int(m), p, n),
        "cauchy": lambda m, s: lambda n: m + s * rng.standard_cauchy(n),
        "chi_squared": lambda df: lambda n: rng.chisquare(df, n),
        "exponential": lambda mean: lambda n: rng.exponential(mean, n),
        "f": lambda a, b: lambda n: rng.f(a, b, n),
        "gamma": lambda shape, scale: lambda n: rng.gamma(shape, scale, n),
        "geometric": lambda p: lambda n: rng.geometric(p, n),
        "gumbel": lambda m, s: lambda n: rng.gumbel(m, s, n),
        "hypergeometric": lambda N, K, m: lambda n: rng.hypergeometric(int(K), int(N - K), int(m), n),
        "inverse_gaussian": lambda mean, shape: lambda n: rng.wald(mean, shape, n),
        "laplace": lambda m, s: lambda n: rng.laplace(m, s, n),
        "logarithmic": lambda p: lambda n: rng.logseries(p, n),
        "logistic": lambda m, s: lambda n: rng.logistic(m, s, n),
        "lognormal": lambda mu, sigma: lambda n: rng.lognormal(mu, sigma, n),
        "negative_binomial": lambda r, p: lambda n: rng.negative_binomial(r, p, n),
        "normal": lambda m, s: lambda n: rng.normal(m, s, n),
        "pareto": lambda k, m: lambda n: m * (1 + rng.pareto(k, n)),
        "poisson": lambda mean: lambda n: rng.poisson(mean, n),
        "rayleigh": lambda s: lambda n: rng.rayleigh(s, n),
        "student_t": lambda df, m, s: lambda n: m + s * rng.standard_t(df, n),
        "triangular": lambda a, mode, b: lambda n: rng.triangular(a, mode, b, n),
        "uniform": lambda a, b: lambda n: rng.uniform(a, b, n),
        "weibull": lambda k, s: lambda n: s * rng.weibull(k, n),
    }
    return samplers[family](*p) if family in samplers else None


def speak(word):
    """The lines of benches/peers/main.rs."""
    command = ["cargo", "bench", "--quiet", "--bench", "peers", "--", word]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()


def answer(function, argument):
    """What SciPy says; an exception, or more than a second, counts as no number."""
    def late(*_):
        raise TimeoutError
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        return float(function(argument))
    except (ArithmeticError, ValueError, MemoryError, TimeoutError):
        return math.nan
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def error_of(found, exact, slack):
    if not math.isfinite(found):
        return math.inf
    beyond = max(abs(found - exact) - slack, 0)
    return 0.0 if beyond == 0 else beyond / abs(exact) if exact else math.inf


class Cell:
    def __init__(self):
        self.rows, self.lost, self.failed, self.worst = 0, 0, 0, 0.0

    def add(self, error):
        self.rows += 1
        self.failed += math.isinf(error)
        self.lost += error > LOST
        if math.isfinite(error):
            self.worst = max(self.worst, error)

    def __str__(self):
        if not self.rows:
            return "–"
        lost = f" ({math.ceil(100 * self.lost / self.rows)} %)" if self.lost else ""
        return f"{self.worst:.0e}{lost}" + (f" {self.failed} fails" if self.failed else "")


def accuracy():
    methods = {"quantile": "ppf", "upper_quantile": "isf", "cdf": "cdf", "sf": "sf"}
    tables = {(kind, depth): {} for kind in ("quantile", "cdf and sf") for depth in ("body", "tails")}
    laws, slow = {}, set()
    for line in speak("values"):
        family, parameters, method, argument, exact, slack, ours, statrs = line.split(",")
        p = [float(number) for number in parameters.split()]
        argument, exact, slack = float(argument), float(exact), float(slack)
        if (family, parameters) not in laws:
            laws[family, parameters] = frozen(family, p)
        law = laws[family, parameters]
        found = {"riskband": float(ours)}
        if law is not None:
            start, key = time.perf_counter(), (family, parameters, method)
            found["scipy"] = math.nan if key in slow else answer(getattr(law, methods[method]), argument)
            if time.perf_counter() - start > 1:
                slow.add(key)
        if statrs != "none":
            found["statrs"] = math.nan if statrs in ("panic", "endless") else float(statrs)
        kind = "quantile" if "quantile" in method else "cdf and sf"
        level = min(argument, 1 - argument) if kind == "quantile" else exact
        for depth in ("body", "tails") if level >= TAIL else ("tails",):
            cells = tables[kind, depth].setdefault(family, {library: Cell() for library in LIBRARIES})
            for library, value in found.items():
                cells[library].add(error_of(value, exact, slack))
    for (kind, depth), families in tables.items():
        where = "tails from 1e-12" if depth == "body" else "tails from 1e-300"
        print(f"\nLargest relative error of {kind}, {where}\n")
        print_table(("family", *LIBRARIES), [(family, *map(str, cells.values())) for family, cells in families.items()])


def nanoseconds(draw, size=1 << 16):
    draw(size)
    spans = []
    for _ in range(5):
        start, rounds = time.perf_counter(), 0
        while time.perf_counter() - start < 0.05:
            draw(size)
            rounds += 1
        spans.append((time.perf_counter() - start) * 1e9 / (rounds * size))
    return sorted(spans)[2]


def times():
    cases = {}
    for line in speak("times"):
        family, parameters, library, figure = line.split(",")
        cases.setdefault((family, parameters), {})[library] = float(figure)
    rng = np.random.Generator(np.random.SFC64(1))
    for (family, parameters), found in cases.items():
        p = [float(number) for number in parameters.split()]
        draw, law = drawn(family, p, rng), frozen(family, p)
        if draw:
            found["numpy"] = nanoseconds(draw)
        if law is not None:
            found["scipy"] = nanoseconds(lambda n, law=law: law.rvs(size=n, random_state=rng))
    order = "riskband", "numpy", "scipy", "rand_distr", "statrs"
    rows = [(f"{family}({', '.join(parameters.split())})", *(f"{found[name]:.1f}" if name in found else "–" for name in order))
            for (family, parameters), found in cases.items()]
    print("\nNanoseconds a draw\n")
    print_table(("law", *order), rows)


def print_table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    asked = sys.argv[1:] or ["accuracy", "times"]
    if set(asked) - {"accuracy", "times"}:
        sys.exit(__doc__)
    for part in asked:
        {"accuracy": accuracy, "times": times}[part]()
