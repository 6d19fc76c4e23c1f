"""Reference values of the families whose distribution functions are closed forms: writes FAMILY.csv beside itself.

Run: python3 families_closed.py [FAMILY …]                (mpmath 1.3.0, Python 3.11)

Rows as in families.py, at fewer points; what leaves the range of f64 has no row, nor has a moment that does not exist.
"""
import sys

import mpmath as mp

import families
from families import Law, each, normal_density, normal_sf, normal_z, write

families.LOWER[:] = [1e-300, 1e-100, 1e-20, 1e-5, 0.01, 0.1, 0.25, 0.4, 0.5]
families.UPPER[:] = [0.51, 0.75, 0.95, 0.999, 1 - 2.0**-53]
NONE = mp.nan
HALF = mp.mpf(1) / 2


def within(law, positive=False):
    """`law` with nan for what f64 cannot hold."""
    def guard(f):
        def guarded(x):
            if mp.isnan(x) or not mp.isfinite(x) or (positive and x < mp.mpf("1e-305")):
                return NONE
            value = f(x)
            return value if abs(value) < mp.mpf("1e305") and (not positive or value > mp.mpf("1e-305")) else NONE
        return guarded
    moment = lambda x: x if mp.isfinite(x) and abs(x) < mp.mpf("1e305") else NONE
    return Law(guard(law.cdf), guard(law.sf), guard(law.lower_quantile), guard(law.upper_quantile),
               guard(law.density), moment(law.mean), moment(law.variance))


def arcsine(a, b):
    a, b = mp.mpf(a), mp.mpf(b)
    w = b - a
    share = lambda x: 2 / mp.pi * mp.asin(mp.sqrt(x / w))
    return within(Law(
        lambda x: share(x - a), lambda x: share(b - x),
        lambda p: a + w * mp.sin(mp.pi * p / 2) ** 2, lambda q: b - w * mp.sin(mp.pi * q / 2) ** 2,
        lambda x: 1 / (mp.pi * mp.sqrt((x - a) * (b - x))) if a < x < b else NONE, (a + b) / 2, w**2 / 8))


def pareto(shape, least):
    k, m = mp.mpf(shape), mp.mpf(least)
    t = lambda x: k * mp.log(x / m)
    return within(Law(
        lambda x: -mp.expm1(-t(x)), lambda x: mp.exp(-t(x)),
        lambda p: m * (1 - p) ** (-1 / k), lambda q: m * q ** (-1 / k),
        lambda x: k / x * mp.exp(-t(x)),
        k * m / (k - 1) if k > 1 else NONE, m**2 * k / ((k - 1) ** 2 * (k - 2)) if k > 2 else NONE), True)


def logistic(location, scale):
    m, s = mp.mpf(location), mp.mpf(scale)
    return Law(
        lambda x: 1 / (1 + mp.exp((m - x) / s)), lambda x: 1 / (1 + mp.exp((x - m) / s)),
        lambda p: m + s * mp.log(p / (1 - p)), lambda q: m - s * mp.log(q / (1 - q)),
        lambda x: 1 / (4 * s * mp.cosh((x - m) / (2 * s)) ** 2), m, (mp.pi * s) ** 2 / 3)


def laplace(location, scale):
    m, s = mp.mpf(location), mp.mpf(scale)
    tail = lambda x: mp.exp(-abs(x - m) / s) / 2
    return Law(
        lambda x: tail(x) if x < m else 1 - tail(x), lambda x: tail(x) if x > m else 1 - tail(x),
        lambda p: m + s * mp.log(2 * p), lambda q: m - s * mp.log(2 * q),
        lambda x: tail(x) / s, m, 2 * s**2)


