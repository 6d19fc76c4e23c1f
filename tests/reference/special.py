"""Reference values of the functions in src/math that gamma, beta and Student laws rest on: writes helpers.csv.

    python3 tests/reference/special.py               writes helpers.csv beside this file
    python3 tests/reference/special.py coefficients  prints the tables of src/math/{ln_gamma,tail_quadrature}.rs

Made with Python 3.11, mpmath 1.3.0.
"""

import os
import sys
from mpmath import mp, mpf

DIGITS = 60
HERE = os.path.dirname(os.path.abspath(__file__))


def show(value):
    return mp.nstr(value, 25, min_fixed=-5, max_fixed=20)


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
        file.write("# 25 digits; special.py, Python 3.11, mpmath 1.3.0: python3 tests/reference/special.py\n")
        for name, x, y, value in rows:
            file.write(f"{name},{float(x)!r},{float(y)!r},{show(value)}\n")


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
        with mp.workdps(400):
            helpers()
