#!/usr/bin/env python3
"""Recomputes a comparison with NumPy and SciPy from exported predictions and says where it differs.

    sentio-pipeline runs query 'SELECT * FROM v_predictions' > predictions.csv
    sentio-pipeline runs compare A B --json > compare.json              (or --sweep S --over ratio)
    sentio-pipeline report A B -o report.html                           (optional: its figures are checked too)
    check_compare.py predictions.csv compare.json [report.html]

Exact: scores, differences, variances of songs and seeds, intervals and p of replicates, Holm, which differences stand, the
best dose, the plateau. Within sampling error: bootstrap intervals, permutation p, how often a dose was best. Exit code 1
where anything differs.
"""
import csv
import html
import json
import re
import sys
from collections import defaultdict

import numpy as np
from scipy import stats
from scipy.optimize import brentq

METRICS = ["mse", "rmse", "mae", "r2", "pearson", "ccc"]
LARGER = {"r2", "pearson", "ccc"}
TITLES = {"r2": "R²", "ccc": "CCC", "rmse": "RMSE", "pearson": "Pearson r", "mae": "MAE", "mse": "MSE"}
DRAWS = 4000
failures = []


def expect(what, found, wanted, tolerance):
    if not abs(found - wanted) <= tolerance * max(1, abs(wanted)):
        failures.append(f"{what}: sentio {found}, here {wanted}")


def scores(t, p):
    """Of the last axis; one array a metric."""
    e, dt, dp = t - p, t - t.mean(-1, keepdims=True), p - p.mean(-1, keepdims=True)
    mse, tt, pp, tp = (e * e).mean(-1), (dt * dt).mean(-1), (dp * dp).mean(-1), (dt * dp).mean(-1)
    shift, flat = t.mean(-1) - p.mean(-1), (tt == 0) | (pp == 0)
    safe = np.where(flat, 1, tt * pp)
    return {"mse": mse, "rmse": np.sqrt(mse), "mae": np.abs(e).mean(-1), "r2": 1 - mse / np.where(tt == 0, 1, tt),
            "pearson": np.where(flat, 0, tp / np.sqrt(safe)), "ccc": np.where(flat, 0, 2 * tp / (tt + pp + shift ** 2))}


def parts(values, left_out):
    n, r = left_out.shape
    songs = (n - 1) ** 2 / n * np.var(left_out.mean(1), ddof=1)
    if r == 1:
        return songs, None, 0.0
    single = np.mean((n - 1) ** 2 / n * np.var(left_out, axis=0, ddof=1))
    return songs, np.var(values, ddof=1), max(0, (single - songs) * r / (r - 1))


def half_width(alpha, n, r, songs, seeds, interaction):
    main = max(0, seeds - interaction) / r
    return np.sqrt(stats.t.ppf(alpha / 2, n - 1) ** 2 * songs + stats.t.ppf(alpha / 2, r - 1) ** 2 * main)


def holm(p):
    order, out, least = np.argsort(p, kind="stable"), np.empty(len(p)), 0
    for rank, index in enumerate(order):
        least = max(least, min(1, p[index] * (len(p) - rank)))
        out[index] = least
    return out


def read(path, compared):
    """{dimension: (songs, truth, [arm][replicate][song])}"""
    with open(path, newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == compared["set"]]
    table = defaultdict(dict)
    for row in rows:
        table[row["run"], row["stage"], row["dimension"]][row["song_id"]] = (float(row["truth"]), float(row["predicted"]))
    arms = []
    for runs, stage in zip(compared["arm_runs"], compared["stages"]):
        chosen = runs if len(runs) == 1 else [next(r for r in reversed(runs) if r["replicate"] == k) for k in compared["replicates"]]
        arms.append([(run["run"], stage) for run in chosen])
    out = {}
    for dimension in (d["dimension"] for d in compared["dimensions"]):
        columns = [[table[run, stage, dimension] for run, stage in arm] for arm in arms]
        songs = sorted(set.intersection(*(set(c) for arm in columns for c in arm)), key=lambda s: s.encode())
        truth = np.array([columns[0][0][s][0] for s in songs])
        out[dimension] = songs, truth, np.array([[[c[s][1] for s in songs] for c in arm] for arm in columns])
    return out


