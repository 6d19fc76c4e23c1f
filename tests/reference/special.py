"""Reference values for the gamma, beta, PERT, Student t, Poisson and binomial families.

    python3 tests/reference/special.py               writes gamma.csv, beta.csv, … beside this file (minutes)
    python3 tests/reference/special.py gamma beta    writes some of them
    python3 tests/reference/special.py coefficients  prints the tables of src/math/{ln_gamma,tail_quadrature}.rs

Distribution functions are summed in integers of 60 digits and more from series of positive terms (a complement gets as
many digits more as it loses), quantiles by Newton's iteration on them; some values are compared with mpmath's own
functions on the way. Made with Python 3.11, mpmath 1.3.0. Columns:

    quantile, parameters, tail (lower or upper), probability, quantile
    tails, parameters, x, cdf, sf
    density, parameters, x, density
"""

import os
import sys
from mpmath import mp, mpf

DIGITS = 60
HERE = os.path.dirname(os.path.abspath(__file__))
TINY, HUGE = mpf("2.3e-308"), mpf("1.7e308")

LOWER = [1e-300, 1e-200, 1e-100, 1e-30, 1e-15, 1e-9, 1e-6, 1e-3, 0.01, 0.05, 0.1, 0.25, 0.4, 0.49, 0.5 - 1e-9, 0.5,
         0.5 + 1e-9, 0.6, 0.75, 0.9, 0.99, 0.999, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12, 1 - 2.0**-53]
UPPER = [0.3, 0.1, 0.01, 1e-6, 1e-15, 1e-30, 1e-100, 1e-200, 1e-300]


def lost(p):
    """Decimal digits a complement about as small as p loses, with a margin for the first steps of an iteration."""
    return 0 if p is None or p <= 0 else int(max(0, -mp.log10(p)) * 1.2) + 30


def series(numerator, denominator, x, up=1, down=1):
    """1 + n₀/d₀ x + n₀ n₁/(d₀ d₁) x² + …, n and d growing by `up` and `down` a step (a None numerator: x/d alone)."""
    bits = mp.prec + 20
    one = 1 << bits
    fix = lambda v: int(mp.nint(mpf(v) * one))
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
    return mpf(total) / one


class Gamma:
    """P and Q of shape a, coordinate ln x."""

    def __init__(self, a):
        self.a = mpf(a)

    def kernel(self, x):
        return mp.exp(self.a * mp.log(x) - x - mp.loggamma(self.a))

    def lower(self, x):
        return self.kernel(x) * series(None, self.a + 1, x) / self.a

    def upper(self, x, about):
        with mp.workdps(mp.dps + lost(about)):
            return 1 - self.lower(x)

    def inverse(self, lower, upper):
        small, rising = (lower, 1) if lower <= upper else (upper, -1)
        tail = (lambda x: self.lower(x)) if rising == 1 else (lambda x: self.upper(x, small))
        at = lambda c: tail(mp.exp(c))
        start = mp.log(small * mp.gamma(self.a + 1)) / self.a if rising == 1 else mp.log(self.a + 1)
        if rising == 1:
            start = min(start, mp.log(self.a + 1))
        else:
            # ln Q is concave in −ln x: start beyond the root, at Chernoff's bound
            depth = -mp.log(small)
            start = mp.log(self.a + mp.sqrt(2 * self.a * depth) + depth)
        return mp.exp(newton(at, lambda c: rising * self.kernel(mp.exp(c)), small, start))


