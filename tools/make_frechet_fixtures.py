#!/usr/bin/env python3
"""Reference numbers for SentioLearn's distances between sets of samples, from SciPy and scikit-learn.

usage: make_frechet_fixtures.py Tests/SentioLearnTests/Fixtures

Writes frechet.json: tables with more and with fewer rows than columns, their Ledoit-Wolf covariances
(sklearn.covariance.ledoit_wolf), the squared Fréchet distance by scipy.linalg.sqrtm of the plain product of the two
covariances, and density and coverage as Naeem et al. 2020 define them, by sklearn.metrics.pairwise_distances. Tables
are rounded to 6 decimals so that the JSON holds exactly what was compared.
"""
import json
import sys
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.linalg import sqrtm
from sklearn.covariance import ledoit_wolf
from sklearn.metrics import pairwise_distances

out = Path(sys.argv[1])


def distance(first, second):
    """first, second: (mean, covariance)"""
    (m, s), (n, t) = first, second
    root = sqrtm(s @ t)
    return float(((m - n) ** 2).sum() + np.trace(s) + np.trace(t) - 2 * np.trace(root).real)


def sample_distance(first, second):
    """Of sample covariances; where they are singular the trace of the root is the nuclear norm of the product of the
    centered tables."""
    means, covariances = zip(*[(x.mean(0), np.cov(x, rowvar=False)) for x in (first, second)])
    a, b = [(x - x.mean(0)) / np.sqrt(len(x) - 1) for x in (first, second)]
    traces = sum(np.trace(c) for c in covariances) + ((means[0] - means[1]) ** 2).sum()
    value = float(traces - 2 * np.linalg.svd(a @ b.T, compute_uv=False).sum())
    if min(len(first), len(second)) > first.shape[1]:
        assert np.isclose(value, distance(*zip(means, covariances)))
    return value


def neighbors(samples, references, k):
    own = np.sort(pairwise_distances(references), axis=1)[:, k]
    inside = pairwise_distances(references, samples) <= own[:, None]
    return float(inside.sum() / (k * len(samples))), float(inside.any(axis=1).mean())


def case(seed, rows, others, columns, shift, spread):
    rng = np.random.default_rng(seed)
    mixing = rng.standard_normal((columns, columns)) / np.sqrt(columns)
    first = np.round(rng.standard_normal((rows, columns)) @ mixing, 6)
    second = np.round(spread * rng.standard_normal((others, columns)) @ mixing + shift, 6)
    shrunk = [ledoit_wolf(x) for x in (first, second)]
    result = {
        "first": first.tolist(), "second": second.tolist(),
        "shrinkage": [float(s) for _, s in shrunk], "covariance": shrunk[0][0].tolist(),
        "shrunk_distance": distance(*[(x.mean(0), s) for x, (s, _) in zip((first, second), shrunk)]),
    }
    result["sample_distance"] = sample_distance(first, second)
    result["density"], result["coverage"] = neighbors(second, first, 5)
    result["mean_distance"] = float(pairwise_distances(first)[np.triu_indices(rows, 1)].mean())
    return result


made = (f"tools/make_frechet_fixtures.py with scikit-learn {sklearn.__version__}, NumPy {np.__version__}, "
        f"SciPy {scipy.__version__}")
cases = [case(1, 40, 30, 6, 0.5, 1.3), case(2, 60, 60, 8, 0, 1), case(3, 9, 12, 16, 0.2, 0.7)]
(out / "frechet.json").write_text(json.dumps({"made_by": made, "cases": cases}) + "\n")
