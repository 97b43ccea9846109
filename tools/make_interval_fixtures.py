#!/usr/bin/env python3
"""Reference numbers for intervals and for distances from training songs in SentioLearn, from NumPy and scikit-learn.

usage: make_interval_fixtures.py Tests/SentioLearnTests/Fixtures

Writes intervals.json. Ranks of conformal quantiles are computed with exact fractions. Local errors: scikit-learn's
NearestNeighbors on predictions divided by their standard deviations. Distances: NumPy.
"""
import json
import math
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import sklearn
from sklearn.neighbors import NearestNeighbors

out = Path(sys.argv[1])
rng = np.random.default_rng(16)
LEVELS = ["0.05", "0.5", "0.55", "0.7", "0.9", "0.95", "0.99", "0.995"]


def quantile(scores, level):
    rank = math.ceil((len(scores) + 1) * Fraction(level))
    return float(np.sort(scores)[rank - 1]) if rank <= len(scores) else None


def needed(level):
    n = 1
    while math.ceil((n + 1) * Fraction(level)) > n:
        n += 1
    return n


def local(predictions, errors, points, own):
    k = max(10, int(1.5 * math.sqrt(len(errors)) + 0.5))
    scaled, at = predictions / predictions.std(0), points / predictions.std(0)
    found = NearestNeighbors(n_neighbors=k + own).fit(scaled).kneighbors(at, return_distance=False)[:, own:]
    return errors[found].mean(1) + errors.mean() / 2


def intervals():
    """One dimension whose errors grow with the rating, and one whose errors do not."""
    n, new = 240, 25
    predictions = np.round(rng.uniform(2, 8, (n, 2)), 6)
    scale = np.stack([0.15 + 0.25 * (predictions[:, 0] - 2), np.full(n, 0.8)], 1)
    truth = np.round(predictions + scale * rng.standard_normal((n, 2)), 6)
    points = np.round(rng.uniform(2, 8, (new, 2)), 6)
    scaled, halves = [], []
    for d in range(2):
        errors = np.abs(truth[:, d] - predictions[:, d])
        own = local(predictions, errors, predictions, 1)
        plain, relative = quantile(errors, "0.9"), quantile(errors / own, "0.9")
        scaled.append(bool(relative * own.mean() <= 0.97 * plain))
        halves.append(quantile(errors / own, "0.9") * local(predictions, errors, points, 0) if scaled[-1]
                      else np.full(new, plain))
    assert scaled == [True, False], scaled
    halves = np.stack(halves, 1)
    errors = np.abs(truth[:, 0] - predictions[:, 0])
    return dict(truth=truth.tolist(), predictions=predictions.tolist(), points=points.tolist(), scaled=scaled,
                lower=(points - halves).tolist(), upper=(points + halves).tolist(),
                local=local(predictions, errors, predictions, 1).tolist())


def distances():
    """A column with missing values, one that is constant, and one far from the training songs."""
    train = np.round(rng.standard_normal((30, 5)) * [1, 10, 0.01, 1, 3] + [0, 5, 100, 7, -2], 6)
    train[:, 3] = 7
    train[[2, 11], 1] = np.nan
    songs = np.round(rng.standard_normal((6, 5)) * [1, 10, 0.01, 1, 3] + [0, 5, 100, 7, -2], 6)
    songs[1, 2] = 250
    songs[2, 1] = np.nan
    centers, deviations = np.nanmean(train, 0), np.nanstd(train, 0)
    deviations[3] = 0
    z = np.where(deviations > 0, (songs - centers) / np.where(deviations > 0, deviations, 1), 0)
    z = np.nan_to_num(z, nan=0)
    none = lambda a: [[None if math.isnan(x) else x for x in row] for row in a.tolist()]
    return dict(train=none(train), songs=none(songs), centers=centers.tolist(), deviations=deviations.tolist(),
                overall=np.sqrt((np.clip(z, -10, 10) ** 2).mean(1)).tolist(), largest=np.abs(z).max(1).tolist())


scores = np.round(rng.exponential(1, 150), 6)
counts = [1, 9, 10, 19, 20, 99, 150]
fixture = dict(
    made_by=f"tools/make_interval_fixtures.py, NumPy {np.__version__}, scikit-learn {sklearn.__version__}",
    scores=scores.tolist(),
    quantiles=[dict(count=n, level=float(l), value=quantile(scores[:n], l)) for n in counts for l in LEVELS],
    needed=[dict(level=float(l), count=needed(l)) for l in LEVELS],
    intervals=intervals(), distances=distances())
(out / "intervals.json").write_text(json.dumps(fixture, indent=1) + "\n")
