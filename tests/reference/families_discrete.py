"""Reference values of the discrete families that have closed or summed forms: writes FAMILY.csv beside this file.

    python3 tests/reference/families_discrete.py            writes all of them (minutes)
    python3 tests/reference/families_discrete.py zipf       writes some of them

A row is parameters, method, argument, value. Parameters (separated by spaces) and argument are f64, taken exactly. Tails
are series of positive terms of 50 digits and more, or 1 less the other tail with as many digits more as that loses;
quantiles are found on them by Newton's iteration and bisection. A quantile whose probability lies within a relative 1e-10 of a jump is left
out. Made with Python 3.11, mpmath 1.3.0.
"""
import math
import pathlib
import sys

import mpmath as mp

from families_incomplete import series

mp.mp.dps = 50
ONE = mp.mpf(1)
TINY = mp.mpf("1e-300")

LOWER = [1e-300, 1e-100, 1e-30, 1e-9, 1e-3, 0.1, 0.3, 0.49]
UPPER = [0.6, 0.9, 0.99, 1 - 1e-6, 1 - 2.0**-53]
UPPER_TAILS = [0.3, 0.01, 1e-6, 1e-15, 1e-30, 1e-100, 1e-300]


class Law:
    """A law on least, …, greatest: `tails(k)` gives the pair P(X <= k), P(X > k), `mass(k)` P(X = k)."""

    def __init__(self, least, greatest, tails, mass, mean, variance):
        self.least, self.greatest, self.mass, self.mean, self.variance = least, greatest, mass, mean, variance
        self.known = {}
        self.compute = tails

    def tails(self, k):
        if k not in self.known:
            self.known[k] = (ONE, mp.mpf(0)) if k >= self.greatest else self.compute(k)
        return self.known[k]

    def quantile(self, p, upper):
        """The least k whose lower tail reaches p (whose upper tail does not exceed p), None near a jump."""
        side = 1 if upper else 0
        reached = lambda k: self.tails(k)[1] <= p if upper else self.tails(k)[0] >= p
        near = lambda k: abs(self.tails(k)[side] / p - 1) < 1e-10
        low, high = self.least - 1, self.greatest
        k = max(self.least, min(int(self.mean), self.greatest))
        while high - low > 1:
            low, high = (low, k) if reached(k) else (k, high)
            tail, mass = self.tails(k)[side], self.mass(k)
            step = mp.log(p / tail) * tail / mass * (-1 if upper else 1) if tail and mass else mp.inf
            guess = int(mp.floor(k + step)) if mp.isfinite(step) else low
            if low < guess < high:
                k = guess
            elif guess <= low and abs(step) < 4:
                k = low + 1
            elif guess >= high and abs(step) < 4:
                k = high - 1
            else:
                k = (low + high) // 2 if high < math.inf else 2 * max(low, 8)
        return None if near(high) or (low >= self.least and near(low)) else high


def write(family, laws):
    rows = []
    for parameters, law in laws:
        print(family, parameters, file=sys.stderr)
        names = " ".join(repr(float(p)) for p in parameters)

        def row(method, argument, value):
            if value == 0 or abs(value) > TINY:
                rows.append(f"{names},{method},{float(argument)!r},{float(value)!r}")

        points = set()
        asked = [("quantile", u, mp.mpf(u), False) for u in LOWER]
        asked += [("quantile", u, 1 - mp.mpf(u), True) for u in UPPER]
        asked += [("upper_quantile", q, mp.mpf(q), True) for q in UPPER_TAILS]
        for method, argument, p, upper in asked:
            k = law.quantile(p, upper)
            if k is not None and k < 2**53:
                row(method, argument, k)
                points.add(k)
        for k in sorted(points):
            cdf, sf = law.tails(k)
            row("cdf", k, cdf)
            row("sf", k, sf)
            row("density", k, law.mass(k))
        row("mean", 0, law.mean)
        row("variance", 0, law.variance)
    head = f"# mpmath {mp.__version__}; Python {sys.version.split()[0]}; python3 families_discrete.py"
    text = "\n".join([head, "parameters,method,argument,value", *rows]) + "\n"
    pathlib.Path(__file__).with_name(f"{family}.csv").write_text(text)


