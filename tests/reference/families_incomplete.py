"""Reference values of beta, f, gamma, pert and student_t, which rest on the incomplete gamma and beta functions.

    python3 tests/reference/families_incomplete.py              writes all (minutes)
    python3 tests/reference/families_incomplete.py gamma f      writes some of them

Rows as in families.py. Distribution functions are summed in integers of 60 digits from series of positive terms (DLMF
8.7.1 and 8.17.8; a complement gets as many digits more as it loses); quantiles are found by Newton's iteration on the
logarithm of the smaller tail to 50 digits. Made with mpmath 1.3.0, Python 3.11.
"""
import functools
import sys

import mpmath as mp

import families
from families import Law, write
from families_closed import NONE, within

DIGITS = 60
HALF = mp.mpf(1) / 2
LEVELS = [1e-300, 1e-100, 1e-20, 1e-12, 1e-6, 1e-3, 0.01, 0.05, 0.25, 0.5], [0.75, 0.95, 0.999, 1 - 2.0**-53]


def series(numerator, denominator, x, up=1, down=1):
    """1 + n₀/d₀ x + n₀ n₁/(d₀ d₁) x² + …, n and d growing by `up` and `down` a step (a None numerator: x/d alone)."""
    bits = mp.mp.prec + 20
    one = 1 << bits
    fix = lambda v: int(mp.nint(mp.mpf(v) * one))
    top, bottom, factor = None if numerator is None else fix(numerator), fix(denominator), fix(x)
    term = total = one
    while term > 0:
        if top is None:
            term = term * factor // bottom
        else:
            term = (term * top // bottom) * factor >> bits
            top += up * one
        bottom += down * one
        total += term
    return mp.mpf(total) / one


def complement(small, other):
    """1 less what `other` gives, which is about 1 - `small`, with the digits more that this loses."""
    with mp.workdps(mp.mp.dps + int(max(0, -mp.log10(small))) + 10):
        return 1 - other()


def newton(tail, slope, target, start):
    """Where tail = target. ln tail is concave and `start` lies below: first with few digits, then with all of them."""
    c = mp.mpf(start)
    for digits, enough in ((25, "1e-16"), (DIGITS, "1e-50")):
        with mp.workdps(digits):
            for _ in range(400):
                value = tail(c)
                step = -mp.log(value / target) * value / slope(c)
                c += step
                if abs(step) < mp.mpf(enough):
                    break
            else:
                raise ArithmeticError((target, start))
    return c


class Gamma:
    """P and Q of shape a; quantiles are searched along ln x."""

    def __init__(self, a):
        self.a = mp.mpf(a)
        with mp.workdps(500):
            self.scale = mp.loggamma(self.a)

    def kernel(self, x):
        return mp.exp(self.a * mp.log(x) - x - self.scale)

    def lower(self, x):
        return self.kernel(x) * series(None, self.a + 1, x) / self.a

    def upper(self, x):
        # Q lies below the kernel over x - a, and above a hundredth of it for the x that are asked.
        bound = self.kernel(x) / (x - self.a + mp.sqrt(self.a)) / 100 if x > self.a else HALF
        return complement(min(bound, HALF), lambda: self.lower(x))

    def inverse(self, lower, upper):
        if lower <= upper:
            start = min(mp.log(lower * self.a) + self.scale, self.a * mp.log(self.a + 1)) / self.a
            return mp.exp(newton(lambda c: self.lower(mp.exp(c)), lambda c: self.kernel(mp.exp(c)), lower, start))
        # Chernoff's bound lies beyond.
        depth = -mp.log(upper)
        start = -mp.log(self.a + mp.sqrt(2 * self.a * depth) + depth)
        return mp.exp(-newton(lambda c: self.upper(mp.exp(-c)), lambda c: self.kernel(mp.exp(-c)), upper, start))


class Beta:
    """I_x(a, b) of x and y = 1 - x; quantiles are searched along ln(x/y)."""

    def __init__(self, a, b):
        self.a, self.b = mp.mpf(a), mp.mpf(b)
        with mp.workdps(500):
            self.scale = mp.loggamma(self.a) + mp.loggamma(self.b) - mp.loggamma(self.a + self.b)

    def turned(self):
        return Beta(self.b, self.a)

    def kernel(self, x, y):
        return mp.exp(self.a * mp.log(x) + self.b * mp.log(y) - self.scale)

    def direct(self, x, y):
        return self.kernel(x, y) / self.a * series(self.a + self.b, self.a + 1, x)

    def lower(self, x, y):
        if y > mp.mpf("0.1") or x * (self.a + self.b) < self.a / 2:
            return self.direct(x, y)
        # The first term of the series is a lower bound.
        bound = min(self.kernel(x, y) / self.a, HALF)

        def other():
            exact = (x, 1 - x) if x < y else (1 - y, y)
            return self.turned().direct(exact[1], exact[0])
        return complement(bound, other)

    def inverse(self, lower, upper):
        """(x, 1 - x)."""
        if lower > upper:
            y, x = self.turned().inverse(upper, lower)
            return x, y

        def pair(c):
            e = mp.exp(-abs(c))
            return (e / (1 + e), 1 / (1 + e)) if c < 0 else (1 / (1 + e), e / (1 + e))
        centre, depth = mp.log(self.a / self.b), -mp.log(lower)
        start = min((mp.log(lower * self.a) + self.scale) / self.a, centre - 2)
        if self.a > 8 * self.b and self.a > 30 and self.b < 1000:
            # -a ln x is nearly gamma of shape b: start at Chernoff's bound
            decay = (self.b + mp.sqrt(2 * self.b * depth) + depth) / self.a
            start = -decay - mp.log(-mp.expm1(-decay))
        elif min(self.a, self.b) >= 10:
            start = centre - mp.sqrt(2 * depth * (1 / self.a + 1 / self.b))
        return pair(newton(lambda c: self.lower(*pair(c)), lambda c: self.kernel(*pair(c)), lower, start))


@functools.cache
def exact_pair(x, y, law):
    """Both tails of `law` where x + y = 1 holds to the digits at hand: the smaller as itself."""
    if x * law.b < y * law.a:
        lower = law.lower(x, y)
        return lower, 1 - lower
    upper = law.turned().lower(y, x)
    return 1 - upper, upper


def gamma(shape, scale):
    law, a, s = Gamma(shape), mp.mpf(shape), mp.mpf(scale)

    @functools.cache
    def side(x):
        small = law.lower(x) if x < a else law.upper(x)
        return (small, 1 - small) if x < a else (1 - small, small)
    return within(Law(
        lambda x: side(x / s)[0], lambda x: side(x / s)[1],
        lambda p: s * law.inverse(p, 1 - p), lambda q: s * law.inverse(1 - q, q),
        lambda x: law.kernel(x / s) / x, a * s, a * s**2), True)


def beta(alpha, beta, low, high):
    return beta_law(mp.mpf(alpha), mp.mpf(beta), mp.mpf(low), mp.mpf(high))


def beta_law(alpha, beta, low, high):
    law, width = Beta(alpha, beta), high - low

    def shares(v):
        with mp.workdps(400):
            return (v - low) / width, (high - v) / width

    def inside(f, least, most):
        return lambda v: f(*shares(v)) if low < v < high else least if v == low else most

    def at(lower, upper):
        x, y = law.inverse(lower, upper)
        return low + width * x if x < y else high - width * y
    made = Law(
        inside(lambda x, y: exact_pair(x, y, law)[0], mp.mpf(0), mp.mpf(1)),
        inside(lambda x, y: exact_pair(x, y, law)[1], mp.mpf(1), mp.mpf(0)),
        lambda p: at(p, 1 - p), lambda q: at(1 - q, q),
        inside(lambda x, y: law.kernel(x, y) / (x * y * width), NONE, NONE),
        low + width * alpha / (alpha + beta), width**2 * alpha * beta / ((alpha + beta) ** 2 * (alpha + beta + 1)))
    return within(made, low == 0)


def pert(low, mode, high, shape):
    low, mode, high, shape = (mp.mpf(v) for v in (low, mode, high, shape))
    return beta_law(1 + shape * (mode - low) / (high - low), 1 + shape * (high - mode) / (high - low), low, high)


def student_t(df, location, scale):
    df, m, s = (mp.mpf(v) for v in (df, location, scale))
    law = Beta(df / 2, HALF)

    def beyond(t):
        """P(T > t), t >= 0."""
        return exact_pair(df / (df + t * t), t * t / (df + t * t), law)[0] / 2 if t else HALF

    def distance(p):
        if p == HALF:
            return mp.mpf(0)
        x, y = law.inverse(2 * p, 1 - 2 * p)
        return mp.sqrt(df * y / x)
    tail = lambda t: beyond(t) if t >= 0 else 1 - beyond(-t)
    at = lambda p, q: m - s * distance(p) if p < q else m + s * distance(q)
    density = lambda t: mp.exp(-law.scale - (df + 1) / 2 * mp.log1p(t * t / df)) / mp.sqrt(df)
    return within(Law(
        lambda x: tail((m - x) / s), lambda x: tail((x - m) / s), lambda p: at(p, 1 - p), lambda q: at(1 - q, q),
        lambda x: density((x - m) / s) / s, m if df > 1 else NONE, s**2 * df / (df - 2) if df > 2 else NONE))


def f(d1, d2):
    d1, d2 = mp.mpf(d1), mp.mpf(d2)
    law, ratio = Beta(d1 / 2, d2 / 2), d1 / d2
    pair = lambda x: (ratio * x / (1 + ratio * x), 1 / (1 + ratio * x))

    def at(lower, upper):
        x, y = law.inverse(lower, upper)
        return x / y / ratio
    mean = d2 / (d2 - 2) if d2 > 2 else NONE
    variance = 2 * d2**2 * (d1 + d2 - 2) / (d1 * (d2 - 2) ** 2 * (d2 - 4)) if d2 > 4 else NONE
    return within(Law(
        lambda x: exact_pair(*pair(x), law)[0], lambda x: exact_pair(*pair(x), law)[1],
        lambda p: at(p, 1 - p), lambda q: at(1 - q, q), lambda x: law.kernel(*pair(x)) / x, mean, variance), True)


FAMILIES = {
    "gamma": (gamma, [
        (0.001, 1), (0.05, 1), (0.5, 2), (1, 3), (1.0000001, 1), (3.7, 0.5), (20, 1), (100, 1e-9), (450.5, 1), (1e4, 7e6), (1e6, 1),
        (1e8, 1)]),
    "beta": (beta, [
        (15, 85, 0, 1), (0.5, 0.5, 0, 1), (0.05, 3, 0, 1), (3, 0.05, 0, 1), (1, 1, -2, 3), (2.77, 25.8, 0, 10), (30, 70, 5, 6),
        (0.01, 0.02, 0, 1), (0.01, 50, 0, 1), (400, 0.3, 0, 1), (1e5, 2e5, 0, 1), (12, 3e4, 0, 1), (1e6, 1e6, 0, 1), (1e7, 1e6, 0, 1),
        (0.01, 1e7, 0, 1), (1e7, 1.5, 0, 1)]),
    "pert": (pert, [
        (1.6, 3.2, 4.8, 4), (0, 0, 1, 4), (0, 10, 10, 4), (0.1, 0.2, 5, 4), (2, 3, 9, 0.5), (0, 3, 10, 40), (100, 101, 110, 4),
        (0, 1e-3, 1, 1e4), (-5, 0, 5, 0.05), (0, 1e-9, 1, 4), (-1e6, 2, 3e6, 4), (0, 0.5, 1, 1e6)]),
    "student_t": (student_t, [
        (0.5, 0, 1), (1, 0, 1), (2, 0, 1), (2.5, 0, 1), (3.3, 5, 0.1), (4, 0, 1), (10, 0, 2), (40, -7, 3), (1e3, 0, 1), (1e4, 0, 1e-9),
        (1e6, 0, 1), (1e9, 0, 1)]),
    "f": (f, [
        (5, 12), (1, 6), (2, 8), (7, 4.5), (0.05, 7), (3, 100), (40, 40), (200, 1e4), (1e6, 1e6), (1e9, 1e9), (1e9, 5), (5, 1e9)]),
}

if __name__ == "__main__":
    mp.mp.dps = DIGITS
    ours = Gamma(3.7).lower(mp.mpf(5)), Gamma(100).upper(mp.mpf(150)), Beta(2.5, 25).lower(mp.mpf("0.2"), mp.mpf("0.8"))
    theirs = (mp.gammainc(3.7, 0, 5, regularized=True), mp.gammainc(100, 150, mp.inf, regularized=True),
              mp.betainc(2.5, 25, 0, mp.mpf("0.2"), regularized=True))
    assert all(abs(a / b - 1) < mp.mpf("1e-50") for a, b in zip(ours, theirs))
    families.LOWER, families.UPPER = LEVELS
    for name in sys.argv[1:] or FAMILIES:
        make, sets = FAMILIES[name]
        write(name, [(parameters, make(*parameters)) for parameters in sets])
        print(name, flush=True)