class Beta:
    """I_x(a, b) and its complement, coordinate ln(x/(1 − x))."""

    def __init__(self, a, b):
        self.a, self.b = mpf(a), mpf(b)
        self.ln_beta = mp.loggamma(self.a) + mp.loggamma(self.b) - mp.loggamma(self.a + self.b)

    def pair(self, c):
        e = mp.exp(-abs(c))
        return (e / (1 + e), 1 / (1 + e)) if c < 0 else (1 / (1 + e), e / (1 + e))

    def kernel(self, x, y):
        return mp.exp(self.a * mp.log(x) + self.b * mp.log(y) - self.ln_beta)

    def direct(self, x, y):
        return self.kernel(x, y) / self.a * series(self.a + self.b, self.a + 1, x)

    def lower(self, x, y, about=None):
        if y > mpf("0.1") or about is None and x * (self.a + self.b) < self.a:
            return self.direct(x, y)
        with mp.workdps(mp.dps + lost(about)):
            other = Beta(self.b, self.a)
            exact = (x, 1 - x) if x < y else (1 - y, y)
            return 1 - other.direct(exact[1], exact[0])

    def upper(self, x, y, about=None):
        return Beta(self.b, self.a).lower(y, x, about)

    def inverse(self, lower, upper):
        """(x, 1 − x)."""
        if lower > upper:
            y, x = Beta(self.b, self.a).inverse(upper, lower)
            return x, y
        start = (mp.log(lower * self.a) + self.ln_beta) / self.a
        centre, depth = mp.log(self.a / self.b), -mp.log(lower)
        if self.a > 8 * self.b and self.a > 30 and self.b < 1000:
            # −a ln x is nearly gamma of shape b: start at Chernoff's bound
            decay = (self.b + mp.sqrt(2 * self.b * depth) + depth) / self.a
            start = -decay - mp.log(-mp.expm1(-decay))
        elif min(self.a, self.b) >= 10:
            start = centre - mp.sqrt(2 * depth * (1 / self.a + 1 / self.b))
        else:
            start = min(start, centre - 2)
        c = newton(lambda c: self.lower(*self.pair(c), lower), lambda c: self.kernel(*self.pair(c)), lower, start)
        return self.pair(c)


def newton(tail, slope, target, start):
    """The coordinate at which tail = target; ln tail is concave, so Newton's iteration converges."""
    c = mpf(start)
    for _ in range(400):
        value = tail(c)
        step = -mp.log(value / target) * value / slope(c)
        c += step
        if abs(step) < mpf(10) ** -26:
            return c
    raise ArithmeticError(f"no convergence for {target} from {start}")


class Poisson:
    def __init__(self, mean):
        self.mean = mpf(mean)
        self.centre, self.greatest = self.mean, None

    def mass(self, k):
        return mp.exp(k * mp.log(self.mean) - self.mean - mp.loggamma(k + 1))

    def below(self, k):
        """P(X ≤ k) from k downwards."""
        return self.mass(k) * series(k, self.mean, 1, -1, 0)

    def above(self, k):
        """P(X > k) from k + 1 upwards."""
        return self.mass(k + 1) * series(None, k + 2, self.mean)

    def sd(self):
        return mp.sqrt(self.mean)


class Binomial(Poisson):
    def __init__(self, n, p):
        self.n, self.p = int(n), mpf(p)
        self.q = 1 - self.p
        self.centre, self.greatest = self.n * self.p, self.n

    def mass(self, k):
        if k > self.n:
            return mpf(0)
        choose = mp.loggamma(self.n + 1) - mp.loggamma(k + 1) - mp.loggamma(self.n - k + 1)
        return mp.exp(choose + k * mp.log(self.p) + (self.n - k) * mp.log(self.q))

    def below(self, k):
        return self.mass(k) * series(k, self.n - k + 1, self.q / self.p, -1)

    def above(self, k):
        if k >= self.n:
            return mpf(0)
        return self.mass(k + 1) * series(self.n - k - 1, k + 2, self.p / self.q, -1)

    def sd(self):
        return mp.sqrt(self.n * self.p * self.q)


