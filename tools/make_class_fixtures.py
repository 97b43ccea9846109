#!/usr/bin/env python3
"""Classifiers of XGBoost and scores of scikit-learn, as reference for SentioLearn's boosted trees of classes.

usage: make_class_fixtures.py Tests/SentioLearnTests/Fixtures

Writes classes.json. Features have few distinct values, so that bins are the values themselves, and are irregular
enough that no two splits have equal gains. null stands for a missing value.
"""
import json
import sys
from pathlib import Path

import numpy as np
import scipy
import sklearn
import xgboost
from scipy import stats
from sklearn import metrics

out = Path(sys.argv[1])


def nulls(x):
    return [[None if np.isnan(v) else float(v) for v in row] for row in x]


def boosting():
    rng = np.random.default_rng(11)
    x = np.round(rng.standard_normal((150, 4)), 2)
    y = (x[:, 0] + 0.5 * rng.standard_normal(150) > 0.4).astype(int) + (x[:, 1] + 0.3 * x[:, 2] > 0.9)
    holes = x.copy()
    holes[rng.random(x.shape) < 0.12] = np.nan
    new = np.round(rng.standard_normal((12, 4)), 2)
    new[0] = np.nan
    cases = []
    for name, table, target, count, rounds, extra in [
        ("three classes", x, y, 3, 20, dict(eta=0.3, max_depth=3)),
        ("missing values", holes, y, 3, 12, dict(eta=0.2, max_depth=4, reg_lambda=2.0, reg_alpha=0.1)),
        ("two classes", x, (y > 0).astype(int), 2, 15, dict(eta=0.3, max_depth=2, min_child_weight=2)),
    ]:
        settings = dict(objective="multi:softprob", num_class=count, tree_method="hist", nthread=1) | extra
        evaluation = {}
        data = xgboost.DMatrix(table, target)
        model = xgboost.train(settings, data, rounds, evals=[(data, "train")], evals_result=evaluation,
                              verbose_eval=False)
        text = bytes(model.save_raw("json")).decode()
        scores = json.loads(json.loads(text)["learner"]["learner_model_param"]["base_score"])
        cases.append(dict(
            name=name, x=nulls(table), y=target.tolist(), classes=count, rounds=rounds,
            settings={k: str(v) for k, v in extra.items()}, base_scores=scores,
            losses=evaluation["train"]["mlogloss"], model=text, new=nulls(new),
            fitted=np.float64(model.predict(data)).tolist(),
            predicted=np.float64(model.predict(xgboost.DMatrix(new))).tolist(),
            gains={k: v for k, v in model.get_score(importance_type="total_gain").items()}))
    return cases


def scores():
    rng = np.random.default_rng(5)
    cases = []
    for name, songs, count, absent in [("four classes", 60, 4, None), ("a class without songs", 30, 4, 2),
                                       ("two classes", 25, 2, None)]:
        truth = rng.integers(0, count, songs)
        if absent is not None:
            truth[truth == absent] = 0
        margins = rng.standard_normal((songs, count)) + 1.2 * np.eye(count)[truth]
        p = np.exp(margins)
        p = np.round(p / p.sum(1, keepdims=True), 6)
        p[0] = np.eye(count)[(truth[0] + 1) % count]          # the true class has no probability at all
        predicted = p.argmax(1)
        precision, recall, f1, support = metrics.precision_recall_fscore_support(
            truth, predicted, labels=range(count), zero_division=0)
        clipped = np.clip(p[np.arange(songs), truth], np.finfo(float).eps, 1 - np.finfo(float).eps)
        cases.append(dict(
            name=name, truth=truth.tolist(), probabilities=p.tolist(),
            confusion=metrics.confusion_matrix(truth, predicted, labels=range(count)).tolist(),
            accuracy=metrics.accuracy_score(truth, predicted),
            balanced_accuracy=metrics.balanced_accuracy_score(truth, predicted),
            macro_f1=metrics.f1_score(truth, predicted, average="macro", zero_division=0),
            log_loss=float(-np.log(clipped).mean()),
            precision=precision.tolist(), recall=recall.tolist(), f1=f1.tolist(), support=support.tolist()))
        # scikit-learn's own log loss needs rows that sum to 1, which rounded ones do nearly.
        assert abs(metrics.log_loss(truth, p, labels=range(count)) - cases[-1]["log_loss"]) < 1e-4
    return cases


def mcnemar():
    return [dict(first=b, second=c, p=float(stats.binomtest(b, b + c, 0.5).pvalue) if b + c else 1.0)
            for b, c in [(0, 0), (1, 0), (3, 9), (12, 12), (0, 17), (800, 700), (40, 41)]]


(out / "classes.json").write_text(json.dumps({
    "made_by": f"tools/make_class_fixtures.py with XGBoost {xgboost.__version__}, scikit-learn {sklearn.__version__}, "
               f"SciPy {scipy.__version__}, NumPy {np.__version__}",
    "boosting": boosting(), "scores": scores(), "mcnemar": mcnemar()}) + "\n")