def cauchy(location, scale):
    m, s = mp.mpf(location), mp.mpf(scale)
    tail = lambda y: mp.atan(1 / y) / mp.pi if y > 0 else HALF if y == 0 else 1 - mp.atan(-1 / y) / mp.pi
    far = lambda p: s * mp.cot(mp.pi * p) if p != HALF else mp.mpf(0)
    return within(Law(
        lambda x: tail((m - x) / s), lambda x: tail((x - m) / s),
        lambda p: m - far(p), lambda q: m + far(q),
        lambda x: 1 / (mp.pi * s * (1 + ((x - m) / s) ** 2)), NONE, NONE))


def trapezoidal(a, b, c, d):
    a, b, c, d = [mp.mpf(x) for x in (a, b, c, d)]
    r, m, f = b - a, c - b, d - c
    n = r + 2 * m + f
    rise = lambda x: (x - a) ** 2 / (n * r)
    fall = lambda x: (d - x) ** 2 / (n * f)
    moment = lambda k: ((d ** (k + 2) - c ** (k + 2)) / f if f else (k + 2) * d ** (k + 1)) - (
        (b ** (k + 2) - a ** (k + 2)) / r if r else (k + 2) * a ** (k + 1))
    mean = 2 * moment(1) / (6 * n)
    square = 2 * moment(2) / (12 * n)
    cdf = lambda x: rise(x) if x < b else (r + 2 * (x - b)) / n if x <= c else 1 - fall(x)
    sf = lambda x: fall(x) if x > c else (f + 2 * (c - x)) / n if x >= b else 1 - rise(x)
    at = lambda p, q: (a + mp.sqrt(p * n * r) if p * n < r else b + (p * n - r) / 2 if p * n <= r + 2 * m
                       else d - mp.sqrt(q * n * f))
    return Law(
        cdf, sf, lambda p: at(p, 1 - p), lambda q: at(1 - q, q),
        lambda x: 2 * (x - a) / (n * r) if x < b else 2 * (d - x) / (n * f) if x > c else 2 / n,
        mean, square - mean**2)


def gpd(location, scale, shape):
    m, s, k = mp.mpf(location), mp.mpf(scale), mp.mpf(shape)
    t = lambda x: mp.log1p(k * (x - m) / s) / k if k else (x - m) / s
    at = lambda t: m + s * (mp.expm1(k * t) / k if k else t)
    end = m - s / k if k < 0 else mp.inf
    inside = lambda f: lambda x: f(x) if m <= x < end else NONE
    return within(Law(
        inside(lambda x: -mp.expm1(-t(x))), inside(lambda x: mp.exp(-t(x))),
        lambda p: at(-mp.log1p(-p)), lambda q: at(-mp.log(q)),
        inside(lambda x: mp.exp(-t(x)) / (s + k * (x - m))),
        m + s / (1 - k) if k < 1 else NONE, s**2 / ((1 - k) ** 2 * (1 - 2 * k)) if k < HALF else NONE))


def gev(location, scale, shape):
    m, s, k = mp.mpf(location), mp.mpf(scale), mp.mpf(shape)
    inside = lambda f: lambda x: f(x) if s + k * (x - m) > 0 else NONE
    h = lambda x: mp.exp(-(mp.log1p(k * (x - m) / s) / k if k else (x - m) / s))
    at = lambda h: m + s * (mp.expm1(-k * mp.log(h)) / k if k else -mp.log(h))
    g1, g2 = [mp.gamma(1 - j * k) if j * k < 1 else NONE for j in (1, 2)]
    return within(Law(
        inside(lambda x: mp.exp(-h(x))), inside(lambda x: -mp.expm1(-h(x))),
        lambda p: at(-mp.log(p)), lambda q: at(-mp.log1p(-q)),
        inside(lambda x: h(x) * mp.exp(-h(x)) / (s + k * (x - m))),
        m + s * (g1 - 1) / k if k else m + s * mp.euler,
        s**2 * (g2 - g1**2) / k**2 if k else (mp.pi * s) ** 2 / 6))


