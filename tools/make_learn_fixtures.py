#!/usr/bin/env python3
"""Reference numbers for SentioLearn from scikit-learn, SciPy, NumPy and XGBoost.

usage: make_learn_fixtures.py Tests/SentioLearnTests/Fixtures

Writes scalers.json, ridge.json, ridge_gcv.json, metrics.json, bootstrap.json, svr.json, svr_grid.json, boosting.json and
stacking.json. Tables are rounded to 6 decimals so that the
JSON holds exactly what was fitted.
"""
import json
import sys
from pathlib import Path

import numpy as np
import scipy
import sklearn
import xgboost
from scipy import stats
from scipy.optimize import minimize, nnls
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, RobustScaler, StandardScaler
from sklearn.svm import SVR

from philox import philox, resample

out = Path(sys.argv[1])
MADE = (f"tools/make_learn_fixtures.py with scikit-learn {sklearn.__version__}, NumPy {np.__version__}, "
        f"SciPy {scipy.__version__}")


def write(name, **content):
    def plain(value):
        if isinstance(value, np.ndarray):
            return value.tolist()
        if isinstance(value, np.generic):
            return value.item()
        raise TypeError(type(value))
    (out / name).write_text(json.dumps({"made_by": MADE, **content}, default=plain) + "\n")


def table(rng, rows, columns):
    x = rng.standard_normal((rows, columns)) * 10.0 ** rng.integers(-2, 4, columns) + rng.standard_normal(columns) * 5
    return np.round(x, 6)


def scalers():
    rng = np.random.default_rng(1)
    train = table(rng, 31, 5)
    train[:, 2] = 0.1                              # constant
    train[:, 3] = np.round(train[:, 3], 0)         # ties
    train[:, 4] = np.where(np.arange(31) < 25, 7.0, train[:, 4])   # middle half is one value
    test = table(rng, 12, 5)
    test[0] = train[3]
    test[1] = train.max(0) + 1
    test[2] = train.min(0) - 1
    test[3] = np.median(train, 0)
    std = StandardScaler().fit(train)
    rob = RobustScaler().fit(train)
    z = std.transform(test)
    quant = QuantileTransformer(n_quantiles=31, output_distribution="normal", subsample=None).fit(train)
    coarse = QuantileTransformer(n_quantiles=8, output_distribution="normal", subsample=None).fit(train)
    write("scalers.json", train=train, test=test, mean=std.mean_, deviation=std.scale_, standard=z,
          median=rob.center_, range=rob.scale_, sign_log=np.sign(z) * np.log1p(np.abs(z)),
          quantile=quant.transform(test), quantile_coarse=coarse.transform(test),
          normal={"probability": [1e-300, 1e-12, 1e-7, 0.001, 0.02, 0.3, 0.5, 0.7, 0.99, 0.9999999],
                  "quantile": stats.norm.ppf([1e-300, 1e-12, 1e-7, 0.001, 0.02, 0.3, 0.5, 0.7, 0.99, 0.9999999])})