def smallest(law, lower, upper):
    """Smallest k with F(k) ≥ lower, decided on the smaller tail: Newton's iteration from outside, then single steps."""
    if lower <= upper:
        tail, reaches, outwards = law.below, (lambda k: law.below(k) >= lower), -1
    else:
        tail, reaches, outwards = law.above, (lambda k: law.above(k) <= upper), 1
    small = min(lower, upper)
    most = law.greatest if law.greatest is not None else 10**18
    inside = lambda k: min(max(int(k), 0), most)
    k = inside(law.centre + outwards * (law.sd() * mp.sqrt(-2 * mp.log(small)) + 1))
    for _ in range(100):
        value = tail(k)
        if value == 0 or law.mass(k) == 0:
            break
        step = outwards * mp.log(value / small) * value / law.mass(k)
        if abs(step) < 2 or inside(k + step) == k:
            break
        k = inside(k + step)
    while not reaches(k):
        k += 1
    while k > 0 and reaches(k - 1):
        k -= 1
    return k


def show(value):
    return mp.nstr(value, 25, min_fixed=-5, max_fixed=20)


def points():
    for p in LOWER:
        yield "lower", p, mpf(p), 1 - mpf(p)
    for p in UPPER:
        yield "upper", p, 1 - mpf(p), mpf(p)


def write(name, sets, quantile, tails, density):
    """One file: `quantile(parameters, lower, upper)`, `tails(parameters, x)` at doubles near every third quantile."""
    with open(os.path.join(HERE, f"{name}.csv"), "w") as file:
        file.write(f"# {name}: 25 digits; special.py, Python 3.11, mpmath 1.3.0: python3 tests/reference/special.py\n")
        for parameters in sets:
            written = " ".join(repr(float(p)) for p in parameters)
            seen = set()
            for index, (tail, p, lower, upper) in enumerate(points()):
                x = quantile(parameters, lower, upper)
                if x is None or x != 0 and not TINY < abs(x) < HUGE:
                    continue
                file.write(f"quantile,{written},{tail},{p!r},{show(x)}\n")
                at = float(x)
                if index % 3 and abs(index - 25) > 1 and tail == "lower" or at in seen:
                    continue
                seen.add(at)
                cdf, sf = tails(parameters, mpf(at), min(lower, upper))
                file.write(f"tails,{written},{at!r},{show(cdf)},{show(sf)}\n")
                height = density(parameters, mpf(at))
                if height is not None:
                    file.write(f"density,{written},{at!r},{show(height)}\n")
    print(name, flush=True)


def gamma():
    def quantile(p, lower, upper):
        return Gamma(p[0]).inverse(lower, upper) * mpf(p[1])

    def tails(p, x, small):
        z, law = x / mpf(p[1]), Gamma(p[0])
        return law.lower(z), law.upper(z, small * mpf("1e-3"))

    def density(p, x):
        return Gamma(p[0]).kernel(x / mpf(p[1])) / x

    check(Gamma(3.7).lower(mpf(5)), mp.gammainc(3.7, 0, 5, regularized=True))
    check(Gamma(100).upper(mpf(150), mpf(1e-6)), mp.gammainc(100, 150, mp.inf, regularized=True))
    sets = [(0.001, 1), (0.05, 1), (0.5, 2), (1, 3), (3.7, 0.5), (20, 1), (100, 1), (450.5, 1), (1e4, 1), (1e6, 1), (1e8, 1)]
    write("gamma", sets, quantile, tails, density)