def rayleigh(scale):
    s = mp.mpf(scale)
    t = lambda x: (x / s) ** 2 / 2
    return within(Law(
        lambda x: -mp.expm1(-t(x)), lambda x: mp.exp(-t(x)),
        lambda p: s * mp.sqrt(-2 * mp.log1p(-p)), lambda q: s * mp.sqrt(-2 * mp.log(q)),
        lambda x: x / s**2 * mp.exp(-t(x)), s * mp.sqrt(mp.pi / 2), s**2 * (2 - mp.pi / 2)), True)


def loglogistic(shape, scale):
    k, s = mp.mpf(shape), mp.mpf(scale)
    odds = lambda x: (x / s) ** k
    b = mp.pi / k
    mean = b / mp.sin(b) if k > 1 else NONE
    return within(Law(
        lambda x: odds(x) / (1 + odds(x)), lambda x: 1 / (1 + odds(x)),
        lambda p: s * (p / (1 - p)) ** (1 / k), lambda q: s * ((1 - q) / q) ** (1 / k),
        lambda x: k / x * odds(x) / (1 + odds(x)) ** 2,
        s * mean, s**2 * (2 * b / mp.sin(2 * b) - mean**2) if k > 2 else NONE), True)


def frechet(shape, scale, location):
    k, s, m = mp.mpf(shape), mp.mpf(scale), mp.mpf(location)
    h = lambda x: ((x - m) / s) ** -k
    inside = lambda f: lambda x: f(x) if x > m else NONE
    g1, g2 = [mp.gamma(1 - j / k) if j < k else NONE for j in (1, 2)]
    return within(Law(
        inside(lambda x: mp.exp(-h(x))), inside(lambda x: -mp.expm1(-h(x))),
        lambda p: m + s * (-mp.log(p)) ** (-1 / k), lambda q: m + s * (-mp.log1p(-q)) ** (-1 / k),
        inside(lambda x: k * h(x) / (x - m) * mp.exp(-h(x))), m + s * g1, s**2 * (g2 - g1**2)), m == 0)


def burr12(c, k, scale):
    c, k, s = mp.mpf(c), mp.mpf(k), mp.mpf(scale)
    w = lambda x: (x / s) ** c
    m1, m2 = [k * mp.beta(k - n / c, 1 + n / c) if c * k > n else NONE for n in (1, 2)]
    return within(Law(
        lambda x: -mp.expm1(-k * mp.log1p(w(x))), lambda x: (1 + w(x)) ** -k,
        lambda p: s * mp.expm1(-mp.log1p(-p) / k) ** (1 / c), lambda q: s * mp.expm1(-mp.log(q) / k) ** (1 / c),
        lambda x: k * c * w(x) / x * (1 + w(x)) ** (-k - 1), s * m1, s**2 * (m2 - m1**2)), True)


def kumaraswamy(alpha, beta, a, b):
    k, l, a, b = [mp.mpf(x) for x in (alpha, beta, a, b)]
    w = b - a
    power = lambda x: ((x - a) / w) ** k
    inside = lambda f: lambda x: f(x) if a < x < b else NONE
    m1, m2 = [l * mp.beta(l, 1 + n / k) for n in (1, 2)]
    return within(Law(
        inside(lambda x: -mp.expm1(l * mp.log1p(-power(x)))), inside(lambda x: (1 - power(x)) ** l),
        lambda p: a + w * (-mp.expm1(mp.log1p(-p) / l)) ** (1 / k), lambda q: a + w * (1 - q ** (1 / l)) ** (1 / k),
        inside(lambda x: k * l / w * power(x) / ((x - a) / w) * (1 - power(x)) ** (l - 1)),
        a + w * m1, w**2 * (m2 - m1**2)), a == 0)