def ridge():
    rng = np.random.default_rng(2)
    cases = []
    for rows, columns, alpha in [(40, 7, 1.0), (40, 7, 0.0), (25, 35, 0.5), (30, 30, 10.0), (40, 7, 1e4)]:
        x = table(rng, rows, columns)
        y = np.round(x[:, :3] / x[:, :3].std(0) @ rng.standard_normal((3, 2)) + rng.standard_normal((rows, 2)) + 5, 6)
        new = table(rng, 4, columns)
        model = make_pipeline(StandardScaler(), Ridge(alpha, solver="svd")).fit(x, y)
        scaler, fit = model[0], model[1]
        raw = fit.coef_ / scaler.scale_
        cases.append(dict(alpha=alpha, x=x, y=y, new=new, coefficients=fit.coef_, intercepts=fit.intercept_,
                          raw_coefficients=raw, raw_intercepts=fit.intercept_ - raw @ scaler.mean_,
                          predictions=model.predict(new)))
    x = table(rng, 48, 12)
    y = np.round(np.c_[x[:, 0] / x[:, 0].std() * 2, np.zeros(48)] + rng.standard_normal((48, 2)), 6)
    folds = rng.integers(0, 4, 48)
    grid = np.logspace(-2, 4, 13)
    curve, best = [], []
    for k in range(2):
        search = GridSearchCV(make_pipeline(StandardScaler(), Ridge(solver="svd")), {"ridge__alpha": grid},
                              cv=PredefinedSplit(folds), scoring="neg_mean_squared_error").fit(x, y[:, k])
        curve.append(-search.cv_results_["mean_test_score"])
        best.append(search.best_params_["ridge__alpha"])
    write("ridge.json", cases=cases, search=dict(x=x, y=y, folds=folds, grid=grid, curve=np.array(curve), best=best))
    looks = []
    for rows, columns in [(40, 7), (18, 25)]:
        x = table(rng, rows, columns)
        y = np.round(x[:, :2] / x[:, :2].std(0) @ rng.standard_normal((2, 2)) + rng.standard_normal((rows, 2)) + 5, 6)
        z = (x - x.mean(0)) / x.std(0)
        errors, chosen = [], []
        for k in range(2):
            search = RidgeCV(alphas=grid, store_cv_results=True).fit(z, y[:, k])
            errors.append(search.cv_results_.mean(0))
            chosen.append(search.alpha_)
        looks.append(dict(x=x, y=y, errors=np.array(errors), best=chosen))
    write("ridge_gcv.json", grid=grid, cases=looks)


def ccc(t, p):
    return 2 * np.mean((t - t.mean()) * (p - p.mean())) / (t.var() + p.var() + (t.mean() - p.mean()) ** 2)


def scores(t, p):
    mse = mean_squared_error(t, p)
    return dict(mse=mse, rmse=np.sqrt(mse), mae=mean_absolute_error(t, p), r2=r2_score(t, p),
                pearson=stats.pearsonr(t, p)[0], ccc=ccc(t, p))


def ratings(rng, rows):
    t = np.round(5 + rng.standard_normal((rows, 2)), 6)
    return t, np.round(0.6 * t + 1.5 + 0.7 * rng.standard_normal((rows, 2)), 6)


def metrics():
    t, p = ratings(np.random.default_rng(3), 50)
    write("metrics.json", truth=t, prediction=p, scores=[scores(t[:, k], p[:, k]) for k in range(2)])


def bootstrap():
    assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]   # Random123 kat_vectors
    t, p = ratings(np.random.default_rng(4), 37)
    other = np.round(p + 0.3 * np.random.default_rng(5).standard_normal(p.shape), 6)
    seed, replicates = 0x123456789ABCDEF, 300
    rows = [resample(seed, b, 37) for b in range(replicates)]

    def interval(per_replicate, estimate):
        return {m: [estimate[m], *np.quantile([r[m] for r in per_replicate], [0.025, 0.975])] for m in estimate}

    def all_scores(p):
        return [[scores(t[r, k], p[r, k]) for k in range(2)] for r in rows], [scores(t[:, k], p[:, k]) for k in range(2)]

    def minus(a, b):
        return {m: a[m] - b[m] for m in a}

    def mean(pair):
        return {m: (pair[0][m] + pair[1][m]) / 2 for m in pair[0]}

    one, one_all = all_scores(p)
    two, two_all = all_scores(other)
    write("bootstrap.json", seed=seed, replicates=replicates, truth=t, prediction=p, other=other, rows=rows[:3],
          last_row=rows[-1],
          intervals=[interval([r[k] for r in one], one_all[k]) for k in range(2)],
          mean=interval([mean(r) for r in one], mean(one_all)),
          differences=[interval([minus(b[k], a[k]) for a, b in zip(one, two)], minus(two_all[k], one_all[k]))
                       for k in range(2)])