def beta_laws():
    def quantile(p, lower, upper):
        x, y = Beta(p[0], p[1]).inverse(lower, upper)
        return p[2] + (p[3] - p[2]) * x if p[2] else p[3] * x

    def tails(p, v, small):
        x = (v - p[2]) / (mpf(p[3]) - p[2])
        law = Beta(p[0], p[1])
        with mp.workdps(mp.dps + 330):
            exact = (x, 1 - x)
            if x > 0.5:
                upper = Beta(p[1], p[0]).direct(1 - x, x)
                return 1 - upper, upper
            lower = Beta(p[0], p[1]).direct(*exact)
            return lower, 1 - lower

    def density(p, v):
        width = mpf(p[3]) - p[2]
        x = (v - p[2]) / width
        return Beta(p[0], p[1]).kernel(x, 1 - x) / (x * (1 - x) * width) if 0 < x < 1 else None

    check(Beta(2.77, 25.8).lower(mpf("0.2"), mpf("0.8")), mp.betainc(2.77, 25.8, 0, 0.2, regularized=True), "1e-14")
    sets = [(15, 85), (0.5, 0.5), (0.1, 3), (3, 0.1), (1, 1), (2.77, 25.8), (30, 70), (0.01, 0.02), (0.01, 50), (400, 0.3), (1e5, 2e5),
            (12, 3e4), (1e7, 1e6), (1e7, 1e7), (0.01, 1e7), (1e7, 1.5)]
    write("beta", [(*s, 0, 1) for s in sets], quantile, tails, density)

    def pert(p):
        a, mode, b, shape = (mpf(v) for v in p)
        return (1 + shape * (mode - a) / (b - a), 1 + shape * (b - mode) / (b - a), a, b)

    sets = [(1.6, 3.2, 4.8, 4), (0, 0, 1, 4), (0, 10, 10, 4), (0.1, 0.2, 5, 4), (2, 3, 9, 0.5), (0, 3, 10, 40), (100, 101, 110, 4), (0, 1e-3, 1, 1e4)]
    write("pert", sets, lambda p, l, u: quantile(pert(p), l, u), lambda p, x, s: tails(pert(p), x, s),
          lambda p, x: density(pert(p), x))


def student():
    def quantile(p, lower, upper):
        df, location, scale = (mpf(v) for v in p)
        small = min(lower, upper)
        if lower == upper:
            return location
        x, y = Beta(df / 2, mpf(1) / 2).inverse(2 * small, 1 - 2 * small)
        t = mp.sqrt(df * y / x)
        return location + scale * (-t if lower < upper else t)

    def tails(p, v, small):
        df, location, scale = (mpf(w) for w in p)
        t = (v - location) / scale
        x, y = df / (df + t * t), t * t / (df + t * t)
        with mp.workdps(mp.dps + 330):
            x, y = df / (df + t * t), t * t / (df + t * t)
            tail = Beta(df / 2, mpf(1) / 2).direct(x, y) if x < 0.5 else 1 - Beta(mpf(1) / 2, df / 2).direct(y, x)
            tail /= 2
            return (tail, 1 - tail) if t < 0 else (1 - tail, tail)

    def density(p, v):
        df, location, scale = (mpf(w) for w in p)
        t = (v - location) / scale
        ln = mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - (df + 1) / 2 * mp.log1p(t * t / df)
        return mp.exp(ln) / mp.sqrt(df * mp.pi) / scale

    sets = [(0.5, 0, 1), (1, 0, 1), (2, 0, 1), (3.3, 0, 1), (10, 0, 2), (40, 0, 1), (1e3, 0, 1), (1e6, 0, 1), (1e9, 0, 1)]
    write("student_t", sets, quantile, tails, density)


def lattice():
    sets = [(0.1,), (3.7,), (20,), (50,), (1e4,), (1e6,), (0.001,), (700.5,)]
    write("poisson", sets, lambda p, l, u: mpf(smallest(Poisson(*p), l, u)),
          lambda p, x, s: (Poisson(*p).below(int(x)), Poisson(*p).above(int(x))), lambda p, x: Poisson(*p).mass(int(x)))
    sets = [(40, 0.15), (1, 0.5), (2, 0.5), (1000, 1e-3), (1e6, 0.3), (40, 0.97), (100, 0.5), (5, 1e-9), (1e5, 0.9999), (2.0**50, 1e-10)]
    write("binomial", sets, lambda p, l, u: mpf(smallest(Binomial(*p), l, u)),
          lambda p, x, s: (Binomial(*p).below(int(x)), Binomial(*p).above(int(x))), lambda p, x: Binomial(*p).mass(int(x)))


