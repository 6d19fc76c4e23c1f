"""Reference values of the families in src/distribution: writes FAMILY.csv beside itself.

Run: python3 families.py                (mpmath 1.3.0, Python 3.11)

A row is parameters, method, argument, value. Parameters (separated by spaces) and argument are f64, taken exactly; the
value has 330 digits before it is rounded to f64 (moments of truncated laws: 40). Truncated laws have the base's parameters, then min and max.
"""
import pathlib
import sys

import mpmath as mp

# Enough for 1 − 1e-300.
mp.mp.dps = 330
ONE = mp.mpf(1)

LOWER = [1e-300, 1e-200, 1e-100, 1e-50, 1e-20, 1e-10, 1e-5, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.49, 0.5]
UPPER = [0.51, 0.6, 0.7, 0.75, 0.9, 0.95, 0.99, 0.999, 1 - 1e-6, 1 - 1e-10, 1 - 2.0**-53]


class Law:
    """Tails are functions of x; the quantiles of a tail probability; density, mean, variance."""

    def __init__(self, cdf, sf, lower_quantile, upper_quantile, density, mean, variance):
        self.cdf, self.sf, self.density, self.mean, self.variance = cdf, sf, density, mean, variance
        self.lower_quantile, self.upper_quantile = lower_quantile, upper_quantile


def write(family, laws, least=0.0):
    rows = []
    for parameters, law in laws:
        names = " ".join(repr(float(p)) for p in parameters)

        def row(method, argument, value):
            if value is not None and (value == 0 or abs(value) > mp.mpf("1e-305")):
                rows.append(f"{names},{method},{argument!r},{float(value)!r}")

        points = set()
        for u in [u for u in LOWER + UPPER if u >= least]:
            value = law.lower_quantile(mp.mpf(u)) if u <= 0.5 else law.upper_quantile(1 - mp.mpf(u))
            row("quantile", u, value)
            points.add(float(value))
        for q in [q for q in LOWER if q >= least]:
            value = law.upper_quantile(mp.mpf(q))
            row("upper_quantile", q, value)
            points.add(float(value))
        for x in sorted(points):
            if abs(x) < 1e-305 and (x != 0 or family == "weibull"):
                continue
            row("cdf", x, law.cdf(mp.mpf(x)))
            row("sf", x, law.sf(mp.mpf(x)))
            row("density", x, law.density(mp.mpf(x)))
        row("mean", 0.0, law.mean)
        row("variance", 0.0, law.variance)
    head = f"# mpmath {mp.__version__}; Python {sys.version.split()[0]}; python3 {pathlib.Path(sys.argv[0]).name}"
    text = "\n".join([head, "parameters,method,argument,value", *rows]) + "\n"
    pathlib.Path(__file__).with_name(f"{family}.csv").write_text(text)


def normal_z(p):
    """z with P(Z > z) = p, by Newton on the logarithm of the tail."""
    if p > mp.mpf(1) / 2:
        return -normal_z(1 - p)
    if p == mp.mpf(1) / 2:
        return mp.mpf(0)
    z = mp.sqrt(-2 * mp.log(p)) if p < 0.05 else mp.mpf("0.5")
    for _ in range(80):
        tail = mp.erfc(z / mp.sqrt(2)) / 2
        step = tail * mp.log(tail / p) / normal_density(z)
        z += step
        if abs(step) < mp.mpf(10) ** -55:
            break
    return z


def normal_density(z):
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


def normal_sf(z):
    return mp.erfc(z / mp.sqrt(2)) / 2


def normal(mean, sd):
    mean, sd = mp.mpf(mean), mp.mpf(sd)
    return Law(
        lambda x: normal_sf((mean - x) / sd), lambda x: normal_sf((x - mean) / sd),
        lambda p: mean - sd * normal_z(p), lambda q: mean + sd * normal_z(q),
        lambda x: normal_density((x - mean) / sd) / sd, mean, sd**2)


def lognormal(mu, sigma):
    mu, sigma = mp.mpf(mu), mp.mpf(sigma)
    mean = mp.exp(mu + sigma**2 / 2)
    return Law(
        lambda x: normal_sf((mu - mp.log(x)) / sigma), lambda x: normal_sf((mp.log(x) - mu) / sigma),
        lambda p: mp.exp(mu - sigma * normal_z(p)), lambda q: mp.exp(mu + sigma * normal_z(q)),
        lambda x: normal_density((mp.log(x) - mu) / sigma) / (sigma * x), mean, mean**2 * mp.expm1(sigma**2))


def uniform(a, b):
    a, b = mp.mpf(a), mp.mpf(b)
    return Law(
        lambda x: (x - a) / (b - a), lambda x: (b - x) / (b - a),
        lambda p: a + p * (b - a), lambda q: b - q * (b - a),
        lambda x: 1 / (b - a), (a + b) / 2, (b - a) ** 2 / 12)