def johnson_su(gamma, delta, location, scale):
    g, d, m, s = [mp.mpf(x) for x in (gamma, delta, location, scale)]
    y = lambda x: (x - m) / s
    z = lambda x: g + d * mp.asinh(y(x))
    omega = mp.exp(1 / d**2)
    return within(Law(
        lambda x: normal_sf(-z(x)), lambda x: normal_sf(z(x)),
        lambda p: m + s * mp.sinh((-normal_z(p) - g) / d), lambda q: m + s * mp.sinh((normal_z(q) - g) / d),
        lambda x: normal_density(z(x)) * d / (s * mp.sqrt(1 + y(x) ** 2)),
        m - s * mp.sqrt(omega) * mp.sinh(g / d), s**2 / 2 * (omega - 1) * (omega * mp.cosh(2 * g / d) + 1)))


def johnson_sb(gamma, delta, location, scale):
    """Moments by the trapezoidal rule at 40 digits."""
    g, d, m, s = [mp.mpf(x) for x in (gamma, delta, location, scale)]
    y = lambda x: (x - m) / s
    z = lambda x: g + d * mp.log(y(x) / (1 - y(x)))
    share = lambda z: 1 / (1 + mp.exp(-(z - g) / d))
    inside = lambda f: lambda x: f(x) if m < x < m + s else NONE
    with mp.workdps(40):
        step = min(mp.mpf(1) / 5, d / 5)
        count = int((16 + min(abs(g), 1 / d)) / step)
        nodes = [(normal_density(k * step) * step, share(k * step)) for k in range(-count, count + 1)]
        mean = sum(w * x for w, x in nodes)
        variance = sum(w * (x - mean) ** 2 for w, x in nodes)
    return within(Law(
        inside(lambda x: normal_sf(-z(x))), inside(lambda x: normal_sf(z(x))),
        lambda p: m + s * share(-normal_z(p)), lambda q: m + s * share(normal_z(q)),
        inside(lambda x: normal_density(z(x)) * d / (s * y(x) * (1 - y(x)))), m + s * mean, s**2 * variance), m == 0)


