#!/usr/bin/env python3
"""Models, predictions, SHAP values and importance of XGBoost, as reference for SentioLearn's boosted trees.

usage: make_tree_fixtures.py Tests/SentioLearnTests/Fixtures

Writes xgboost.json. `model` is the text of the model file as XGBoost wrote it; null stands for a missing value.
"""
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import xgboost as xgb

out = Path(sys.argv[1])
KINDS = ["weight", "gain", "total_gain", "cover", "total_cover"]


def table(rng, rows, columns, missing=0.1):
    x = np.round(rng.standard_normal((rows, columns)), 3)
    x[rng.random(x.shape) < missing] = np.nan
    return x


def nulls(x):
    return [[None if np.isnan(v) else float(v) for v in row] for row in x]


def case(name, x, y, new, params, rounds, names=None, validation=None):
    data = xgb.DMatrix(x, y, feature_names=names)
    extra = {}
    if validation:
        extra = dict(evals=[(xgb.DMatrix(*validation, feature_names=names), "validation")], early_stopping_rounds=3,
                     verbose_eval=False)
    booster = xgb.train({"max_depth": 3, "eta": 0.3, "nthread": 1, "seed": 1, **params}, data, rounds, **extra)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        booster.save_model(path)
        model = path.read_text()
    d = xgb.DMatrix(new, feature_names=names)
    predictions = booster.predict(d).reshape(len(new), -1)
    # rows x targets x (features + 1); 17 digits of a single are more than its own
    contributions = booster.predict(d, pred_contribs=True, strict_shape=True)
    importance = {kind: booster.get_score(importance_type=kind) for kind in KINDS}
    trees = json.loads(model)["learner"]["gradient_booster"]["model"]["trees"]
    return dict(name=name, x=nulls(new), model=model, predictions=np.float64(predictions).tolist(),
                contributions=np.float64(contributions).round(7).tolist(),
                importance={kind: [score.get(n, 0) for n in booster.feature_names or [f"f{i}" for i in range(x.shape[1])]]
                            for kind, score in importance.items()},
                deleted=sum(int(t["tree_param"]["num_deleted"]) for t in trees), trees=len(trees))


def main():
    rng = np.random.default_rng(7)
    x = table(rng, 150, 5)
    full = np.nan_to_num(x)
    y = np.round(5 + full[:, :1] * [1, -0.5] + full[:, 1:2] ** 2 * [0.2, 0.6] + 0.3 * rng.standard_normal((150, 2)), 4)
    new = table(rng, 12, 5)
    new[0], new[1] = np.nan, [0, -0.0, 1e-30, -1e30, 1e30]
    new[2] = x[3]
    names = ["rms mean", "mfcc1", "Tempo", "größe", "flux"]
    cases = [
        case("squared", x, y, new, dict(objective="reg:squarederror", colsample_bynode=0.8), 4, names, (full[:40], y[:40] + 0.1)),
        case("absolute", x, y[:, 0], new, dict(objective="reg:absoluteerror", monotone_constraints="(1,0,0,0,-1)"), 5),
        case("huber", x, y[:, 1], new, dict(objective="reg:pseudohubererror", huber_slope=1.5, grow_policy="lossguide",
                                            max_leaves=7, max_depth=0, base_score=5, min_child_weight=0.5), 4, names),
        case("quantile", x, y[:, 0], new, dict(objective="reg:quantileerror", quantile_alpha=[0.3, 0.3]), 3, names),
        case("pruned", full, y[:, 0], new, dict(tree_method="exact", gamma=4, max_depth=4), 4),
    ]
    # A chain: each feature decides only where all before it did not, so paths of 12 different features.
    chain = rng.choice([-1, 1], p=[0.2, 0.8], size=(400, 12)) * np.round(rng.random((400, 12)) + 0.1, 2)
    first = np.where((chain < 0).any(1), (chain < 0).argmax(1), 12).astype(float)
    cases.append(case("chain", chain, first, chain[:6], dict(max_depth=12, min_child_weight=0, **{"lambda": 0}), 1))
    (out / "xgboost.json").write_text(
        json.dumps({"made_by": f"tools/make_tree_fixtures.py with XGBoost {xgb.__version__}", "cases": cases}) + "\n")


main()
