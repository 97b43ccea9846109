#!/usr/bin/env python3
"""Reference numbers for SentioLearn/Comparison from SciPy and NumPy.

usage: make_comparison_fixtures.py Tests/SentioLearnTests/Fixtures

Writes comparison.json: Student's t, exact swap tests by scipy.stats.permutation_test, bootstrap intervals on the very
resamples that Philox gives (and scipy.stats.bootstrap's own draws beside them), jackknife and variance parts of replicates,
Holm, and a dose-response.
"""
import json
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy import stats
from scipy.optimize import brentq

from philox import resample, words

out = Path(sys.argv[1])
METRICS = ["mse", "rmse", "mae", "r2", "pearson", "ccc"]
LEVEL = 0.95


def score(t, p):
    """As published, moments with ddof 0."""
    e, dt, dp = t - p, t - t.mean(), p - p.mean()
    mse, tt, pp, tp = e @ e / len(t), dt @ dt / len(t), dp @ dp / len(t), dt @ dp / len(t)
    return {"mse": mse, "rmse": mse ** 0.5, "mae": np.abs(e).mean(), "r2": 1 - mse / tt, "pearson": tp / (tt * pp) ** 0.5,
            "ccc": 2 * tp / (tt + pp + (t.mean() - p.mean()) ** 2)}


def ratings(rng, songs, replicates, quality):
    """Truth on 1..9; one list of replicates for each quality, sharing what is hard about a song."""
    t = 5 + 1.3 * rng.standard_normal(songs)
    hard = rng.standard_normal(songs)
    arms = [[5 + q * (t - 5) * (1 + 0.05 * rng.standard_normal()) + 0.5 * hard + 0.35 * rng.standard_normal(songs)
             for _ in range(replicates)] for q in quality]
    return np.round(t, 6), np.round(np.array(arms), 6)


def swap_test(seed_songs):
    t, arms = ratings(np.random.default_rng(seed_songs), 9, 1, [0.5, 0.8])
    a, b = arms[0, 0], arms[1, 0]
    p = {m: stats.permutation_test((a, b), lambda x, y, m=m: score(t, y)[m] - score(t, x)[m], permutation_type="samples",
                                   n_resamples=np.inf, vectorized=False).pvalue for m in METRICS}
    return {"truth": t, "first": a, "second": b, "p": p}


def paired_bootstrap():
    t, arms = ratings(np.random.default_rng(7), 40, 1, [0.5, 0.7])
    a, b, seed, draws = arms[0, 0], arms[1, 0], 0xFEDCBA9876543210, 400
    rows = [resample(seed, d, 40) for d in range(draws)]
    tail = stats.norm.cdf(stats.t.ppf((1 - LEVEL) / 2, 39) * np.sqrt(40 / 39))
    result = {}
    for m in METRICS:
        def difference(t, a, b):
            return score(t, b)[m] - score(t, a)[m]
        values = [difference(t[r], a[r], b[r]) for r in rows]
        free = stats.bootstrap((t, a, b), difference, paired=True, vectorized=False, n_resamples=3000, method="percentile",
                               confidence_level=1 - 2 * tail, rng=np.random.default_rng(1)).confidence_interval
        result[m] = {"interval": [difference(t, a, b), *np.quantile(values, [tail, 1 - tail])], "scipy": [free.low, free.high]}
    return {"seed": seed, "draws": draws, "truth": t, "first": a, "second": b, "metrics": result}


def swaps(seed, permutation, songs):
    source, bits = words(seed, 2 ** 63 + permutation), []
    while len(bits) < songs:
        word = next(source)
        bits += [word >> k & 1 == 1 for k in range(32)]
    return np.array(bits[:songs])


def random_swaps():
    t, arms = ratings(np.random.default_rng(8), 50, 1, [0.6, 0.66])
    a, b, seed, count = arms[0, 0], arms[1, 0], 77, 200
    observed = {m: score(t, b)[m] - score(t, a)[m] for m in METRICS}
    hits = dict.fromkeys(METRICS, 0)
    for k in range(count):
        swap = swaps(seed, k, 50)
        one, two = score(t, np.where(swap, b, a)), score(t, np.where(swap, a, b))
        for m in METRICS:
            hits[m] += abs(two[m] - one[m]) >= abs(observed[m])
    return {"seed": seed, "permutations": count, "truth": t, "first": a, "second": b,
            "p": {m: (1 + hits[m]) / (1 + count) for m in METRICS}}