def svr():
    rng = np.random.default_rng(6)
    both = table(rng, 66, 5)
    x, new = both[:60], both[60:]
    z = (x - x.mean(0)) / x.std(0)
    y = np.round(5 + np.sin(2 * z[:, 0]) + 0.5 * z[:, 1] + 0.2 * rng.standard_normal(60), 6)
    cases = []
    for settings in [dict(kernel="rbf", C=1.0, epsilon=0.1), dict(kernel="rbf", C=20.0, epsilon=0.02, gamma=0.3),
                     dict(kernel="rbf", C=0.1, epsilon=0.3, gamma="auto"), dict(kernel="linear", C=1.0, epsilon=0.1),
                     dict(kernel="poly", C=1.0, epsilon=0.1, degree=3, coef0=1.0),
                     dict(kernel="sigmoid", C=1.0, epsilon=0.1, gamma=0.05, coef0=0.0)]:
        model = make_pipeline(StandardScaler(), SVR(tol=1e-9, cache_size=50, **settings)).fit(x, y)
        quick = make_pipeline(StandardScaler(), SVR(**settings)).fit(x, y)[1]
        fit, b = model[1], np.zeros(60)
        b[fit.support_] = fit.dual_coef_[0]
        options = {} if settings["kernel"] == "linear" else dict(gamma=fit._gamma)
        if "coef0" in settings:
            options["coef0"] = settings["coef0"]
        if "degree" in settings:
            options["degree"] = settings["degree"]
        k = pairwise_kernels(z, metric=settings["kernel"], **options)
        cases.append(dict(kernel=settings["kernel"], c=settings["C"], epsilon=settings["epsilon"],
                          gamma=settings.get("gamma", "scale"), offset=settings.get("coef0", 0.0), coefficients=b,
                          intercept=fit.intercept_[0], iterations=quick.n_iter_, predictions=model.predict(new),
                          objective=0.5 * b @ k @ b - y @ b + settings["epsilon"] * np.abs(b).sum()))
    for case in cases:
        case["gamma"] = str(case["gamma"])
    write("svr.json", x=x, y=y, new=new, cases=cases)
    folds = rng.integers(0, 4, 60)
    both = np.c_[y, np.round(3 + z[:, 2] ** 2 + 0.3 * rng.standard_normal(60), 6)]
    grid = dict(C=[0.3, 3.0, 30.0], gamma=["scale", 0.05, 0.5], epsilon=[0.05, 0.4])
    points, best = [], []
    for k in range(2):
        search = GridSearchCV(make_pipeline(StandardScaler(), SVR(tol=1e-6)), {"svr__" + n: v for n, v in grid.items()},
                              cv=PredefinedSplit(folds), scoring="neg_mean_squared_error").fit(x, both[:, k])
        for p, error in zip(search.cv_results_["params"], -search.cv_results_["mean_test_score"]):
            points.append(dict(target=k, c=p["svr__C"], gamma=str(p["svr__gamma"]), epsilon=p["svr__epsilon"], error=error))
        p = search.best_params_
        best.append(dict(c=p["svr__C"], gamma=str(p["svr__gamma"]), epsilon=p["svr__epsilon"], predictions=search.predict(new)))
    write("svr_grid.json", x=x, y=both, new=new, folds=folds, cs=grid["C"], gammas=[str(g) for g in grid["gamma"]],
          epsilons=grid["epsilon"], points=points, best=best)