def summed(mass, mean, below, above):
    """A tail added up from its largest term outwards, in integers, and 1 less it: `below` and `above` are its terms over
    the first."""
    def tails(k):
        with mp.workdps(70):
            if k < mean - 1:
                lower = mass(k) * below(k)
                return lower, 1 - lower
            upper = mass(k + 1) * above(k)
            return 1 - upper, upper
    return tails


def poisson(mean):
    mean = mp.mpf(mean)

    def mass(k):
        with mp.workdps(70):
            return mp.exp(k * mp.log(mean) - mean - mp.loggamma(k + 1))

    tails = summed(mass, mean, lambda k: series(k, mean, 1, -1, 0), lambda k: series(None, k + 2, mean))
    return Law(0, math.inf, tails, mass, mean, mean)


def binomial(n, p):
    n, p = int(n), mp.mpf(p)
    q = 1 - p

    def mass(k):
        with mp.workdps(70):
            choose = mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)
            return mp.exp(choose + k * mp.log(p) + (n - k) * mp.log(q))

    tails = summed(mass, n * p, lambda k: series(k, n - k + 1, q / p, -1), lambda k: series(n - k - 1, k + 2, p / q, -1))
    return Law(0, n, tails, mass, n * p, n * p * q)


def uniform_int(a, b):
    a, b = int(a), int(b)
    n = mp.mpf(b - a + 1)
    return Law(a, b, lambda k: ((k - a + 1) / n, (b - k) / n), lambda k: 1 / n, mp.mpf(a + b) / 2, (n * n - 1) / 12)


def geometric(p):
    p = mp.mpf(p)
    power = lambda k: mp.exp(k * mp.log1p(-p)) if p < 1 else mp.mpf(0)
    tails = lambda k: (-mp.expm1((k + 1) * mp.log1p(-p)), power(k + 1)) if p < 1 else (ONE, mp.mpf(0))
    return Law(0, math.inf, tails, lambda k: p * power(k) if k or p < 1 else ONE, (1 - p) / p, (1 - p) / p**2)


def fraction_beta(a, b, x, y):
    """I_x(a, b) by the continued fraction of DLMF 8.17.22, for x below the mean."""
    kernel = mp.exp(a * mp.log(x) + b * mp.log(y) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b))
    tiny = mp.mpf(10) ** -300
    f, c, d, m = ONE, ONE, mp.mpf(0), 0
    while True:
        if m == 0:
            numerator = ONE
        elif m % 2 == 0:
            h = m // 2
            numerator = h * (b - h) * x / ((a + 2 * h - 1) * (a + 2 * h))
        else:
            h = (m - 1) // 2
            numerator = -(a + h) * (a + b + h) * x / ((a + 2 * h) * (a + 2 * h + 1))
        d = 1 + numerator * d
        c = 1 + numerator / c
        d = 1 / (d or tiny)
        f *= c * d
        m += 1
        if m > 4 and abs(1 - c * d) < mp.mpf(10) ** (5 - mp.mp.dps):
            return kernel / a * (f - 1)


def negative_binomial(r, p):
    r, p = mp.mpf(r), mp.mpf(p)
    q = 1 - p

    def tails(k):
        if q == 0:
            return ONE, mp.mpf(0)
        with mp.workdps(40):
            # The side that is away from the mean of the beta law converges; the other is its complement.
            if p * (r + k + 1) < r:
                lower = fraction_beta(r, mp.mpf(k + 1), p, q)
                return lower, 1 - lower
            upper = fraction_beta(mp.mpf(k + 1), r, q, p)
            return 1 - upper, upper

    mass = lambda k: mp.exp(mp.loggamma(k + r) - mp.loggamma(k + 1) - mp.loggamma(r) + r * mp.log(p) + (k * mp.log(q) if k else 0))
    return Law(0, math.inf, tails, mass, r * q / p, r * q / p**2)


def choose(n, k):
    return mp.mpf(math.comb(n, k))


def tabled(least, masses, mean, variance):
    """A law whose probabilities are all listed."""
    lower, upper = [], []
    total = mp.mpf(0)
    for m in masses:
        total += m
        lower.append(total)
    assert abs(total - 1) < mp.mpf("1e-40"), total
    total = mp.mpf(0)
    for m in reversed(masses):
        upper.append(total)
        total += m
    upper.reverse()
    return Law(least, least + len(masses) - 1, lambda k: (lower[k - least], upper[k - least]),
               lambda k: masses[k - least], mean, variance)


