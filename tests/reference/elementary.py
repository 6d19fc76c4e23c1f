"""Reference values of src/math: writes elementary.csv beside itself.

Run: python3 elementary.py              (mpmath 1.3.0, Python 3.11)

A row is function, x, y, value, rest: the arguments as f64 (y is 0 where there is none), the exact result rounded to
f64, and what the rounding left in units of the last place, so that errors can be counted in fractions of one.
"""
import math
import pathlib
import random
import sys

import mpmath as mp

mp.mp.dps = 60
random.seed(20310)
rows = []


def row(function, value, x, y=0.0):
    # mpmath rounds to f64 without subnormals in mind, Python's own division of integers does not.
    nearest = float(value)
    if abs(value) < mp.mpf(2) ** -1022:
        nearest = int(mp.nint(value * mp.mpf(2) ** 1074)) * 2.0**-1074
    rest = float((value - mp.mpf(nearest)) / mp.mpf(math.ulp(nearest)))
    rows.append(f"{function},{x!r},{y!r},{nearest!r},{rest!r}")


def uniform(a, b, count):
    return [random.uniform(a, b) for _ in range(count)]


def spread(low, high, count):
    """Positive numbers, even in the logarithm."""
    return [2.0 ** random.uniform(low, high) for _ in range(count)]


for x in uniform(-1, 1, 150) + uniform(-40, 40, 100) + uniform(-708, 709, 150) + uniform(-745, -708, 20) + spread(-60, -1, 20):
    row("exp", mp.exp(mp.mpf(x)), x)
for x in uniform(0.5, 2, 150) + spread(-1074, 1023, 150) + [1 + s * t for t in spread(-52, -3, 40) for s in (-1, 1)]:
    row("ln", mp.log(mp.mpf(x)), x)
    row("log10", mp.log10(mp.mpf(x)), x)
for k in range(-30, 31):
    x = float(f"1e{k * 10}")
    row("log10", mp.log10(mp.mpf(x)), x)
for lower in spread(-1000, -1, 60) + uniform(0, 1, 100):
    # The pair (lower, upper) as callers hold it: upper = 1 − lower rounded, lower the exact one below a half.
    exact = mp.mpf(lower) if lower <= 0.5 else 1 - mp.mpf(1.0 - lower)
    row("ln_complement", mp.log1p(-exact), lower, 1.0 - lower)
pairs = [(a, b) for a, b in zip(spread(-3, 3, 150), uniform(-200, 200, 150))]
pairs += [(a, b) for a, b in zip(uniform(0.9, 1.1, 100), uniform(-5000, 5000, 100))]
pairs += [(a, random.uniform(-700, 700) / float(mp.log(a))) for a in spread(-1000, 1000, 150)]
pairs += [(1 + t, random.uniform(-700, 700) / t) for t in spread(-50, -10, 50)]
for x, y in pairs:
    value = mp.power(mp.mpf(x), mp.mpf(y))
    if mp.mpf(2) ** -1022 < value < mp.mpf(2) ** 1023:
        row("pow", value, x, y)


def quantile(lower):
    """z with Φ(z) = lower, 0 < lower ≤ ½, by Newton on the logarithm of the tail."""
    z = mp.sqrt(-2 * mp.log(lower)) if lower < 0.05 else mp.mpf("0.5")
    for _ in range(60):
        tail = mp.erfc(z / mp.sqrt(2)) / 2
        step = tail * mp.log(tail / lower) / (mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi))
        z += step
        if abs(step) < mp.mpf(10) ** -50:
            break
    return -z


for p in spread(-1000, -40, 120) + spread(-60, -1, 200) + uniform(0, 0.5, 200) + [1e-300, 2.0**-53]:
    row("normal_quantile_tails", quantile(mp.mpf(p)), p, 1.0 - p)
for z in uniform(-1, 1, 100) + uniform(-6, 6, 100) + uniform(-37, 37, 150) + spread(-60, 0, 20):
    row("normal_cdf", mp.erfc(-mp.mpf(z) / mp.sqrt(2)) / 2, z)
    row("normal_sf", mp.erfc(mp.mpf(z) / mp.sqrt(2)) / 2, z)
    row("normal_density", mp.exp(-mp.mpf(z) ** 2 / 2) / mp.sqrt(2 * mp.pi), z)
for degree in range(3, 13):
    # To the power of 1 / degree rounded to f64, not the root itself.
    for x in spread(-64, 64, 60) + uniform(0.2, 8, 60):
        row("root", mp.power(mp.mpf(x), mp.mpf(1.0 / degree)), x, degree)

target = pathlib.Path(__file__).with_name("elementary.csv")
head = f"# mpmath {mp.__version__}, 60 digits; Python {sys.version.split()[0]}; python3 elementary.py\nfunction,x,y,value,rest\n"
target.write_text(head + "\n".join(rows) + "\n")