def check_arm(name, entry, metric_scores):
    for m in METRICS:
        expect(f"{name} {m}", entry["scores"][m]["value"], metric_scores[m].mean(), 1e-9)


def left_out_scores(truth, arm):
    n = len(truth)
    keep = np.array([np.delete(np.arange(n), k) for k in range(n)])
    per_run = [scores(truth[keep], p[keep]) for p in arm]
    return {m: np.array([run[m] for run in per_run]).T for m in METRICS}


def check_difference(name, entry, truth, first, second, one, two, left_one, left_two, rows, rng):
    n, r = len(truth), len(first)
    for m in METRICS:
        found, values = entry[m], two[m] - one[m]
        label = f"{name} {m}"
        songs, seeds, interaction = parts(values, left_two[m] - left_one[m])
        expect(label + " difference", found["difference"], values.mean(), 1e-9)
        expect(label + " variance of songs", found["variance_songs"], songs, 1e-9)
        if r > 1:
            expect(label + " variance of a seed", found["variance_seed"], seeds, 1e-9)
            half = half_width(0.05, n, r, songs, seeds, interaction)
            expect(label + " low", found["low"], values.mean() - half, 1e-6)
            expect(label + " high", found["high"], values.mean() + half, 1e-6)
            if half > 0:
                width = lambda a: half_width(a, n, r, songs, seeds, interaction) - abs(values.mean())
                p = brentq(width, 1e-300, 1 - 1e-15) if width(1e-300) > 0 > width(1 - 1e-15) else found["p"]
                expect(label + " p", found["p"], p, 1e-5)
        else:
            drawn = scores(truth[rows], second[0][rows])[m] - scores(truth[rows], first[0][rows])[m]
            tail = stats.norm.cdf(stats.t.ppf(0.025, n - 1) * np.sqrt(n / (n - 1)))
            low, high = np.quantile(drawn, [tail, 1 - tail])
            expect(label + " low", found["low"], low, 0.1 * (high - low) + 1e-12)
            expect(label + " high", found["high"], high, 0.1 * (high - low) + 1e-12)
            swap = rng.random((DRAWS, n)) < 0.5
            moved = scores(truth, np.where(swap, first[0], second[0]))[m] - scores(truth, np.where(swap, second[0], first[0]))[m]
            p = (1 + np.sum(np.abs(moved) >= abs(values.mean()) - 1e-12)) / (1 + DRAWS)
            expect(label + " p", found["p"], p, 5 * np.sqrt(p * (1 - p) / DRAWS) + 0.004)


def check_dimension(compared, block, truth, arms, rng):
    name, base = block["dimension"], compared["arms"].index(compared["baseline"])
    own = [scores(truth, arm) for arm in arms]
    left = [left_out_scores(truth, arm) for arm in arms]
    rows = rng.integers(0, len(truth), (DRAWS, len(truth)))
    for index, entry in enumerate(block["arms"]):
        check_arm(f"{name} {entry['arm']}", entry, own[index])
        if index != base:
            check_difference(f"{name} {entry['arm']}", entry["against_baseline"], truth, arms[base], arms[index], own[base],
                             own[index], left[base], left[index], rows, rng)
    for m in METRICS:
        others = [e for i, e in enumerate(block["arms"]) if i != base]
        for entry, p in zip(others, holm(np.array([e["against_baseline"][m]["p"] for e in others]))):
            found = entry["against_baseline"][m]
            expect(f"{name} {entry['arm']} {m} Holm", found["p_holm"], p, 1e-12)
            stands = (found["low"] > 0 or found["high"] < 0) and p < 0.05
            if stands != found["stands"]:
                failures.append(f"{name} {entry['arm']} {m}: stands should be {stands}")
    return own, left, rows


def check_verdicts(compared):
    m, base = compared["metric"], compared["baseline"]
    for verdict in compared["verdicts"]:
        for block in compared["dimensions"]:
            found = next(e for e in block["arms"] if e["arm"] == verdict["arm"])["against_baseline"][m]
            better = verdict["arm"] if (found["difference"] > 0) == (m in LARGER) else base
            said = re.search(rf"on {re.escape(block['dimension'])} {re.escape(TITLES[m])} by ([\d.]+)", verdict["sentence"])
            if bool(said) != found["stands"]:
                failures.append(f"verdict on {verdict['arm']}, {block['dimension']}: {verdict['sentence']}")
            elif said:
                expect("size in the verdict", float(said[1]), abs(found["difference"]), 5.1e-4)
                if better not in verdict["sentence"]:
                    failures.append(f"the verdict should call {better} better: {verdict['sentence']}")