def boosting():
    """XGBoost's hist trees on few distinct values, so that bins are the values themselves."""
    rng = np.random.default_rng(7)
    x = np.round(rng.standard_normal((90, 5)) * 8) / 8
    x[:, 3] = rng.integers(0, 4, 90)
    y = np.round(3 + np.where(x[:, 0] > 0.2, 2, 0) * x[:, 1] + np.sin(2 * x[:, 2]) + 0.4 * x[:, 3]
                 + 0.3 * rng.standard_normal(90), 6)
    y[:4] += 9                                     # outliers, for the robust losses
    holes = x.copy()
    holes[rng.random(x.shape) < 0.15] = np.nan
    holes[:, 4] = x[:, 4]                          # a column without
    late = x.copy()
    late[60:, 1] = np.nan                          # missing where the target is high
    shifted = y + np.where(np.arange(90) >= 60, 4, 0)
    tables = {"full": (x, y), "holes": (holes, y), "late": (late, shifted)}
    cases = []
    for data, rounds, extra in [
        ("full", 1, dict(eta=1.0, max_depth=3)),
        ("full", 50, dict(eta=0.3, max_depth=3)),
        ("full", 50, dict(eta=0.1, max_depth=4, reg_lambda=2.5, reg_alpha=0.7, min_split_loss=0.4, min_child_weight=3)),
        ("full", 20, dict(eta=0.3, max_depth=3, reg_lambda=0.0, min_child_weight=5)),
        ("holes", 30, dict(eta=0.3, max_depth=3)),
        ("late", 30, dict(eta=0.3, max_depth=4, reg_alpha=0.2)),
        ("full", 30, dict(eta=0.3, max_depth=4, monotone_constraints="(1,1,-1,0,0)")),
        ("holes", 30, dict(eta=0.3, max_depth=4, reg_alpha=0.5, monotone_constraints="(-1,1,0,1,0)")),
        ("full", 20, dict(eta=0.3, max_depth=0, max_leaves=7, grow_policy="lossguide")),
        ("full", 20, dict(eta=0.3, max_depth=6, max_leaves=6)),
        ("full", 10, dict(eta=0.3, max_depth=3, objective="reg:absoluteerror")),
        ("full", 3, dict(eta=0.3, max_depth=2, objective="reg:quantileerror", quantile_alpha=0.37)),
        ("full", 20, dict(eta=0.3, max_depth=3, objective="reg:pseudohubererror", huber_slope=1.5,
                          base_score=float(np.median(y)))),
    ]:
        settings = dict(objective="reg:squarederror", tree_method="hist", nthread=1) | extra
        features, target = tables[data]
        matrix = xgboost.DMatrix(features, target)
        model = xgboost.train(settings, matrix, rounds)
        stored = json.loads(bytes(model.save_raw("json")))["learner"]
        trees = stored["gradient_booster"]["model"]["trees"]
        keep = ["left_children", "right_children", "split_indices", "split_conditions", "default_left", "loss_changes",
                "sum_hessian"]
        cases.append(dict(
            table=data, rounds=rounds, settings={k: str(v) for k, v in settings.items()},
            base_score=json.loads(stored["learner_model_param"]["base_score"])[0],
            trees=[{k: tree[k] for k in keep} for tree in trees[:2]], predictions=model.predict(matrix)))
    write("boosting.json", made_by=f"{MADE}, XGBoost {xgboost.__version__}", tables={name: dict(x=[[None if np.isnan(v) else v for v in row] for row in table], y=target)
                                   for name, (table, target) in tables.items()}, cases=cases)


def stacking():
    rng = np.random.default_rng(7)
    problems = []
    for rows, columns in [(30, 4), (60, 8), (12, 3), (40, 6)]:
        a = np.round(rng.standard_normal((rows, columns)) + 0.5, 6)
        w = np.maximum(rng.standard_normal(columns), 0)
        b = np.round(a @ w + rng.standard_normal(rows), 6)
        problems.append(dict(a=a, b=b, weights=nnls(a, b)[0]))
    negative = np.round(-np.abs(rng.standard_normal(10)), 6)
    positive = np.round(np.abs(rng.standard_normal((10, 3))), 6)
    problems.append(dict(a=positive, b=negative, weights=nnls(positive, negative)[0]))
    truth = np.round(5 + rng.standard_normal((50, 2)), 6)
    bases = [np.round(5 + share * (truth - 5) + noise * rng.standard_normal((50, 2)), 6)
             for share, noise in [(0.8, 0.5), (0.5, 0.3), (0.1, 1.5), (-0.4, 0.4)]]
    convex = []
    for target in range(2):
        z = np.stack([base[:, target] for base in bases], 1)
        best = minimize(lambda w: ((z @ w - truth[:, target]) ** 2).sum(), np.full(4, 0.25), method="SLSQP",
                        jac=lambda w: 2 * z.T @ (z @ w - truth[:, target]), bounds=[(0, None)] * 4,
                        constraints=dict(type="eq", fun=lambda w: w.sum() - 1, jac=lambda w: np.ones(4)),
                        options=dict(ftol=1e-15, maxiter=1000))
        convex.append(best.x)
    write("stacking.json", problems=problems, truth=truth, bases=bases, convex=convex)


for make in (scalers, ridge, metrics, bootstrap, svr, boosting, stacking):
    make()
