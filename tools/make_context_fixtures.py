#!/usr/bin/env python3
"""Reference numbers for contexts in SentioLearn from scikit-learn and NumPy.

usage: make_context_fixtures.py Tests/SentioLearnTests/Fixtures

Writes contexts.json. Ridge: scikit-learn's Ridge on the columns written out (features, per level sqrt(slope) times
the features of its songs, per level a column sqrt(offset x features)), checked here against the kernel form, by a solve of
NumPy; more columns than songs and fewer. SVR: scikit-learn's SVR on the precomputed kernel k (1 + slope same) / (1 + slope).
A level of -1 is a song of no known context: same is 0.
"""
import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

out = Path(sys.argv[1])
LEVELS = 3


def table(seed, rows, columns):
    """Songs whose ratings depend on features with a slope and a constant of each level's own."""
    rng = np.random.default_rng(seed)
    x = np.round(rng.standard_normal((rows, columns)) * 10.0 ** rng.integers(-1, 3, columns) + 3, 6)
    level = rng.integers(0, LEVELS, rows)
    z = (x - x.mean(0)) / x.std(0)
    common, own = rng.standard_normal((columns, 2)), rng.standard_normal((LEVELS, columns, 2))
    y = z @ common + 0.5 * np.einsum("np,npt->nt", z, own[level]) + rng.standard_normal((LEVELS, 2))[level]
    return x, level, np.round(5 + 0.3 * y + 0.2 * rng.standard_normal(y.shape), 6)


def same(a, b):
    return ((a[:, None] == b[None]) & (a[:, None] >= 0)).astype(float)


def columns(z, level, slope, offset):
    parts = [z]
    parts += [np.sqrt(slope) * z * (level == s)[:, None] for s in range(LEVELS)]
    parts += [np.sqrt(offset * z.shape[1]) * (level == s)[:, None] for s in range(LEVELS)]
    return np.hstack(parts)


def ridge(x, level, y, new, new_level, slope, offset, alpha):
    scaler = StandardScaler().fit(x)
    z, q = scaler.transform(x), scaler.transform(new)
    model = Ridge(alpha=alpha, solver="svd").fit(columns(z, level, slope, offset), y)
    predictions = model.predict(columns(q, new_level, slope, offset))
    # The same by the kernel, which is centered because the intercept is not penalized.
    p = x.shape[1]
    k = z @ z.T * (1 + slope * same(level, level)) + offset * p * same(level, level)
    kn = q @ z.T * (1 + slope * same(new_level, level)) + offset * p * same(new_level, level)
    centered = k - k.mean(0)[None] - k.mean(1)[:, None] + k.mean()
    a = np.linalg.solve(centered + alpha * np.eye(len(y)), y - y.mean(0))
    other = (kn - k.mean(0)[None] - kn.mean(1)[:, None] + k.mean()) @ a + y.mean(0)
    assert np.abs(predictions - other).max() < 1e-8, np.abs(predictions - other).max()
    return predictions


def ridge_case(seed, rows, p):
    x, level, y = table(seed, rows + 12, p)
    x, new, level, new_level, y = x[:rows], x[rows:], level[:rows], level[rows:].copy(), y[:rows]
    level = level.copy()
    level[:2] = -1
    new_level[:3] = -1
    slope, offset, alpha = 2.0, 0.3, 5.0
    slopes, offsets, alphas = [0.5, 8.0], [0.03, 0.3], [100.0, 10.0, 1.0]
    folds = np.arange(rows) % 4
    curve = []
    for b in slopes:
        for c in offsets:
            for a in alphas:
                errors = []
                for f in range(4):
                    t, v = folds != f, folds == f
                    errors.append(((ridge(x[t], level[t], y[t], x[v], level[v], b, c, a) - y[v]) ** 2).mean(0))
                curve.append({"slope": b, "offset": c, "alpha": a, "errors": np.mean(errors, 0)})
    best = [min(curve, key=lambda point: point["errors"][t]) for t in range(2)]
    chosen = [ridge(x, level, y, new, new_level, w["slope"], w["offset"], w["alpha"])[:, t] for t, w in enumerate(best)]
    return {"x": x, "level": level, "y": y, "new": new, "new_level": new_level, "slope": slope, "offset": offset,
            "alpha": alpha, "predictions": ridge(x, level, y, new, new_level, slope, offset, alpha), "slopes": slopes,
            "offsets": offsets, "alphas": alphas, "folds": folds, "curve": curve, "chosen": np.array(chosen).T}


def svr(kernel, x, level, y, new, new_level, c, slope, epsilon):
    scaler = StandardScaler().fit(x)
    z, q = scaler.transform(x), scaler.transform(new)
    extra = {} if kernel == "linear" else {"gamma": 1 / (z.shape[1] * z.var())}
    k = pairwise_kernels(z, metric=kernel, **extra) * (1 + slope * same(level, level)) / (1 + slope)
    kn = pairwise_kernels(q, z, metric=kernel, **extra) * (1 + slope * same(new_level, level)) / (1 + slope)
    return np.array([SVR(kernel="precomputed", C=c, epsilon=epsilon, tol=1e-7).fit(k, y[:, t]).predict(kn)
                     for t in range(y.shape[1])]).T


def svr_case(seed, kernel):
    rows = 36
    x, level, y = table(seed, rows + 10, 5)
    x, new, level, new_level, y = x[:rows], x[rows:], level[:rows], level[rows:].copy(), y[:rows]
    new_level[:3] = -1
    cs, slopes, epsilon = [0.3, 3.0], [0.0, 1.0, 3.0], 0.1
    folds = np.arange(rows) % 3
    curve = []
    for c in cs:
        for b in slopes:
            errors = []
            for f in range(3):
                t, v = folds != f, folds == f
                errors.append(((svr(kernel, x[t], level[t], y[t], x[v], level[v], c, b, epsilon) - y[v]) ** 2).mean(0))
            curve.append({"c": c, "slope": b, "errors": np.mean(errors, 0)})
    return {"kernel": kernel, "x": x, "level": level, "y": y, "new": new, "new_level": new_level, "c": 3.0, "slope": 2.0,
            "epsilon": epsilon, "predictions": svr(kernel, x, level, y, new, new_level, 3.0, 2.0, epsilon), "cs": cs,
            "slopes": slopes, "folds": folds, "curve": curve}


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value))


content = {
    "made_by": f"tools/make_context_fixtures.py with scikit-learn {sklearn.__version__}, NumPy {np.__version__}",
    "ridge": [ridge_case(1, 32, 14), ridge_case(2, 48, 3)],
    "svr": [svr_case(3, "rbf"), svr_case(4, "linear")],
}
(out / "contexts.json").write_text(json.dumps(content, default=plain) + "\n")
