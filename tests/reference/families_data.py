"""Reference values of the laws of samples: writes empirical.csv and empirical_smooth.csv beside itself.

Run: python3 families_data.py           (mpmath 1.3.0, Python 3.11)

The parameters of a row are the sample. Smooth laws by bisection-free arithmetic on the lines between neighbours; their
samples have no equal values, so that density and quantile are unique.
"""
import mpmath as mp

from families import Law, each, points, write


def empirical(*sample):
    values = sorted(set(sample))
    return points([mp.mpf(v) for v in values], [mp.mpf(sample.count(v)) for v in values])


def empirical_smooth(*sample):
    xs = sorted(mp.mpf(x) for x in sample)
    n = len(xs) - 1

    def lower(p):
        k = min(int(mp.floor(p * n)), n - 1)
        return xs[k] + (p * n - k) * (xs[k + 1] - xs[k])

    def upper(q):
        k = min(int(mp.floor(q * n)), n - 1)
        return xs[n - k] - (q * n - k) * (xs[n - k] - xs[n - k - 1])

    def part(x):
        return next(k for k in range(n) if x < xs[k + 1] or k == n - 1)

    def cdf(x):
        k = part(x)
        return min(max((k + (x - xs[k]) / (xs[k + 1] - xs[k])) / n, mp.mpf(0)), mp.mpf(1))

    def sf(x):
        k = part(x)
        return min(max((n - 1 - k + (xs[k + 1] - x) / (xs[k + 1] - xs[k])) / n, mp.mpf(0)), mp.mpf(1))

    def density(x):
        k = part(x)
        return 1 / (n * (xs[k + 1] - xs[k])) if xs[0] <= x < xs[-1] else mp.mpf(0)

    pairs = list(zip(xs, xs[1:]))
    mean = sum(a + b for a, b in pairs) / (2 * n)
    square = sum(a * a + a * b + b * b for a, b in pairs) / (3 * n)
    return Law(cdf, sf, lower, upper, density, mean, square - mean ** 2)


if __name__ == "__main__":
    write("empirical", each(empirical, (3.5, -1, 2, 2.25, 10, 7), (1, 2, 2, 2, 4, 4, 5, 9), (0.1, 0.2, 0.30000000000000004), (5,)))
    write("empirical_smooth", each(empirical_smooth, (3.5, -1, 2, 2.25, 10, 7), (0, 1), (1e6, 1e6 + 1, 1e6 + 3, 1e6 + 3.5)))