def triangular(a, mode, b):
    a, c, b = mp.mpf(a), mp.mpf(mode), mp.mpf(b)
    w, r, f = b - a, c - a, b - c
    rise = lambda x: (x - a) ** 2 / (w * r)
    fall = lambda x: (b - x) ** 2 / (w * f)
    return Law(
        lambda x: rise(x) if x < c else 1 - fall(x) if f else ONE,
        lambda x: fall(x) if x > c else 1 - rise(x) if r else ONE,
        lambda p: a + mp.sqrt(p * w * r) if p * w <= r else b - mp.sqrt((1 - p) * w * f),
        lambda q: b - mp.sqrt(q * w * f) if q * w <= f else a + mp.sqrt((1 - q) * w * r),
        lambda x: 2 / w if x == c else 2 * (x - a) / (w * r) if x < c else 2 * (b - x) / (w * f),
        (a + b + c) / 3, (w**2 - r * f) / 18)


def exponential(mean):
    mean = mp.mpf(mean)
    return Law(
        lambda x: -mp.expm1(-x / mean), lambda x: mp.exp(-x / mean),
        lambda p: -mean * mp.log1p(-p), lambda q: -mean * mp.log(q),
        lambda x: mp.exp(-x / mean) / mean, mean, mean**2)


def weibull(shape, scale):
    k, s = mp.mpf(shape), mp.mpf(scale)
    hazard = lambda x: (x / s) ** k
    return Law(
        lambda x: -mp.expm1(-hazard(x)), lambda x: mp.exp(-hazard(x)),
        lambda p: s * (-mp.log1p(-p)) ** (1 / k), lambda q: s * (-mp.log(q)) ** (1 / k),
        lambda x: k / s * (x / s) ** (k - 1) * mp.exp(-hazard(x)),
        s * mp.gamma(1 + 1 / k), s**2 * (mp.gamma(1 + 2 / k) - mp.gamma(1 + 1 / k) ** 2))


def gumbel(location, scale):
    m, s = mp.mpf(location), mp.mpf(scale)
    hazard = lambda x: mp.exp(-(x - m) / s)
    return Law(
        lambda x: mp.exp(-hazard(x)), lambda x: -mp.expm1(-hazard(x)),
        lambda p: m - s * mp.log(-mp.log(p)), lambda q: m - s * mp.log(-mp.log1p(-q)),
        lambda x: hazard(x) * mp.exp(-hazard(x)) / s, m + mp.euler * s, (mp.pi * s) ** 2 / 6)


def points(values, weights):
    """Law on rising values with exact weights."""
    total = sum(weights)
    ps = [w / total for w in weights]
    pairs = list(zip(values, ps))
    cdf = lambda x: sum((p for v, p in pairs if v <= x), mp.mpf(0))
    sf = lambda x: sum((p for v, p in pairs if v > x), mp.mpf(0))
    mean = sum(v * p for v, p in pairs)
    return Law(
        cdf, sf, lambda p: next(v for v in values if cdf(v) >= p), lambda q: next(v for v in values if sf(v) <= q),
        lambda x: sum((p for v, p in pairs if v == x), mp.mpf(0)), mean, sum(p * (v - mean) ** 2 for v, p in pairs))


def bernoulli(p):
    return points([mp.mpf(0), ONE], [1 - mp.mpf(p), mp.mpf(p)])


def discrete(*flat):
    pairs = sorted(zip(flat[::2], flat[1::2]))
    return points([mp.mpf(v) for v, _ in pairs], [mp.mpf(w) for _, w in pairs])


def truncated(base, low, high):
    """base on [low, high], all tails taken from whichever side is small; moments by quadrature over x."""
    infinite = [mp.mpf(b) for b in (low, high)]
    from_cdf, from_sf = (base.cdf(infinite[0]), base.sf(infinite[0])) if mp.isfinite(infinite[0]) else (mp.mpf(0), ONE)
    to_cdf, to_sf = (base.cdf(infinite[1]), base.sf(infinite[1])) if mp.isfinite(infinite[1]) else (ONE, mp.mpf(0))
    mass = from_sf - to_sf if from_sf < 0.5 else to_cdf - from_cdf

    def quantile(p, q):
        lower, upper = from_cdf + p * mass, to_sf + q * mass
        return base.lower_quantile(lower) if lower < upper else base.upper_quantile(upper)

    span = [quantile(mp.mpf(p), 1 - mp.mpf(p)) for p in ("1e-70", "1e-30", "1e-12", "1e-6", "0.001", "0.05", "0.25", "0.5")]
    span += [quantile(1 - mp.mpf(p), mp.mpf(p)) for p in ("0.25", "0.05", "0.001", "1e-6", "1e-12", "1e-30", "1e-70")]
    with mp.workdps(40):
        edges = [a + (b - a) * k / 16 for a, b in zip(span, span[1:]) for k in range(16)] + span[-1:]
        moment = lambda g: mp.quad(lambda x: g(x) * (base.density(x) / mass), edges)
        inside = moment(lambda x: ONE)
        mean = moment(lambda x: x) / inside
        variance = moment(lambda x: (x - mean) ** 2) / inside
        assert abs(inside - 1) < mp.mpf("1e-25"), (low, high, inside)
    return Law(
        lambda x: (base.cdf(x) - from_cdf) / mass if from_sf >= 0.5 else (from_sf - base.sf(x)) / mass,
        lambda x: (base.sf(x) - to_sf) / mass if to_cdf >= 0.5 else (to_cdf - base.cdf(x)) / mass,
        lambda p: quantile(p, 1 - p), lambda q: quantile(1 - q, q),
        lambda x: base.density(x) / mass, mean, variance)