LAWS = {
    "arcsine": (arcsine, [(0, 1), (-5, 3), (7.7, 8.3), (-7, 0), (0, 1e-200), (1e6, 1e6 + 1), (-1e200, 1e199),
                          (2, 1e9), (-1e-3, 1), (0.1, 0.3), (-8.5, -8.25), (0, 1e12)]),
    "pareto": (pareto, [(3, 2), (1.5, 1e-3), (1, 1), (0.5, 1e6), (0.05, 1), (30, 7), (1e6, 1), (2.001, 5), (1.001, 5),
                        (2, 1), (0.05, 1e-200), (1e6, 1.1e9)]),
    "logistic": (logistic, [(0, 1), (10, 2), (-1e6, 3), (2.6, 1e-3), (0, 1e-200), (0, 1e150), (1e9, 1), (-3, 0.5),
                            (0.1, 0.3), (100, 15), (5, 1e6), (-2, 7)]),
    "cauchy": (cauchy, [(0, 1), (10, 2), (-1e6, 3), (2.6, 1e-3), (0, 1e-200), (0, 1e150), (1e9, 1), (-3, 0.5),
                        (0.1, 0.3), (100, 15), (5, 1e6), (-2, 7)]),
    "trapezoidal": (trapezoidal, [(1, 2, 4, 8), (0, 0, 1, 1), (0, 0, 1, 3), (-4, -1, 0, 0), (-1, 5, 5, 6), (0, 0, 0, 1),
                                  (-1, 0, 0, 0), (7.7, 7.8, 8.1, 8.3), (0, 1e-9, 1, 1), (0, 1, 1e6, 1e9),
                                  (1e6, 1e6 + 0.25, 1e6 + 0.75, 1e6 + 1), (-3, 2, 8, 8), (0, 3, 3, 3)]),
    "burr12": (burr12, [(3, 2, 100), (0.5, 8, 1), (2, 0.4, 1e-3), (1, 1, 1), (40, 0.1, 5), (5, 1e3, 1), (0.05, 50, 1),
                        (1e6, 0.05, 7), (1e6, 1e6, 7), (0.05, 1e6, 1), (1.5, 1.5, 2), (3.9, 0.6, 1), (4.1, 0.6, 1)]),
    "kumaraswamy": (kumaraswamy, [(2, 5, 0, 1), (0.5, 0.5, 0, 1), (1, 1, -2, 3), (30, 70, 5, 6), (1e5, 2, 0, 1),
                                  (0.05, 1, 0, 1), (1, 0.05, 0, 1), (1e6, 1e6, 0, 1), (0.05, 1e6, 0, 1),
                                  (1e6, 0.05, 0, 1), (3.9, 2, 0, 10), (4.1, 0.1, 0, 10), (2, 1e6, 0, 8)]),
    "johnson_su": (johnson_su, [(-1, 2, 10, 3), (0, 1, 0, 1), (2, 0.8, -5, 1e-3), (0.5, 1e6, 0, 1e6), (0, 0.05, 0, 1),
                                (1, 0.3, 2, 1), (-5, 3, 0, 1), (5, 1, 0, 1e100), (0.1, 10, 100, 15), (-0.5, 0.6, 0, 1),
                                (3, 100, 7, 2), (0, 2, -1e6, 1)]),
    "johnson_sb": (johnson_sb, [(1, 2, 0, 10), (0, 0.5, 0, 1), (-2, 0.8, -5, 1e-3), (0.5, 1e6, 0, 1e6), (0, 0.05, 0, 1),
                                (1, 0.1, 2, 1), (-5, 3, 0, 1), (5, 1, 0, 1e100), (0.1, 10, 100, 15), (-0.5, 0.6, 0, 1),
                                (3, 100, 7, 2), (0, 2, 0, 8)]),
    "gpd": (gpd, [(0, 1, 0), (10, 2, 0.2), (0, 3, 1e-12), (-5, 1, -1e-9), (-1, 1, -1), (0, 1, -0.3), (0, 1, 0.7),
                  (2, 1e-3, 5), (0, 1, 20), (0, 5, -20), (0, 1, 1e6), (3, 1, -1e6), (0, 1, 0.499), (0, 1, 1e-20),
                  (7, 0.3, -0.4), (0, 1, -1e-5)]),
    "gev": (gev, [(0, 1, 0), (100, 20, 0.1), (0, 3, 1e-12), (-5, 1, -1e-9), (-1, 1, -1), (0, 1, -0.3), (1, 1, 1),
                  (2, 1e-3, 5), (0, 1, 20), (0, 5, -20), (0, 1, 0.499), (0, 1, 0.9), (0, 1, 1e-20), (7, 0.3, -0.4),
                  (0, 1, -1e-5), (5, 1, 1e-3), (1013, 558, -3)]),
    "rayleigh": (rayleigh, [(1,), (8,), (1e-100,), (1e150,), (0.3,), (1e6,), (3e-9,), (7.7,), (1e9,), (0.05,), (100,),
                            (2.6,)]),
    "loglogistic": (loglogistic, [(4, 10), (1.5, 1e-3), (0.5, 2), (0.05, 1), (1, 1), (1.001, 3), (2.001, 3), (2.5, 1),
                                  (300, 5), (1e6, 7), (3.99, 2), (8, 1e150)]),
    "frechet": (frechet, [(4, 100, 0), (1.5, 1e-3, 0), (0.5, 2, 1), (0.05, 1, 0), (1, 1, 0), (1.001, 3, 0), (2.001, 3, 0),
                          (2.5, 1, -3), (300, 5, 0), (1e6, 7, 0), (1e5, 7, 0.3), (3.99, 2, 1e3), (8, 1e30, 0)]),
}
LAWS["laplace"] = (laplace, LAWS["logistic"][1])

if __name__ == "__main__":
    for family in sys.argv[1:] or LAWS:
        make, parameters = LAWS[family]
        write(family, each(make, *parameters))
