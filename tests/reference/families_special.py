"""Reference values of chi_squared, cumulative, inverse_gaussian, irwin_hall, metalog and skew_normal.

    python3 tests/reference/families_special.py                 writes all (minutes)
    python3 tests/reference/families_special.py cumulative      writes some of them

Columns as in families.py. Every tail is computed as itself with 25 digits or more; made with mpmath 1.3.0, Python 3.11.
"""
import sys

import mpmath as mp

import families
from families import ONE, Law, normal_density, normal_sf, write

families.LOWER = [1e-300, 1e-100, 1e-20, 1e-8, 1e-3, 0.05, 0.2, 0.4, 0.5]
families.UPPER = [0.6, 0.9, 0.999, 1 - 1e-10, 1 - 2.0**-53]


def digits(count):
    mp.mp.dps = count


def few_points():
    families.LOWER, families.UPPER = [1e-300, 1e-20, 1e-3, 0.2, 0.5], [0.9, 1 - 1e-10]


def sets(make, *tuples):
    """Laws one after the other, so that each is built when it is written."""
    return [(parameters, make(*parameters)) for parameters in tuples]


def tail_root(tail, slope, target, start, digits=45):
    """Where the increasing log-concave tail reaches the target: Newton's iteration on its logarithm from below."""
    c = mp.mpf(start)
    for _ in range(2000):
        value = tail(c)
        step = -mp.log(value / target) * value / slope(c)
        c += max(-3, min(3, step))
        if abs(step) < mp.mpf(10) ** -digits * max(ONE, abs(c)):
            return c
    raise ArithmeticError((target, start))


def cumulative(*flat):
    xs, ps = [mp.mpf(x) for x in flat[::2]], [mp.mpf(p) for p in flat[1::2]]
    pieces = list(zip(xs, xs[1:], ps, ps[1:]))
    at_x = lambda x: next(piece for piece in pieces if x <= piece[1])
    at_p = lambda p: next(piece for piece in pieces if p <= piece[3])

    def cdf(x):
        a, b, p, q = at_x(x)
        return p + (q - p) * (x - a) / (b - a)

    def quantile(u):
        a, b, p, q = at_p(u)
        return a + (b - a) * (u - p) / (q - p)

    def density(x):
        a, b, p, q = at_x(x)
        return (q - p) / (b - a)

    mean = sum((q - p) * (a + b) / 2 for a, b, p, q in pieces)
    variance = sum((q - p) * (((a + b) / 2 - mean) ** 2 + (b - a) ** 2 / 12) for a, b, p, q in pieces)
    return Law(cdf, lambda x: 1 - cdf(x), quantile, lambda u: quantile(1 - u), density, mean, variance)


def write_cumulative():
    digits(330)
    write("cumulative", sets(
        cumulative, (0, 0, 1, 1), (0, 0, 2, 0.25, 5, 0.75, 12, 1), (-3, 0, 0, 0.5, 1e-3, 1), (1, 0, 2, 0.1, 4, 0.7, 9, 1),
        (-5, 0, -1, 0.9, 0, 1), (0, 0, 1e-9, 1e-12, 1, 1), (1e6, 0, 1e6 + 1, 0.3, 1e6 + 3, 1), (0, 0, 1, 1 - 1e-12, 1e9, 1),
        (-1, 0, 1, 1e-9, 2, 1), (0, 0, 1e-6, 0.5, 1e6, 1), (7, 0, 8, 0.01, 9, 0.02, 10, 0.5, 11, 0.97, 40, 1),
        (-2e5, 0, -1e5, 1e-3, 4e4, 0.2, 4.1e4, 0.95, 7e7, 1)))


