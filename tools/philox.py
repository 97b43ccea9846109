"""The random generator of SentioNumerics, written a second time for fixtures and checks."""
import numpy as np


def philox(counter, key):
    """Philox4x32-10 after Salmon et al. 2011, in plain integers."""
    c, k, mask = list(counter), list(key), 0xFFFFFFFF
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & mask, (a >> 32) ^ c[3] ^ k[1], a & mask]
        k = [(k[0] + 0x9E3779B9) & mask, (k[1] + 0xBB67AE85) & mask]
    return c


def words(seed, stream):
    block = 0
    while True:
        yield from philox([block & 0xFFFFFFFF, block >> 32, stream & 0xFFFFFFFF, stream >> 32],
                          [seed & 0xFFFFFFFF, seed >> 32])
        block += 1


def resample(seed, replicate, count):
    """Row numbers of a bootstrap replicate: Lemire's bounded integers on the replicate's stream."""
    source, rows = words(seed, replicate), []
    while len(rows) < count:
        product = next(source) * count
        if product & 0xFFFFFFFF >= (1 << 32) % count:
            rows.append(product >> 32)
    return np.array(rows)
