"""Packs the direction numbers of Joe and Kuo into src/sampling/sobol/joe_kuo.bin.

Source: S. Joe and F. Y. Kuo (2008), Constructing Sobol sequences with better two-dimensional projections, SIAM Journal on
Scientific Computing 30(5), 2635-2654; the file new-joe-kuo-6.21201 of its authors, whose path is the only argument:
a heading, then one line a dimension from the second on: d, s, a, m_1 ... m_s.

Bits, the lowest of each byte first, one dimension after the other: the s - 1 bits of a, the lowest first; then each m_k
without its lowest bit, which is 1, in k - 1 bits. Dimensions of equal degree s stand together, so the number of each
degree, printed at the end, is all that a reader needs.
"""

import sys
from collections import Counter

bits, degrees = [], []
for line in open(sys.argv[1]).read().splitlines()[1:]:
    _, s, a, *m = map(int, line.split())
    assert len(m) == s and a < 1 << max(s - 1, 0)
    degrees.append(s)
    bits += [a >> k & 1 for k in range(s - 1)]
    for k, number in enumerate(m, start=1):
        assert number & 1 and number < 1 << k
        bits += [number >> j & 1 for j in range(1, k)]
assert degrees == sorted(degrees)
bits += [0] * (-len(bits) % 8)
packed = bytes(sum(bit << j for j, bit in enumerate(bits[i : i + 8])) for i in range(0, len(bits), 8))
open("src/sampling/sobol/joe_kuo.bin", "wb").write(packed)
print(len(packed), "bytes;", sorted(Counter(degrees).items()))