class Outward:
    """Tails of a density that is log-concave in c, each integrated from c outwards, in doubling panels."""

    def __init__(self, log_density, bend):
        self.log_density, self.bend = log_density, bend

    def kernel(self, c):
        return mp.exp(self.log_density(c))

    def outward(self, c, sign):
        slope, curvature = self.bend(c)
        step, base = 2 / (abs(slope) + mp.sqrt(curvature)), self.log_density(c)
        inside = lambda v: mp.exp(self.log_density(c + sign * v) - base)
        total, at = mp.mpf(0), mp.mpf(0)
        while inside(at) > mp.mpf("1e-26"):
            total += mp.quad(inside, [at, at + step])
            at, step = at + step, step * mp.mpf("1.5")
        return total * mp.exp(base)

    def lower(self, c):
        return self.outward(c, -1) if self.bend(c)[0] > 0 else 1 - self.outward(c, 1)

    def upper(self, c):
        return 1 - self.outward(c, -1) if self.bend(c)[0] > 0 else self.outward(c, 1)

    def inverse(self, lower, upper, start):
        if lower <= upper:
            return tail_root(self.lower, self.kernel, lower, start, 20)
        return -tail_root(lambda c: self.upper(-c), lambda c: self.kernel(-c), upper, -start, 20)


def chi_squared(df):
    a = mp.mpf(df) / 2
    scale = mp.loggamma(a)
    law = Outward(lambda c: a * c - mp.exp(c) - scale, lambda c: (a - mp.exp(c), mp.exp(c)))
    of = lambda x: mp.log(x / 2) if x else mp.mpf("-1e9")

    def quantile(lower, upper):
        power = (mp.log(lower) + mp.loggamma(a + 1)) / a
        return mp.mpf(0) if power < -800 else 2 * mp.exp(law.inverse(lower, upper, max(power, mp.log(a)) if a > 1 else power))

    return Law(
        lambda x: law.lower(of(x)), lambda x: law.upper(of(x)), lambda p: quantile(p, 1 - p), lambda q: quantile(1 - q, q),
        lambda x: law.kernel(of(x)) / x if x else None, mp.mpf(df), 2 * mp.mpf(df))


def write_chi_squared():
    few_points()
    digits(60)
    write("chi_squared", sets(
        chi_squared, (0.05,), (0.5,), (1,), (2,), (3,), (4,), (7.5,), (20,), (399,), (401,), (1e4,), (2e6,), (1e9,)))


def ratio(z):
    """Mills' ratio, by its asymptotic series where erfc is out of reach."""
    if z < 1000:
        return mp.erfc(z / mp.sqrt(2)) * mp.exp(z * z / 2) * mp.sqrt(mp.pi / 2)
    total = ONE
    for k in range(40, 0, -1):
        total = 1 - (2 * k - 1) * total / z**2
    return total / z


def inverse_gaussian(mean, shape):
    mu, lam = mp.mpf(mean), mp.mpf(shape)

    def parts(x):
        root = mp.sqrt(lam / x)
        return root * (x / mu - 1), root * (x / mu + 1)

    density = lambda x: mp.sqrt(lam / (2 * mp.pi * x**3)) * mp.exp(-lam * (x - mu) ** 2 / (2 * mu**2 * x))

    def cdf(x):
        a, b = parts(x)
        return normal_density(a) * (ratio(-a) + ratio(b))

    def sf(x):
        a, b = parts(x)
        return normal_density(a) * (ratio(a) - ratio(b))

    def guess(small, sign):
        half = families.normal_z(small) * mp.sqrt(mu / lam) / 2
        return mp.log(mu) + sign * 2 * mp.log(half + mp.sqrt(1 + half**2))

    lower = lambda p: mp.exp(tail_root(lambda c: cdf(mp.exp(c)), lambda c: mp.exp(c) * density(mp.exp(c)), p, guess(min(p, 1 - p), -1)))
    upper = lambda q: mp.exp(-tail_root(lambda c: sf(mp.exp(-c)), lambda c: mp.exp(-c) * density(mp.exp(-c)), q, -guess(min(q, 1 - q), 1)))
    return Law(cdf, sf, lower, upper, density, mu, mu**3 / lam)