def each(make, *tuples):
    return [(parameters, make(*parameters)) for parameters in tuples]


if __name__ == "__main__":
    inf = float("inf")
    write("normal", each(normal, (0, 1), (2.6, 0.01), (-1e6, 3), (100, 15), (0, 1e-200), (0, 1e150), (1e9, 1), (-3, 0.5), (0.1, 0.3),
                         (5, 1e6), (-2, 7), (1, 1e-6)))
    write("lognormal", each(lognormal, (0, 1), (2.0735, 0.0228), (-30, 2), (7, 0.001), (0, 0.25), (0, 0.05), (0, 1e-6), (1, 3), (5, 8),
                               (200, 1.5), (-200, 0.5), (0.3, 15)))
    write("uniform", each(uniform, (0, 1), (-5, 3), (7.7, 8.3), (0, 1e-200), (-1e150, 1e149), (1e6, 1e6 + 1), (-7, 0), (2, 1e9),
                           (-1e-3, 1), (0.1, 0.3), (-8.5, -8.25), (0, 1e12)))
    write("triangular", each(triangular, (-5, -3.5, 8), (0, 0, 1), (0, 1, 1), (1.6, 3.2, 4.8), (-1, 0, 0),
                                 (0, 1e-9, 1), (0, 1 - 1e-9, 1), (1e6, 1e6 + 0.25, 1e6 + 1), (0, 1, 1e9), (-1e9, 0, 1),
                                 (0, 1e-200, 3e-200), (-4, 1, 6)))
    write("exponential", each(exponential, (1,), (0.004,), (3e7,), (1e-200,), (1e150,), (0.05,), (1e6,), (7.7,), (1e-9,), (0.3,), (2.5,), (1e12,)))
    write("weibull", each(weibull, (1, 1), (1.5, 100), (0.5, 2), (8, 1e-3), (300, 5), (0.1, 1), (0.05, 1), (0.05, 1e6),
                           (1e6, 7), (2, 1e100), (3.7, 1e-100), (1.001, 3)))
    write("gumbel", each(gumbel, (0, 1), (1013, 558), (-3, 0.01), (0, 1e-200), (0, 1e150), (1e9, 1), (-1e6, 3), (0.1, 0.3), (5, 1e6),
                         (-2, 7), (100, 15), (2.6, 1e-3)))
    write("bernoulli", each(bernoulli, (0.3,), (0.9,), (1e-12,), (1e-300,), (0.5,), (1 - 2.0**-53,), (0.05,), (0.999,), (1e-6,), (0.1,), (0.75,), (2.0**-30,)))
    write("discrete", each(discrete, (1, 0.2, 2, 0.5, 10, 0.3), (-0.5, 3, 0.25, 1e-3, 7, 8), (0, 1), (0, 1, 1, 1e-12), (-1e9, 1, 1e9, 1),
                             (1, 3e-300, 2, 1), (1e-200, 1, 2e-200, 2, 3e-200, 4), (0, 0.05, 1, 0.95), (3, 1e6, 4, 1, 5, 1e-6, 6, 1e-12),
                             (-7, 1, -3, 2, 0, 3, 2, 4, 11, 7), (1e6, 0.5, 1e6 + 1, 0.5), (0, 1e150, 1, 1e149),
                             (100, 1, 1e12, 1e-9)))
    # Truncated laws start at 1e-50: a smaller part of their own tail is beyond the range of f64.
    base = lambda family, count: lambda *p: truncated(family(*p[:count]), *p[count:])
    write("truncated_normal", each(base(normal, 2), (0, 1, 8, inf), (0, 1, 30, inf), (0, 1, -inf, -30), (0, 1, -1, 2), (30, 7.5, 1, inf)), 1e-50)
    write("truncated_gumbel", each(base(gumbel, 2), (1013, 558, -1, inf)), 1e-50)
    write("truncated_exponential", each(base(exponential, 1), (3, 600, inf), (3, 1, 2)), 1e-50)