def check_dose(compared, dose, truth, arms, own, left, rows, rng):
    m, doses = compared["metric"], [p["dose"] for p in dose["points"]]
    by_dose = {}
    for index, label in enumerate(compared["arms"]):
        value = float(re.search(rf"(?:^|,){re.escape(dose['parameter'])}=([-\d.e]+)", label)[1])
        by_dose[value] = index
    order = [by_dose[d] for d in doses]
    means, sign = np.array([own[k][m].mean() for k in order]), 1 if m in LARGER else -1
    best = int(np.argmax(sign * means))
    for point, mean in zip(dose["points"], means):
        expect(f"{dose['dimension']} dose {point['dose']}", point["score"]["value"], mean, 1e-9)
    expect(f"{dose['dimension']} best dose", dose["best"], doses[best], 0)
    r, wins = len(arms[0]), np.zeros(len(doses))
    drawn = [np.array([scores(truth[rows], p[rows])[m] for p in arms[k]]) for k in order]
    for draw in range(len(rows)):
        seeds = [0] if r == 1 else rng.integers(0, r, r - 1)
        wins[np.argmax([sign * d[seeds, draw].sum() for d in drawn])] += 1
    for point, share in zip(dose["points"], wins / len(rows)):
        expect(f"{dose['dimension']} share of {point['dose']}", point["best_share"], share, 5 * np.sqrt(0.25 / len(rows)))
    plateau = best
    if r > 1:
        while plateau > 0:
            a, b = order[best], order[plateau - 1]
            values = own[b][m] - own[a][m]
            noise = parts(values, left[b][m] - left[a][m])
            half = half_width(0.05, len(truth), r, *noise)
            if abs(values.mean()) > half:
                break
            plateau -= 1
        expect(f"{dose['dimension']} plateau", dose["plateau"], doses[plateau], 0)


def check_report(path, compared):
    """The numbers in the descriptions of the dose charts are those of the comparison."""
    page = open(path, encoding="utf-8").read()
    if re.search(r'(?:src|href)="(?!data:|#)', page):
        failures.append("the report loads something from outside")
    for index, dose in enumerate(compared["dose_response"]):
        found = re.search(rf'<desc id="dose-{index}-d">(.*?)</desc>', page, re.S)
        text = html.unescape(found[1]) if found else ""
        for point in dose["points"]:
            s = point["score"]
            wanted = f"{s['value']:.3f} [{s['low']:.3f}, {s['high']:.3f}]"
            numbers = [tuple(map(float, x)) for x in re.findall(r"(-?[\d.]+) \[(-?[\d.]+), (-?[\d.]+)\]", text)]
            if not any(max(abs(a - s["value"]), abs(b - s["low"]), abs(c - s["high"])) < 6e-4 for a, b, c in numbers):
                failures.append(f"figure of {dose['dimension']}: {wanted} is not drawn")
    for verdict in compared["verdicts"]:
        if verdict["sentence"] not in html.unescape(page):
            failures.append(f"the report does not say: {verdict['sentence']}")


def main():
    compared = json.load(open(sys.argv[2]))["songs"]
    tables = read(sys.argv[1], compared)
    rng = np.random.default_rng(0)
    for block in compared["dimensions"]:
        songs, truth, arms = tables[block["dimension"]]
        expect("songs", compared["songs"], len(songs), 0)
        own, left, rows = check_dimension(compared, block, truth, arms, rng)
        for dose in compared["dose_response"]:
            if dose["dimension"] == block["dimension"]:
                check_dose(compared, dose, truth, arms, own, left, rows, rng)
    check_verdicts(compared)
    if len(sys.argv) > 3:
        check_report(sys.argv[3], compared)
    for failure in failures:
        print(failure)
    print(f"{len(compared['arms'])} arms, {compared['songs']} songs, {len(compared['dimensions'])} dimensions: "
          + ("all as NumPy and SciPy have it" if not failures else f"{len(failures)} differences"))
    sys.exit(bool(failures))


main()