def write_inverse_gaussian():
    digits(100)
    write("inverse_gaussian", sets(
        inverse_gaussian, (1, 1), (3, 8), (2, 0.1), (10, 1e4), (1e-3, 1e3), (5, 5e-3), (1, 1e-6), (1, 1e-12), (7, 7e6), (1, 1e9),
        (1, 1e15), (1e6, 2e5), (1, 30), (0.25, 0.5)))


def irwin_hall(n):
    n = int(n)

    def sum_of_powers(x, power):
        return mp.fsum((-1) ** k * mp.binomial(n, k) * (x - k) ** power for k in range(int(mp.floor(x)) + 1)) / mp.factorial(power)

    def cdf(x):
        return ONE if x >= n else sum_of_powers(x, n) if x > 0 else mp.mpf(0)

    density = lambda x: sum_of_powers(x, n - 1) if 0 <= x < n else mp.mpf(1 if n == 1 and x == n else 0)

    def lower(p):
        if p > 0.5:
            return n - lower(1 - p)
        start = mp.log(p * mp.factorial(n)) / n
        return mp.exp(tail_root(lambda c: cdf(mp.exp(c)), lambda c: mp.exp(c) * density(mp.exp(c)), p, start))

    return Law(cdf, lambda x: cdf(n - x), lower, lambda q: n - lower(q), density, mp.mpf(n) / 2, mp.mpf(n) / 12)


def write_irwin_hall():
    digits(400)
    write("irwin_hall", sets(irwin_hall, *[(n,) for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 13, 16, 19, 20)]))


def light_tail(alpha, z):
    """2 ∫ φ(t) Φ(−α t) dt from z ≥ 0, in units of the steps in which it falls."""
    k = mp.sqrt(1 + alpha**2)
    ratio = lambda y: mp.erfc(y / mp.sqrt(2)) * mp.exp(y * y / 2)
    inside = lambda w: mp.exp(-w * (z * k + w / 2)) * ratio(alpha * (z + w / k))
    step = 4 / (1 + z * k)
    with mp.workdps(45):
        total = mp.quad(inside, [step * j for j in (0, 1, 2, 4, 7, 12)])
        rest = step * 12
        while inside(rest) > mp.mpf("1e-42"):
            total += mp.quad(inside, [rest, 1.5 * rest])
            rest *= 1.5
    return total / k * mp.exp(-(k * z) ** 2 / 2) / mp.sqrt(2 * mp.pi)


def skew_normal(location, scale, shape):
    location, scale, shape = mp.mpf(location), mp.mpf(scale), mp.mpf(shape)
    alpha, sign = abs(shape), (1 if shape >= 0 else -1)

    def below(z):
        return light_tail(alpha, -z) if z < 0 else mp.erf(z / mp.sqrt(2)) + light_tail(alpha, z)

    def above(z):
        return 1 - light_tail(alpha, -z) if z < 0 else 2 * normal_sf(z) - light_tail(alpha, z)

    density = lambda z: 2 * normal_density(z) * normal_sf(-alpha * z)
    k = mp.sqrt(1 + alpha**2)
    from_below = lambda p: tail_root(below, density, p, start_below(p), 30)
    from_above = lambda q: -tail_root(lambda c: above(-c), lambda c: density(-c), q, -families.normal_z(q / 2), 30)

    def start_below(p):
        rest = p - light_tail(alpha, mp.mpf(0))
        return -families.normal_z((1 + rest) / 2) if rest > 0 else -families.normal_z(p) / k

    lower = lambda p: from_below(p) if p <= 0.5 else from_above(1 - p)
    upper = lambda q: from_above(q) if q <= 0.5 else from_below(1 - q)
    if sign < 0:
        lower, upper = (lambda p, g=upper: -g(p)), (lambda q, g=lower: -g(q))
    delta = shape / k
    to_z = lambda x: sign * (x - location) / scale
    tails = (below, above) if sign > 0 else (above, below)
    return Law(
        lambda x: tails[0](to_z(x)), lambda x: tails[1](to_z(x)),
        lambda p: location + scale * lower(p), lambda q: location + scale * upper(q),
        lambda x: density(to_z(x)) / scale,
        location + scale * delta * mp.sqrt(2 / mp.pi), scale**2 * (1 - 2 * delta**2 / mp.pi))