def helpers():
    """helpers.csv: function, argument, second argument or 0, value."""
    tiny, near = [1e-300, 1e-100, 1e-20, 1e-8, 1e-3], [2.0**-40, 1e-8, 1e-3, 0.1, 0.3, 0.49]
    positive = tiny + [0.1, 0.4999, 0.5, 0.7, 1.3, 1.46163, 1.5, 1.7, 2.4, 2.5, 2.6, 3, 4.2, 5, 7.7, 9.99, 10, 10.5, 15, 33.3, 171, 1e3, 1e6, 1e10, 1e15, 1e100, 1e300]
    positive += [1 + s * d for d in near for s in (1, -1)] + [2 + s * d for d in near for s in (1, -1)]
    signed = [s * d for d in [1e-300, 1e-20, *near] for s in (1, -1)] + [0.0125, 0.22, 0.25, -0.2, 0.5, 0.51, -0.51]
    shapes = [1e-100, 0.001, 0.3, 1, 2.5, 9.5, 10.5, 40, 1e3, 1e7, 1e12]
    stirling = lambda x: mp.loggamma(x) - ((x - 0.5) * mp.log(x) - x + mp.log(2 * mp.pi) / 2)
    rows = [("ln_gamma", x, 0, mp.loggamma(mpf(x))) for x in positive if x not in (1, 2)]
    rows += [("ln_gamma_1p", x, 0, mp.loggamma(1 + mpf(x))) for x in signed]
    rows += [("stirling_remainder", x, 0, stirling(mpf(x))) for x in positive if 1e-3 <= x <= 1e15]
    rows += [("log1pmx", x, 0, mp.log1p(mpf(x)) - x) for x in signed + [-0.59, -0.61, -0.99, 1, 1.49, 1.51, 3, 1e6]  if abs(x) > 1e-100]
    rows += [("expm1mx", x, 0, mp.expm1(mpf(x)) - x) for x in signed + [-40, -3, 3, 40] if abs(x) > 1e-100]
    rows += [("ln_beta", a, b, mp.loggamma(mpf(a)) + mp.loggamma(mpf(b)) - mp.loggamma(mpf(a) + mpf(b)))
             for a in shapes for b in shapes]
    with open(os.path.join(HERE, "helpers.csv"), "w") as file:
        file.write("# 25 digits; special.py, Python 3.11, mpmath 1.3.0: python3 tests/reference/special.py helpers\n")
        for name, x, y, value in rows:
            file.write(f"{name},{float(x)!r},{float(y)!r},{show(value)}\n")
    print("helpers", flush=True)


def check(ours, theirs, tolerance="1e-40"):
    assert abs(ours / theirs - 1) < mpf(tolerance), (ours, theirs)


def with_digits(digits, part):
    def run():
        with mp.workdps(digits):
            part()
    return run


def coefficients():
    for k in range(2, 31):
        print(f"    {float((-1) ** k * (mp.zeta(k) - 1) / k)!r},")
    n = 32
    for k in range(n // 2, 0, -1):
        near = mp.cos(mp.pi * (k - mpf(1) / 4) / (n + mpf(1) / 2))
        x = mp.findroot(lambda t: mp.legendre(n, t), near)
        slope = n * (x * mp.legendre(n, x) - mp.legendre(n - 1, x)) / (x * x - 1)
        print(f"    ({float(x)!r}, {float(2 / ((1 - x * x) * slope * slope))!r}),")


if __name__ == "__main__":
    mp.dps = DIGITS
    if sys.argv[1:] == ["coefficients"]:
        coefficients()
    else:
        parts = {"gamma": gamma, "beta": beta_laws, "student_t": student, "lattice": with_digits(40, lattice), "helpers": with_digits(400, helpers)}
        for part in sys.argv[1:] or parts:
            parts[part]()
