"""Exact distributions of sums of a random number of severities: writes compound.csv beside itself.

Run: python3 compound.py                (mpmath 1.3.0, Python 3.11)

A row is case, total, P(S <= total). Severities sit on whole numbers. The distribution of the unlayered sum is by
Panjer's recursion (Klugman, Panjer & Willmot 2012, Loss Models, 4th ed., theorem 9.8) at 60 digits; the cases are
written out as scenarios in tests/compound.rs under the same names. A layer an event turns the severity into another law
on whole numbers; a layer of the sum maps the totals. Each case is checked against its mean by Wald's identity.
"""
import pathlib

import mpmath as mp

mp.mp.dps = 60
UP_TO = 400


def layered(severity, retention, limit):
    paid = {}
    for x, p in severity.items():
        y = min(max(x - retention, 0), limit)
        paid[y] = paid.get(y, mp.mpf(0)) + p
    return paid


def panjer(a, b, p0, severity):
    """Of a count with p[n] = (a + b / n) p[n - 1]; p0 is its probability generating function at P(X = 0)."""
    f = [severity.get(k, mp.mpf(0)) for k in range(UP_TO + 1)]
    g = [p0(f[0])]
    for s in range(1, UP_TO + 1):
        total = mp.fsum((a + b * y / s) * f[y] * g[s - y] for y in range(1, s + 1) if f[y])
        g.append(total / (1 - a * f[0]))
    return g


def poisson(rate):
    rate = mp.mpf(rate)
    return rate, mp.mpf(0), rate, lambda z: mp.exp(rate * (z - 1))


def negative_binomial(size, p):
    """Failures before `size` successes of probability p."""
    size, p = mp.mpf(size), mp.mpf(p)
    return size * (1 - p) / p, 1 - p, (size - 1) * (1 - p), lambda z: (p / (1 - (1 - p) * z)) ** size


def binomial(n, p):
    n, p = mp.mpf(n), mp.mpf(p)
    return n * p, -p / (1 - p), (n + 1) * p / (1 - p), lambda z: (1 - p + p * z) ** n


SEVERITY = {1: mp.mpf(4) / 10, 2: mp.mpf(3) / 10, 5: mp.mpf(2) / 10, 20: mp.mpf(1) / 10}

CASES = {
    "plain": (poisson(3), SEVERITY, None),
    "of_events": (poisson(3), layered(SEVERITY, 1, 10), None),
    "of_the_sum": (poisson(3), SEVERITY, (5, 25)),
    "both": (negative_binomial(mp.mpf("2.5"), mp.mpf(1) / 2), layered(SEVERITY, 1, 10), (3, 12)),
    "few": (binomial(6, mp.mpf(1) / 4), SEVERITY, None),
}

rows = []
for name, ((count, a, b, p0), severity, layer) in CASES.items():
    g = panjer(a, b, p0, severity)
    mean = count * mp.fsum(x * p for x, p in severity.items())
    assert abs(mp.fsum(k * p for k, p in enumerate(g)) - mean) < mp.mpf(10) ** -20, name
    law = dict(enumerate(g))
    if layer:
        law = layered(law, *layer)
    below = mp.mpf(0)
    for total in sorted(law):
        below += law[total]
        if law[total] > 0 and below < 1 - mp.mpf(10) ** -6:
            rows.append(f"{name},{total},{float(below)!r}")
pathlib.Path(__file__).with_suffix(".csv").write_text("case,total,cdf\n" + "\n".join(rows) + "\n")
