#!/usr/bin/env python3
"""Reference scores of ratings over time for SentioLearn, from NumPy and SciPy.

usage: make_sequence_fixtures.py Tests/SentioLearnTests/Fixtures

Writes sequences.json: seven songs of different length, two targets and two predictors; scores pooled over all steps and
averaged over songs, and bootstrap intervals that resample songs with all their steps. Scores are computed from the
concatenated steps, not from moments.
"""
import json
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

from philox import resample

rng = np.random.default_rng(21)
LENGTHS = [9, 12, 5, 12, 7, 20, 2]
SEED, REPLICATES = 0xFEDCBA987654321, 200


def walk(steps):
    return np.round(np.cumsum(0.05 * rng.standard_normal((steps, 2)), 0) + 0.4 * rng.standard_normal(2), 6)


truth = [walk(n) for n in LENGTHS]
first = [np.round(0.6 * t + 0.1 * rng.standard_normal(t.shape), 6) for t in truth]
other = [np.round(0.1 + 0.2 * rng.standard_normal(2) + 0 * t, 6) for t in truth]   # constant within each song


def scores(t, p):
    d = t - p
    r = 0.0 if np.ptp(t) == 0 or np.ptp(p) == 0 else stats.pearsonr(t, p)[0]
    ccc = 0.0 if r == 0 else 2 * np.cov(t, p, ddof=0)[0, 1] / (t.var() + p.var() + (t.mean() - p.mean()) ** 2)
    return dict(mse=np.mean(d * d), rmse=np.sqrt(np.mean(d * d)), mae=np.mean(abs(d)),
                r2=1 - np.sum(d * d) / np.sum((t - t.mean()) ** 2), pearson=r, ccc=ccc)


def pooled(p, songs, k):
    return scores(np.concatenate([truth[s][:, k] for s in songs]), np.concatenate([p[s][:, k] for s in songs]))


def per_song(p, songs, k):
    every = [scores(truth[s][:, k], p[s][:, k]) for s in songs]
    return {m: np.mean([e[m] for e in every]) for m in every[0]}


def interval(one, replicates):
    return {m: [one[m], *np.quantile([r[m] for r in replicates], [0.025, 0.975])] for m in one}


def minus(a, b):
    return {m: a[m] - b[m] for m in a}


everyone = list(range(len(LENGTHS)))
rows = [list(resample(SEED, b, len(LENGTHS))) for b in range(REPLICATES)]
content = dict(
    made=f"tools/make_sequence_fixtures.py with NumPy {np.__version__}, SciPy {scipy.__version__}",
    seed=SEED, replicates=REPLICATES,
    truth=[t.tolist() for t in truth], first=[p.tolist() for p in first], other=[p.tolist() for p in other],
    pooled=[interval(pooled(first, everyone, k), [pooled(first, r, k) for r in rows]) for k in range(2)],
    per_song=[interval(per_song(first, everyone, k), [per_song(first, r, k) for r in rows]) for k in range(2)],
    differences=[interval(minus(pooled(first, everyone, k), pooled(other, everyone, k)),
                          [minus(pooled(first, r, k), pooled(other, r, k)) for r in rows]) for k in range(2)],
    constant=[pooled(other, everyone, k) for k in range(2)])
text = json.dumps(content, default=float)
Path(sys.argv[1], "sequences.json").write_text(text + "\n")
