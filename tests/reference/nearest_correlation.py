"""The nearest correlation matrix of the second differences at 50 digits, printed. Needs mpmath."""

from mpmath import mp, mpf, matrix, eigsy

mp.dps = 50
n = 4
y = matrix(n, n)
for i in range(n):
    y[i, i] = mpf(2)
    if i > 0:
        y[i, i - 1] = y[i - 1, i] = mpf(-1)
correction = matrix(n, n)
for step in range(1000):
    r = y - correction
    values, vectors = eigsy(r)
    x = matrix(n, n)
    for k in range(n):
        lifted = max(values[k], mpf(0))
        for i in range(n):
            for j in range(n):
                x[i, j] += lifted * vectors[i, k] * vectors[j, k]
    correction = x - r
    following = x.copy()
    for i in range(n):
        following[i, i] = mpf(1)
    change = max(abs(following[i, j] - y[i, j]) for i in range(n) for j in range(n))
    y = following
    if change < mpf(10) ** -40:
        break
for i, j in [(1, 0), (2, 0), (3, 0), (2, 1)]:
    print(i, j, mp.nstr(y[i, j], 30))