def write_skew_normal():
    digits(50)
    write("skew_normal", sets(
        skew_normal, (0, 1, 0.01), (0, 1, 1), (0, 1, -1), (0, 1, 3), (2, 0.5, -4), (100, 15, 8), (0, 1, 50), (0, 1, 1e3), (0, 1, 1e6),
        (0, 2, -1e6), (0, 1, 1e12), (-3, 1e-3, 0.5), (0, 1, 1e-6)))


def metalog(*flat):
    ps, xs = [mp.mpf(p) for p in flat[::2]], [mp.mpf(x) for x in flat[1::2]]
    n = len(ps)

    def basis(k, c, logit):
        if k < 4:
            return [ONE, logit, c * logit, c][k]
        return c ** (k // 2) * (logit if k % 2 else 1)

    matrix = mp.matrix(n, n)
    for i, p in enumerate(ps):
        for k in range(n):
            matrix[i, k] = basis(k, p - mp.mpf("0.5"), mp.log(p / (1 - p)))
    weights = mp.lu_solve(matrix, mp.matrix(xs))

    def pair(logit):
        e = mp.exp(-abs(logit))
        return (e / (1 + e), 1 / (1 + e)) if logit < 0 else (1 / (1 + e), e / (1 + e))

    def value(lower, upper, logit=None):
        logit = mp.log(lower / upper) if logit is None else logit
        return mp.fsum(weights[k] * basis(k, (lower - upper) / 2, logit) for k in range(n))

    def logit_of(x):
        low, high = mp.mpf(-800), mp.mpf(800)
        at = mp.mpf(0)
        for _ in range(400):
            found = value(*pair(at), at) - x
            low, high = (at, high) if found < 0 else (low, at)
            rate = mp.diff(lambda t: value(*pair(t), t), at)
            after = at - found / rate
            after = after if low < after < high else (low + high) / 2
            if abs(after - at) < mp.mpf("1e-35") * (1 + abs(at)):
                return after
            at = after
        raise ArithmeticError(x)

    def density(x):
        at = logit_of(x)
        lower, upper = pair(at)
        return lower * upper / mp.diff(lambda t: value(*pair(t), t), at)

    grid = [value(*pair(mp.mpf(k) / 4), mp.mpf(k) / 4) for k in range(-400, 401)]
    assert all(a < b for a, b in zip(grid, grid[1:])), flat
    edges = [-300, -120, -60, -30, -12, -5, 0, 5, 12, 30, 60, 120, 300]
    moment = lambda g: mp.quad(lambda t: g(value(*pair(t), t)) * pair(t)[0] * pair(t)[1], edges)
    mean = moment(lambda x: x)
    return Law(
        lambda x: pair(logit_of(x))[0], lambda x: pair(logit_of(x))[1],
        lambda p: value(p, 1 - p), lambda q: value(1 - q, q), density, mean, moment(lambda x: (x - mean) ** 2))


def write_metalog():
    digits(60)
    write("metalog", sets(
        metalog, (0.1, 3, 0.9, 5), (0.05, 1, 0.5, 2, 0.95, 4), (0.1, 10, 0.5, 11, 0.9, 15), (0.1, -3, 0.5, 0, 0.9, 7),
        (0.05, 1e6, 0.5, 1e6 + 1, 0.95, 1e6 + 2), (0.1, 1, 0.3, 2, 0.6, 3, 0.9, 6), (0.01, 2, 0.25, 4, 0.75, 6, 0.99, 9),
        (0.05, 10, 0.25, 15, 0.5, 20, 0.75, 27, 0.95, 45), (1e-6, -12, 0.5, 1, 1 - 1e-6, 20), (0.49, 1, 0.51, 1.1),
        (0.02, 1, 0.1, 2, 0.3, 3.2, 0.6, 4.6, 0.85, 6.6, 0.98, 10), (1e-12, -40, 0.5, 0.5, 0.999, 9),
        (0.05, 10, 0.25, 16, 0.5, 20, 0.75, 25.5, 0.95, 37), (0.02, 1, 0.1, 2.5, 0.3, 3.6, 0.6, 4.7, 0.85, 6, 0.98, 8.5)), 1e-20)


def bounded_metalog(terms, lower, upper, *flat):
    """A metalog law of ln(x - lower), -ln(upper - x) or ln((x - lower) / (upper - x)); terms = 0: as many as points."""
    least, greatest = lower != -mp.inf, upper != mp.inf
    a, b = mp.mpf(lower), mp.mpf(upper)

    def inside(x):
        if least and greatest:
            return mp.log((x - a) / (b - x))
        return mp.log(x - a) if least else -mp.log(b - x)

    def outside(m):
        if least and greatest:
            return (a + b * mp.exp(m)) / (1 + mp.exp(m))
        return a + mp.exp(m) if least else b - mp.exp(-m)

    points = [mp.mpf(x) if k % 2 == 0 else inside(mp.mpf(x)) for k, x in enumerate(flat)]
    inner = metalog(*points)

    def rate(x):
        return (1 / (x - a) if least else 0) + (1 / (b - x) if greatest else 0)

    def at(t):
        e = mp.exp(-abs(t))
        return inner.lower_quantile(e / (1 + e)) if t < 0 else inner.upper_quantile(e / (1 + e))

    weight = lambda t: mp.exp(-abs(t)) / (1 + mp.exp(-abs(t))) ** 2
    edges = [-300, -120, -60, -30, -12, -5, 0, 5, 12, 30, 60, 120, 300]
    moment = lambda g: mp.quad(lambda t: g(outside(at(t))) * weight(t), edges)
    mean = moment(lambda x: x)
    def held(x, below, above, value):
        """At a bound, where a number that is rounded may come to lie, there is no logarithm."""
        return below if least and x <= a else above if greatest and x >= b else value(inside(x))

    return Law(
        lambda x: held(x, 0 * ONE, ONE, inner.cdf), lambda x: held(x, ONE, 0 * ONE, inner.sf),
        lambda p: outside(inner.lower_quantile(p)), lambda q: outside(inner.upper_quantile(q)),
        lambda x: held(x, 0 * ONE, 0 * ONE, lambda m: inner.density(m) * rate(x)), mean,
        moment(lambda x: (x - mean) ** 2))


def write_bounded_metalog():
    digits(60)
    inf = float("inf")
    write("bounded_metalog", sets(
        bounded_metalog, (0, 0, inf, 0.1, 3, 0.5, 4, 0.9, 6), (0, 0, inf, 0.05, 1, 0.3, 2, 0.7, 4, 0.95, 7),
        (0, 1, inf, 0.1, 2, 0.9, 3), (0, -5, inf, 0.1, -3, 0.5, 0, 0.9, 2), (0, -inf, 10, 0.1, 3, 0.5, 6, 0.9, 8),
        (0, -inf, 0, 0.1, -9, 0.9, -2), (0, -inf, 12, 0.05, 1, 0.3, 3, 0.7, 6, 0.95, 9), (0, 0, 10, 0.1, 1, 0.5, 2.5, 0.9, 6),
        (0, 0, 1, 0.1, 0.2, 0.9, 0.7), (0, -3, 8, 0.05, -2, 0.3, 0, 0.6, 2, 0.95, 6), (0, 0, 1e6, 0.1, 10, 0.5, 500, 0.9, 9e4),
        (0, 100, 101, 0.25, 100.2, 0.5, 100.4, 0.75, 100.7)), 1e-20)


parts = {name[len("write_"):]: part for name, part in list(globals().items()) if name.startswith("write_")}
if __name__ == "__main__":
    points = families.LOWER, families.UPPER
    for name in sys.argv[1:] or parts:
        families.LOWER, families.UPPER = points
        parts[name]()
        print(name, flush=True)
