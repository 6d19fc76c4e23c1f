"""Reference values of laws made of laws, and of densities given by points: writes NAME.csv beside itself.

Run: python3 families_composed.py [NAME …]                (mpmath 1.3.0, Python 3.11)

Rows as in families.py, at fewer points; what leaves the range of f64 has no row. Values have 330 digits before they are
rounded; moments of spliced laws are integrals of 40 digits.
"""
import sys

import mpmath as mp

import families
from families import Law, lognormal, normal, write
from families_closed import gpd

families.LOWER[:] = [1e-300, 1e-100, 1e-20, 1e-5, 0.01, 0.1, 0.25, 0.4, 0.5]
families.UPPER[:] = [0.51, 0.75, 0.95, 0.999, 1 - 2.0**-53]


def tail_root(tail, density, target, start, rising):
    """x with tail(x) = target: bisection to six digits, then Newton's iteration on the logarithm."""
    low, high = start
    for _ in range(60):
        middle = (low + high) / 2
        if (tail(middle) < target) == rising:
            low = middle
        else:
            high = middle
    x = (low + high) / 2
    for _ in range(40):
        value = tail(x)
        step = value * mp.log(value / target) / density(x) * (-1 if rising else 1)
        x += step
        if abs(step) < mp.mpf(10) ** -60:
            break
    return x


def mixture(*flat):
    *normals, last = [flat[i:i + 3] for i in range(0, len(flat), 3)]
    parts = [(mp.mpf(last[0]), lognormal(*last[1:]), True)] + [(mp.mpf(w), normal(m, s), False) for w, m, s in normals]
    total = sum(w for w, _, _ in parts)
    parts = [(w / total, law, positive) for w, law, positive in parts]
    inside = lambda f, out: lambda x, law, positive: out if positive and x <= 0 else getattr(law, f)(x)
    pool = lambda f, out: lambda x: sum(w * inside(f, out)(x, law, positive) for w, law, positive in parts)
    cdf, sf, density = pool("cdf", 0), pool("sf", 1), pool("density", 0)

    def quantile(p, lower):
        ends = [law.lower_quantile(p) if lower else law.upper_quantile(p) for _, law, _ in parts]
        if max(ends) == min(ends):
            return ends[0]
        return tail_root(cdf if lower else sf, density, p, (min(ends), max(ends)), lower)
    mean = sum(w * law.mean for w, law, _ in parts)
    variance = sum(w * (law.variance + (law.mean - mean) ** 2) for w, law, _ in parts)
    return Law(cdf, sf, lambda p: quantile(p, True), lambda q: quantile(q, False), density, mean, variance)


def zero_inflated(mu, sigma, p):
    base, p = lognormal(mu, sigma), mp.mpf(p)
    kept = 1 - p
    return Law(
        lambda x: p + kept * base.cdf(x) if x > 0 else p, lambda x: kept * base.sf(x) if x > 0 else kept,
        lambda u: base.lower_quantile((u - p) / kept) if u > p else mp.mpf(0),
        lambda q: base.upper_quantile(q / kept) if q < kept else mp.mpf(0),
        lambda x: kept * base.density(x) if x > 0 else None,
        kept * base.mean, kept * base.variance + p * kept * base.mean**2)


def splice(mu, sigma, location, scale, shape, at, weight=None):
    body, tail, at = lognormal(mu, sigma), gpd(location, scale, shape), mp.mpf(at)
    mass, left = body.cdf(at), 1 - mp.mpf(0) if at <= location else tail.sf(at)
    body_height, tail_height = body.density(at) / mass, tail.density(at) / left
    below = mp.mpf(weight) if weight is not None else tail_height / (body_height + tail_height)
    above = 1 - below
    sf = lambda x: above * tail.sf(x) / left if x > at else 1 - below * body.cdf(x) / mass
    density = lambda x: below * body.density(x) / mass if x <= at else above * tail.density(x) / left
    with mp.workdps(40):
        edges = [mp.exp(mu + k * mp.mpf(sigma)) for k in range(-12, 12)]
        edges = [mp.mpf(0)] + [x for x in edges if x < at] + [at]
        far = [at + scale * mp.mpf(2) ** k for k in range(0, 60, 3)]
        one = lambda f: mp.quad(lambda x: f(x) * body.density(x) if x else mp.mpf(0), edges) / mass
        # ∫ f S′ beyond, exactly: over the excess a generalised Pareto law is one again.
        excess_scale = scale + shape * (at - location)
        mean_excess = excess_scale / (1 - shape)
        square_excess = 2 * excess_scale**2 / ((1 - shape) * (1 - 2 * shape))
        body_mean, body_square = one(lambda x: x), one(lambda x: x * x)
        tail_mean, tail_square = at + mean_excess, at**2 + 2 * at * mean_excess + square_excess
        mean = below * body_mean + above * tail_mean
        variance = below * body_square + above * tail_square - mean**2
    return Law(
        lambda x: 1 - sf(x) if x > at else below * body.cdf(x) / mass, sf,
        lambda p: body.lower_quantile(p * mass / below) if p <= below else tail.upper_quantile((1 - p) * left / above),
        lambda q: tail.upper_quantile(q * left / above) if q <= above else body.lower_quantile((1 - q) * mass / below),
        density, mean, variance)


