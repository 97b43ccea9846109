#!/usr/bin/env python3
"""Coverage of prediction intervals by the protocol of `sentio-bench prediction-intervals`, with scikit-learn's models.

usage: check_intervals.py --features FILE.csv|FOLDER --ratings FILE.csv [--groups FILE.csv] [--prefix TEXT]
                          [--model ridge|svr] [--repeats N] [--level L]

A folder has an .npy file for each song; --prefix selects files, and is not part of the song's id. Folds are drawn by
NumPy, so that figures agree with those of sentio-bench up to the choice of songs.
"""
import argparse
import csv
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

parser = argparse.ArgumentParser()
for name in ("features", "ratings", "groups"):
    parser.add_argument("--" + name)
parser.add_argument("--prefix", default="")
parser.add_argument("--model", default="ridge")
parser.add_argument("--repeats", type=int, default=20)
parser.add_argument("--level", default="0.9")
options = parser.parse_args()


def cells(path, names):
    with open(path, newline="") as file:
        return {row["song_id"]: [row[n].strip() for n in names] for row in csv.DictReader(file, skipinitialspace=True)}


def load():
    if Path(options.features).is_dir():
        found = {f.stem[len(options.prefix):]: np.load(f).ravel() for f in Path(options.features).glob(options.prefix + "*.npy")}
    else:
        with open(options.features, newline="") as file:
            found = {row[0]: np.array(row[1:], float) for row in list(csv.reader(file))[1:]}
    ratings = cells(options.ratings, ["valence_mean", "arousal_mean"])
    groups = cells(options.groups, ["artist"]) if options.groups else {}
    ids = sorted(set(found) & set(ratings))
    names = [groups.get(i, [""])[0] or "song " + i for i in ids]
    return np.array([found[i] for i in ids]), np.array([ratings[i] for i in ids], float), np.unique(names, return_inverse=True)[1]


def folds(count, groups, seed):
    count = min(count, len(set(groups)))
    return [(a, b) for a, b in GroupKFold(count, shuffle=True, random_state=seed).split(groups, groups=groups)]


def model(setting):
    return make_pipeline(StandardScaler(), Ridge(alpha=setting) if options.model == "ridge" else SVR(C=setting))


def choose(x, y, groups):
    grid = [0.01 * 10 ** (i / 2) for i in range(13)] if options.model == "ridge" else [0.3, 1, 3, 10, 30]
    parts = folds(5, groups, 0)
    errors = [np.mean([np.mean((model(s).fit(x[a], y[a]).predict(x[b]) - y[b]) ** 2) for a, b in parts]) for s in grid]
    return grid[int(np.argmin(errors))]


def quantile(scores):
    rank = math.ceil((len(scores) + 1) * Fraction(options.level))
    return np.sort(scores)[rank - 1]


def local(predictions, errors, points, own):
    k, scale = max(10, int(1.5 * math.sqrt(len(errors)) + 0.5)), predictions.std(0)
    distance = (((points[:, None] - predictions[None]) / scale) ** 2).sum(2)
    if own:
        np.fill_diagonal(distance, np.inf)
    return errors[np.argsort(distance, axis=1, kind="stable")[:, :k]].mean(1) + errors.mean() / 2


x, y, groups = load()
held, widths, plain, scaled = [], [], [], []
for repeat in range(options.repeats):
    train, test = folds(5, groups, repeat)[0]
    out, predicted = np.zeros((len(train), 2)), np.zeros((len(test), 2))
    for d in range(2):
        setting = choose(x[train], y[train, d], groups[train])
        predicted[:, d] = model(setting).fit(x[train], y[train, d]).predict(x[test])
        for a, b in folds(10, groups[train], repeat + 1):
            out[b, d] = model(setting).fit(x[train][a], y[train][a, d]).predict(x[train][b])
    for d in range(2):
        errors = np.abs(y[train, d] - out[:, d])
        half = np.full(len(test), quantile(errors))
        plain.append(2 * half[0])
        if len(errors) >= 50:
            own = local(out, errors, out, True)
            ratio = quantile(errors / own)
            scaled.append(ratio * own.mean() <= 0.97 * half[0])
            if scaled[-1]:
                half = ratio * local(out, errors, predicted, False)
        held.append(np.mean(np.abs(y[test, d] - predicted[:, d]) <= half))
        widths.append(2 * half.mean())
held, widths, plain, scaled = (np.array(v, float).reshape(-1, 2) for v in (held, widths, plain, scaled))
print(f"{len(y)} songs, {options.model}, {options.repeats} repeats, level {options.level}")
for d, name in enumerate(["valence", "arousal"]):
    print(f"  {name}: coverage {held[:, d].mean():.3f}, width {widths[:, d].mean():.2f} (unscaled {plain[:, d].mean():.2f}), "
          f"scaled in {scaled[:, d].mean() if len(scaled) else 0:.0%}")
print(f"  both: coverage {held.mean():.3f}")
