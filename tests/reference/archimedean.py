"""Coefficients of Archimedean copulas at 60 digits, as CSV beside this file. Needs mpmath."""

from pathlib import Path

from mpmath import mp, mpf, exp, expm1, hyper, log, quad

mp.dps = 60


def debye(n, x):
    points = [mpf(0), min(x, mpf(5)), min(x, mpf(20)), min(x, mpf(60)), x]
    points = sorted(set(points))
    return n / x**n * quad(lambda t: t**n / expm1(t), points)


def frank_kendall(t):
    return 1 - 4 * (1 - debye(1, t)) / t


def frank_spearman(t):
    return 1 - 12 * (debye(1, t) - debye(2, t)) / t


def clayton_spearman(t):
    a = 1 / t
    return 4 * hyper([a, 2 * a, 1], [2 * a + 1, 3 * a + 1], -1) - 3


def clayton_spearman_by_definition(t):
    def inner(v):
        return quad(lambda u: (u**-t + v**-t - 1) ** (-1 / t), [mpf(0), v / 2, v, (1 + v) / 2, mpf(1)])

    return 12 * quad(inner, [mpf(0), mpf("0.01"), mpf("0.2"), mpf("0.6"), mpf(1)]) - 3


with mp.workdps(15):
    for t in [mpf("0.2"), mpf(2), mpf(9)]:
        assert abs(clayton_spearman(t) - clayton_spearman_by_definition(t)) < 1e-12


def gumbel_spearman(theta):
    def a(t):
        return (t**theta + (1 - t)**theta) ** (1 / theta)

    half = quad(lambda t: (1 + a(t)) ** -2, [mpf(0), mpf("0.001"), mpf("0.1"), mpf("0.3"), mpf("0.45"), mpf("0.5")])
    return 24 * half - 3


rows = []
for theta in ["0.2", "2", "9", "80"]:
    t = mpf(theta)
    rows.append(("clayton", theta, "kendall", t / (t + 2)))
    rows.append(("clayton", theta, "tail", 2 ** (-1 / t)))
    rows.append(("clayton", theta, "spearman", clayton_spearman(t)))
for theta in ["0.5", "3", "-5.5", "14", "90"]:
    t = mpf(theta)
    sign = 1 if t > 0 else -1
    rows.append(("frank", theta, "kendall", sign * frank_kendall(abs(t))))
    rows.append(("frank", theta, "spearman", sign * frank_spearman(abs(t))))
for theta in ["1.25", "2", "5.5", "12"]:
    t = mpf(theta)
    rows.append(("gumbel", theta, "kendall", 1 - 1 / t))
    rows.append(("gumbel", theta, "tail", 2 - 2 ** (1 / t)))
    rows.append(("gumbel", theta, "spearman", gumbel_spearman(t)))

text = "copula,theta,coefficient,value\n"
text += "".join(f"{c},{t},{m},{mp.nstr(v, 55)}\n" for c, t, m, v in rows)
Path(__file__).with_suffix(".csv").write_text(text)