def pieces(shapes):
    """Density of straight pieces (from, to, height at from, height at to)."""
    shapes = [[mp.mpf(x) for x in shape] for shape in shapes]
    total = sum((b - a) * (f + g) / 2 for a, b, f, g in shapes)
    shapes = [(a, b, f / total, g / total) for a, b, f, g in shapes]
    part = lambda a, b, f, g, x: (x - a) * (f + (g - f) * (x - a) / (b - a) / 2)
    cdf = lambda x: sum(part(*s, min(max(x, s[0]), s[1])) for s in shapes)
    sf = lambda x: sum((s[1] - s[0]) * (s[2] + s[3]) / 2 - part(*s, min(max(x, s[0]), s[1])) for s in shapes)

    def density(x):
        for a, b, f, g in shapes:
            if a < x < b:
                return f + (g - f) * (x - a) / (b - a)
        return None

    def quantile(p):
        for a, b, f, g in shapes:
            mass = (b - a) * (f + g) / 2
            if p <= mass:
                slope = (g - f) / (b - a)
                return a + (2 * p / (f + mp.sqrt(f * f + 2 * slope * p)) if p else mp.mpf(0))
            p -= mass
        return shapes[-1][1]
    moment = lambda k: sum(mp.quad(lambda x: x**k * (f + (g - f) * (x - a) / (b - a)), [a, b]) for a, b, f, g in shapes)
    mean = moment(1)
    return Law(cdf, sf, quantile, lambda q: quantile(1 - q), density, mean, moment(2) - mean**2)


def general(*flat):
    points = sorted(zip(flat[::2], flat[1::2]))
    return pieces([(a, b, f, g) for (a, f), (b, g) in zip(points, points[1:])])


def histogram(*flat):
    edges = sorted(zip(flat[::2], flat[1::2]))
    return pieces([(a, b, mp.mpf(w) / (mp.mpf(b) - a), mp.mpf(w) / (mp.mpf(b) - a))
                   for (a, w), (b, _) in zip(edges, edges[1:])])


MADE = {
    "general": lambda: [(p, general(*p)) for p in [
        (0.0, 0.0, 2.0, 1.0, 5.0, 3.0, 9.0, 0.0), (-3.0, 2.0, -1.0, 5.0, 4.0, 1.0), (0.0, 1.0, 1e6, 0.0)]],
    "histogram": lambda: [(p, histogram(*p)) for p in [
        (0.0, 0.2, 2.0, 0.5, 5.0, 0.3, 12.0, 0.0), (0.0, 3.0, 7.0, 1.0, 7.5, 2.0, 11.0, 0.0)]],
    "mixture": lambda: [(p, mixture(*p)) for p in [
        (0.6, 0.0, 1.0, 0.4, 1.0, 0.5), (2.0, -3.0, 0.5, 1.0, 4.0, 2.0, 3.0, 0.0, 1.0),
        (1e-6, 50.0, 1.0, 1.0, 0.0, 0.25)]],
    "zero_inflated": lambda: [(p, zero_inflated(*p)) for p in [(1.0, 0.5, 0.3), (0.0, 2.0, 0.75), (3.0, 0.1, 1e-9)]],
    "splice": lambda: [(p, splice(*p)) for p in [
        (1.0, 0.5, 4.0, 2.0, 0.2, 4.0), (1.0, 0.5, 4.0, 2.0, 0.2, 4.0, 0.9), (0.0, 1.0, 0.0, 1.0, -0.05, 2.5)]],
}

if __name__ == "__main__":
    for name in sys.argv[1:] or MADE:
        write(name, MADE[name]())
