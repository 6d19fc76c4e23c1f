"""Polynomial coefficients of src/math, as f64 literals that keep every bit.

Run: python3 coefficients.py            (mpmath 1.3.0, Python 3.11)

Each set interpolates its function at the Chebyshev nodes of the interval in 60 digits, is turned into powers and
rounded to f64. The line above a set tells the largest relative error of the rounded polynomial, evaluated exactly.
"""
import pathlib
import re
import statistics

import mpmath as mp

mp.mp.dps = 60


def powers(f, a, b, degree):
    """Coefficients, constant first, of the interpolant of f at the degree + 1 Chebyshev nodes of [a, b]."""
    n = degree + 1
    nodes = [mp.cos(mp.pi * (k + mp.mpf(1) / 2) / n) for k in range(n)]
    xs = [(a + b) / 2 + (b - a) / 2 * node for node in nodes]
    divided = [f(x) for x in xs]
    for level in range(1, n):
        for k in range(n - 1, level - 1, -1):
            divided[k] = (divided[k] - divided[k - 1]) / (xs[k] - xs[k - level])
    poly = [mp.mpf(0)]
    for k in range(n - 1, -1, -1):
        shifted = [mp.mpf(0)] + poly
        poly = [shifted[i] - xs[k] * (poly[i] if i < len(poly) else 0) for i in range(len(shifted))]
        poly[0] += divided[k]
    return poly[:n]


def show(name, f, a, b, degree):
    a, b = mp.mpf(a), mp.mpf(b)
    coefficients = [float(c) for c in powers(f, a, b, degree)]
    worst = mp.mpf(0)
    for k in range(2001):
        x = a + (b - a) * k / 2000
        exact = f(x)
        worst = max(worst, abs(mp.polyval([mp.mpf(c) for c in reversed(coefficients)], x) / exact - 1))
    print(f"// {name}: degree {degree} on [{mp.nstr(a, 6)}, {mp.nstr(b, 6)}], relative error {mp.nstr(worst, 3)}")
    print(f"const {name}: [f64; {degree + 1}] = [")
    for c in coefficients:
        print(f"    {c!r},")
    print("];\n")


def exp_tail(r):
    """(eʳ − 1 − r) / r²"""
    if abs(r) < mp.mpf("1e-12"):
        return mp.mpf(1) / 2 + r / 6 + r * r / 24
    return (mp.expm1(r) - r) / r**2


def ln_series(first):
    """Σ 2 zᵏ / (2k + first): for 3 and 5 the tails of ln((1 + s) / (1 − s)) = 2 s + s z Σ …, z = s²."""
    return lambda z: sum(2 * z**k / (2 * k + first) for k in range(45))


NORMAL_CENTRE = 5


def normal_tail(t):
    """(z + c) S(z) exp(z² / 2) for t = (z − c) / (z + c), S the survival function of the standard normal law."""
    if t == 1:
        return 1 / mp.sqrt(2 * mp.pi)
    z = NORMAL_CENTRE * (1 + t) / (1 - t)
    if z > 60:
        total, term = mp.mpf(0), mp.mpf(1)
        for k in range(200):
            total += term
            following = -term * (2 * k + 1) / z**2
            if abs(following) >= abs(term) or abs(following) < mp.mpf(10) ** -58:
                break
            term = following
        return (1 + NORMAL_CENTRE / z) * total / mp.sqrt(2 * mp.pi)
    return (z + NORMAL_CENTRE) * mp.erfc(z / mp.sqrt(2)) / 2 * mp.exp(z * z / 2)


def as241():
    """Wichura's coefficients as Python's own statistics module prints them, leading coefficient first there."""
    source = pathlib.Path(statistics.__file__).read_text()
    body = source[source.index("def _normal_dist_inv_cdf"):]
    names = iter(["CENTRE_NUMERATOR", "CENTRE_DENOMINATOR", "NEAR_NUMERATOR", "NEAR_DENOMINATOR", "FAR_NUMERATOR",
                  "FAR_DENOMINATOR"])
    for part in re.split(r"num = |den = ", body)[1:7]:
        found = re.findall(r"\d\.[\d_]+(?:e[+-]?\d+)?(?= \*|\))", part)[:8]
        values = [float(v.replace("_", "")) for v in found]
        print(f"const {next(names)}: [f64; {len(values)}] = [")
        for v in reversed(values):
            print(f"    {v!r},")
        print("];\n")


if __name__ == "__main__":
    half_ln2 = mp.log(2) / 2 * mp.mpf("1.0001")
    show("EXP", exp_tail, -half_ln2, half_ln2, 10)
    limit = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mp.mpf("1.0001")
    show("LN", ln_series(3), 0, limit, 7)
    show("LN_LOW", ln_series(5), 0, limit, 7)
    narrow, wide = mp.sqrt(mp.mpf(1) / 2) - 1, mp.sqrt(2) - 1
    show("ROOT_LOG2", lambda f: mp.log(1 + f, 2) / f, narrow, wide, 5)
    show("ROOT_EXP2", lambda t: mp.mpf(2) ** t, -mp.mpf(1) / 2, mp.mpf(1) / 2, 4)
    show("NORMAL_TAIL", normal_tail, -1, mp.mpf(40 - NORMAL_CENTRE) / (40 + NORMAL_CENTRE), 22)
    print("// AS 241, PPND16, constant coefficient first")
    as241()
    print("// ζ(n) − 1 for n = 2, 3, …")
    print([float(mp.zeta(n) - 1) for n in range(2, 32)])