def parts(values, left_out):
    """The two-way layout: values [replicate], left_out [song][replicate]."""
    n, r = left_out.shape
    songs = (n - 1) ** 2 / n * np.var(left_out.mean(1), ddof=1)
    single = np.mean((n - 1) ** 2 / n * np.var(left_out, axis=0, ddof=1))
    interaction = max(0, (single - songs) * r / (r - 1))
    seeds = np.var(values, ddof=1)
    part = max(0, seeds - interaction) / r

    def half(alpha):
        return np.sqrt(stats.t.ppf(alpha / 2, n - 1) ** 2 * songs + stats.t.ppf(alpha / 2, r - 1) ** 2 * part)

    mean = abs(values.mean())
    return {"songs": songs, "seeds": seeds, "interaction": interaction, "total": songs + part,
            "p": brentq(lambda alpha: half(alpha) - mean, 1e-12, 1 - 1e-12, xtol=1e-15), "half": half(1 - LEVEL)}


def replicates(seed, spread):
    t, arms = ratings(np.random.default_rng(seed), 30, 4, [0.55, 0.7])
    arms[1] = np.round(arms[1] + spread * np.random.default_rng(seed + 1).standard_normal((4, 1)), 6)
    keep = ~np.eye(30, dtype=bool)
    result = {}
    for m in METRICS:
        values = np.array([score(t, b)[m] - score(t, a)[m] for a, b in zip(*arms)])
        left_out = np.array([[score(t[k], b[k])[m] - score(t[k], a[k])[m] for a, b in zip(*arms)] for k in keep])
        part = parts(values, left_out)
        mean, half = values.mean(), part["half"]
        result[m] = {**part, "interval": [mean, mean - half, mean + half],
                     "seed_half_width": stats.t.ppf((1 + LEVEL) / 2, 3) * np.sqrt(part["seeds"] / 4)}
    return {"truth": t, "first": arms[0], "second": arms[1], "metrics": result}


def dose_response():
    doses, qualities, seed, draws = [0, 0.5, 1, 2], [0.5, 0.62, 0.66, 0.58], 5, 200
    t, arms = ratings(np.random.default_rng(11), 30, 3, qualities)
    wins = np.zeros(4)
    for d in range(draws):
        r, source, seeds = resample(seed, d, 30), words(seed, 2 ** 62 + d), []
        while len(seeds) < 2:
            product = next(source) * 3
            if product & 0xFFFFFFFF >= (1 << 32) % 3:
                seeds.append(product >> 32)
        wins[np.argmax([np.sum([score(t[r], arm[s][r])["ccc"] for s in seeds]) for arm in arms])] += 1
    return {"seed": seed, "draws": draws, "doses": doses, "truth": t, "arms": arms, "shares": wins / draws,
            "means": [np.mean([score(t, p)["ccc"] for p in arm]) for arm in arms]}


def holm(p):
    order, out, least = np.argsort(p), np.empty(len(p)), 0
    for rank, index in enumerate(order):
        least = max(least, min(1, p[index] * (len(p) - rank)))
        out[index] = least
    return out


def plain(value):
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


P = [0.04, 0.001, 0.03, 0.8, 0.03]
STUDENT = [{"t": t, "degrees": d, "cumulative": stats.t.cdf(t, d), "two_sided": 2 * stats.t.sf(abs(t), d)}
           for d in (1, 1.5, 2, 7.3, 60, 1e4) for t in (-40, -3, -0.2, 0.5, 2, 12)]
QUANTILES = [{"probability": q, "degrees": d, "quantile": stats.t.ppf(q, d)}
             for d in (1, 1.5, 2, 7.3, 60, 1e4) for q in (1e-6, 0.025, 0.3, 0.9, 0.975)]
(out / "comparison.json").write_text(json.dumps({
    "made_by": f"tools/make_comparison_fixtures.py with SciPy {scipy.__version__}, NumPy {np.__version__}",
    "exact": [swap_test(1), swap_test(2), swap_test(3)], "bootstrap": paired_bootstrap(), "swaps": random_swaps(),
    "replicates": [replicates(3, 0), replicates(5, 0.4)], "dose": dose_response(), "student": STUDENT, "quantiles": QUANTILES,
    "holm": {"p": P, "adjusted": holm(P)}}, default=plain) + "\n")