def beta_binomial(n, alpha, beta):
    n, a, b = int(n), mp.mpf(alpha), mp.mpf(beta)
    with mp.workdps(70):
        mass = mp.exp(mp.loggamma(n + b) - mp.loggamma(n + a + b) + mp.loggamma(a + b) - mp.loggamma(b))
        masses = [mass]
        for k in range(n):
            mass *= (n - k) * (k + a) / ((k + 1) * (n - k - 1 + b))
            masses.append(mass)
        mean = n * a / (a + b)
        variance = n * a * b * (a + b + n) / ((a + b) ** 2 * (a + b + 1))
    return tabled(0, masses, mean, variance)


def hypergeometric(population, successes, draws):
    N, K, n = int(population), int(successes), int(draws)
    least, most = max(0, n + K - N), min(n, K)
    with mp.workdps(70):
        ln_choose = lambda n, k: mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)
        mode = min(max((n + 1) * (K + 1) // (N + 2), least), most)
        peak = mp.exp(ln_choose(K, mode) + ln_choose(N - K, n - mode) - ln_choose(N, n))
        up, mass = [], peak
        for k in range(mode, most):
            mass *= mp.mpf((K - k) * (n - k)) / ((k + 1) * (N - K - n + k + 1))
            if mass < mp.mpf("1e-400"):
                break
            up.append(mass)
        down, mass = [], peak
        for k in range(mode, least, -1):
            mass *= mp.mpf(k * (N - K - n + k)) / ((K - k + 1) * (n - k + 1))
            if mass < mp.mpf("1e-400"):
                break
            down.append(mass)
        mean = mp.mpf(n) * K / N
        variance = mean * (N - K) / N * (N - n) / (N - 1) if N > 1 else mp.mpf(0)
    return tabled(mode - len(down), down[::-1] + [peak] + up, mean, variance)


def powers(s, a, b):
    """The sum of k^-s over a <= k <= b."""
    s = mp.mpf(s)
    if b - a < 300:
        return mp.fsum(mp.mpf(k) ** -s for k in range(a, b + 1))
    # Euler–Maclaurin between a + 250 and b, where 40 corrections have more than 50 digits for the exponents used.
    start = a + 250
    head = mp.fsum(mp.mpf(k) ** -s for k in range(a, start))
    x, y = mp.mpf(start), mp.mpf(b)
    integral = mp.log(y / x) if s == 1 else (y ** (1 - s) - x ** (1 - s)) / (1 - s)
    total = integral + (x**-s + y**-s) / 2
    rising = s
    for i in range(1, 41):
        if i > 1:
            rising *= (s + 2 * i - 3) * (s + 2 * i - 2)
        total += mp.bernoulli(2 * i) / mp.factorial(2 * i) * rising * (x ** (1 - s - 2 * i) - y ** (1 - s - 2 * i))
    return head + total


def zipf(s, n):
    s, n = mp.mpf(s), int(n)
    with mp.workdps(300):
        total = powers(s, 1, n)
        mean = powers(s - 1, 1, n) / total
        variance = powers(s - 2, 1, n) / total - mean**2

    def tails(k):
        with mp.workdps(80):
            return powers(s, 1, k) / total, powers(s, k + 1, n) / total

    return Law(1, n, tails, lambda k: mp.mpf(k) ** -s / total, mean, variance)


def logarithmic(p):
    p = mp.mpf(p)
    with mp.workdps(80):
        scale = -mp.log1p(-p)
        mean = p / ((1 - p) * scale)
        variance = p * (scale - p) / ((1 - p) ** 2 * scale**2)

    def above(k):
        """The sum of p^j / j over j > k: Euler–Maclaurin from 200 on, p^k times E1 and corrections."""
        with mp.workdps(80):
            if p < 0.9:
                total, term, j = mp.mpf(0), p ** (k + 1), k + 1
                while total == 0 or term > total * mp.mpf(10) ** -70:
                    total += term / j
                    term *= p
                    j += 1
                return total
            start = max(k + 1, 200)
            s, x = -mp.log(p), mp.mpf(start)
            total = mp.fsum(p**j / j for j in range(k + 1, start)) + mp.expint(1, s * x) + mp.exp(-s * x) / x / 2
            z, series, term, order = s * x, ONE, ONE, 0
            for i in range(1, 36):
                while order < 2 * i - 1:
                    order += 1
                    term *= z / order
                    series += term
                derivative = -mp.factorial(order) / x ** (order + 1) * mp.exp(-z) * series
                total -= mp.bernoulli(2 * i) / mp.factorial(2 * i) * derivative
            return total

    def tails(k):
        with mp.workdps(80):
            upper = above(k) / scale
            lower = mp.fsum(p**j / j for j in range(1, k + 1)) / scale if k < 100 else 1 - upper
            return lower, upper

    return Law(1, math.inf, tails, lambda k: p**k / k / scale, mean, variance)


FAMILIES = {
    "uniform_int": (uniform_int, [(1, 6), (0, 0), (-3, 3), (0, 1), (1, 1e9), (-1e15, 1e15), (1, 365), (7, 1000006),
                                  (-(2**53), 2**53 - 1 - 2**53), (2**53 - 100, 2**53), (-1e9, -1), (1, 3)]),
    "geometric": (geometric, [(0.5,), (0.2,), (0.999,), (1e-12,), (1e-6,), (1,), (1 - 2.0**-53,), (0.03,), (0.9,), (1e-9,),
                              (1e-3,), (0.75,)]),
    "negative_binomial": (negative_binomial, [
        (1, 0.5), (2.5, 0.2), (0.05, 0.3), (0.05, 1e-6), (0.05, 0.999), (1e6, 0.5), (1e6, 0.999999), (1e6, 1e-3), (1e-3, 0.05),
        (1e-3, 0.9), (1e-3, 1e-9), (3, 1e-12), (0.3, 1e-12), (100.5, 0.01), (4, 1), (1e9, 0.999), (2, 2e-6),
        (1000, 0.001)]),
    "poisson": (poisson, [
        (0.1,), (3.7,), (20,), (50,), (1e4,), (1e6,), (0.001,), (700.5,), (1e-12,), (1e-300,), (0.05,), (1e9,), (1e-6,)]),
    "binomial": (binomial, [
        (40, 0.15), (1, 0.5), (2, 0.5), (1000, 1e-3), (1e6, 0.3), (40, 0.97), (100, 0.5), (5, 1e-9), (1e5, 0.9999), (2.0**50, 1e-10),
        (2.0**53, 1e-12), (64, 1e-12), (1e8, 0.05), (300, 1 - 2.0**-53), (1e9, 1e-12)]),
    "beta_binomial": (beta_binomial, [
        (10, 2, 3), (1, 0.5, 0.5), (0, 1, 1), (40, 0.05, 0.05), (40, 0.05, 7), (100, 1e6, 1e6), (1000, 1e6, 3), (2000, 0.7, 1e6),
        (500, 1e9, 1e9), (30, 1e-3, 1e-3), (300, 1e-3, 50), (20000, 30, 70), (20000, 0.5, 0.05), (64, 1e9, 1e-3)]),
    "hypergeometric": (hypergeometric, [
        (50, 5, 10), (10, 10, 3), (10, 0, 3), (10, 7, 8), (1, 1, 1), (5, 2, 5), (1000, 500, 500), (1e6, 1000, 1e5),
        (1e9, 3, 5e8), (1e9, 1e4, 1e6), (1e9, 999999000, 2e5), (1e5, 3e4, 7e4), (52, 13, 13), (1e9, 5e8, 5e4)]),
    "zipf": (zipf, [
        (1, 10), (1, 1e6), (0, 1e6), (2, 1e6), (0.5, 1e5), (50, 1e6), (1.0000001, 1e6), (3.5, 100), (1, 1), (0.05, 1000),
        (1.2, 1e12), (300, 5), (9, 1e3)]),
    "logarithmic": (logarithmic, [
        (0.5,), (0.9,), (0.99,), (1 - 1e-6,), (1 - 1e-12,), (1e-12,), (0.05,), (0.6,), (0.49,), (0.999,), (1e-3,), (0.75,)]),
}

if __name__ == "__main__":
    for name in sys.argv[1:] or FAMILIES:
        make, sets = FAMILIES[name]
        write(name, [(parameters, make(*parameters)) for parameters in sets])
