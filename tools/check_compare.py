#!/usr/bin/env python3
"""Recomputes a comparison with NumPy and SciPy from what `runs export` wrote, prints a line a check, and ends with 1 on a mismatch.

    sentio-pipeline runs export --all --table runs -o runs.csv
    sentio-pipeline runs export --all --table predictions -o predictions.csv
    sentio-pipeline runs compare A B --json > compare.json              (or --sweep S --over ratio)
    sentio-pipeline report A B -o report.html                           (optional: its figures are checked too)
    check_compare.py runs.csv predictions.csv compare.json [report.html]

Exact (relative 1e-9; intervals and p of replicates, which both sides find by iteration, 1e-6 and 1e-5): which runs stand for
an arm, means per arm from the exported metrics and from the predictions, differences, variances of songs and seeds, intervals
and p with replicates, Holm, which differences stand, best dose, plateau, and the points that the report draws (0.1 px).

Monte Carlo (both sides draw, each with a generator of its own): ends of bootstrap intervals lie between the quantiles whose
tail is 5 binomial standard errors of both draws smaller and larger; permutation p and the share of resamples in which a dose
is best within 5 standard errors of both.
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
DRAWS, SENTIO_DRAWS = 4000, 5000
failed = 0


class Check:
    """Some numbers that are checked alike: a line, with the worst of them against what is allowed."""

    def __init__(self, title):
        self.title, self.count, self.worst, self.problems = title, 0, 0.0, []

    def near(self, what, found, wanted, tolerance):
        """Within `tolerance`, relative above 1."""
        allowed = tolerance * max(1, abs(wanted))
        self.within(what, found, wanted - allowed, wanted + allowed, wanted)

    def within(self, what, found, low, high, wanted):
        self.count += 1
        middle, half = (low + high) / 2, (high - low) / 2
        self.worst = max(self.worst, abs(found - middle) / half if half > 0 else 0.0)
        if not low <= found <= high:
            self.problems.append(f"{what}: sentio {found}, here {wanted}, allowed {low} to {high}")

    def true(self, what, holds):
        self.count += 1
        if not holds:
            self.problems.append(what)

    def done(self, allowed):
        global failed
        failed += bool(self.problems)
        print(f"{'FAIL' if self.problems else 'ok  '}  {self.title}: {self.count} checked, {allowed}"
              + (f", worst {self.worst:.2g} of what is allowed" if self.worst else ""))
        for problem in self.problems[:5]:
            print(f"        {problem}")


def errors(p, count=5):
    """Standard errors of a share that both sides found by drawing."""
    p = min(max(p, 1 / DRAWS), 1 - 1 / DRAWS)
    return count * np.sqrt(p * (1 - p) * (1 / DRAWS + 1 / SENTIO_DRAWS))


def check_end(check, what, found, drawn, q):
    low, high = np.quantile(drawn, [max(0, q - errors(q)), min(1, q + errors(q))])
    check.within(what, found, low - 1e-12, high + 1e-12, np.quantile(drawn, q))


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


def check_runs(path, compared):
    """The runs of each arm, from the table of runs alone: finished, of the setting, the newest of each replicate."""
    table = {row["run"]: row for row in csv.DictReader(open(path, newline=""))}
    check = Check("runs of each arm")
    for label, runs in zip(compared["arms"], compared["arm_runs"]):
        for run in runs:
            row = table.get(run["run"])
            check.true(f"{label}: {run['run']} is no finished run", row is not None and row["status"] == "succeeded")
            if row is None or not re.fullmatch(r"[\w.]+=[^ :,]+(,[\w.]+=[^ :,]+)*", label):
                continue
            wanted = dict(part.split("=", 1) for part in label.split(","))
            if not all("params." + name in row for name in wanted):
                continue
            same = lambda other: all(number(other["params." + k]) == number(v) for k, v in wanted.items())
            check.true(f"{run['run']} has other parameters than {label}", same(row))
            rivals = [r for r in table.values() if r["sweep"] == row["sweep"] and r["status"] == "succeeded" and same(r)
                      and r["replicate"] == row["replicate"]]
            check.true(f"{label}: {run['run']} is not the newest of replicate {row['replicate']}",
                       max(rivals, key=lambda r: float(r["started"]) if is_number(r["started"]) else r["started"])["run"] == run["run"])
    check.done("exact")
    return table


def is_number(text):
    try:
        float(text)
        return True
    except ValueError:
        return False


def number(text):
    return float(text) if is_number(text) else text


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


def check_arm(name, entry, own, left, arm, truth, rows, stored):
    n, r = len(truth), len(arm)
    means, ends = Check(f"{name} means of {r} run{'s'[:r > 1]}"), Check(f"{name} intervals of the score")
    for m in METRICS:
        found = entry["scores"][m]
        means.near(m, found["value"], own[m].mean(), 1e-9)
        if stored[m] is not None:
            means.near(m + " from the exported metrics", found["value"], stored[m], 1e-9)
        if r > 1:
            half = half_width(0.05, n, r, *parts(own[m], left[m]))
            ends.near(m + " low", found["low"], own[m].mean() - half, 1e-6)
            ends.near(m + " high", found["high"], own[m].mean() + half, 1e-6)
        else:
            drawn, tail = scores(truth[rows], arm[0][rows])[m], tail_of(n)
            check_end(ends, m + " low", found["low"], drawn, tail)
            check_end(ends, m + " high", found["high"], drawn, 1 - tail)
    means.done("within 1e-9")
    ends.done("within 1e-6" if r > 1 else "Monte Carlo")


def tail_of(n):
    """Percentiles widened for few songs (Hesterberg 2015)."""
    return stats.norm.cdf(stats.t.ppf(0.025, n - 1) * np.sqrt(n / (n - 1)))


def stored_mean(table, runs, stage, scored, dimension, metric):
    """The mean over runs of what `evaluate` stored; None where the export has no such column."""
    column = f"metrics.{stage}.{scored}.{dimension}.{metric}"
    values = [table[run].get(column) if run in table else None for run in runs]
    return np.mean([float(v) for v in values]) if all(values) else None


def left_out_scores(truth, arm):
    n = len(truth)
    keep = np.array([np.delete(np.arange(n), k) for k in range(n)])
    per_run = [scores(truth[keep], p[keep]) for p in arm]
    return {m: np.array([run[m] for run in per_run]).T for m in METRICS}


def p_of(value, n, r, noise):
    """The level at which the interval ends at 0; None where that is out of reach."""
    if half_width(0.05, n, r, *noise) == 0:
        return None
    width = lambda a: half_width(a, n, r, *noise) - abs(value)
    return brentq(width, 1e-300, 1 - 1e-15) if width(1e-300) > 0 > width(1 - 1e-15) else None


def swapped_p(truth, first, second, metric, rng):
    value = scores(truth, second)[metric] - scores(truth, first)[metric]
    swap = rng.random((DRAWS, len(truth))) < 0.5
    moved = scores(truth, np.where(swap, first, second))[metric] - scores(truth, np.where(swap, second, first))[metric]
    return (1 + np.sum(np.abs(moved) >= abs(value) - 1e-12)) / (1 + DRAWS)


def check_difference(name, entry, truth, first, second, one, two, left_one, left_two, rows, rng):
    n, r = len(truth), len(first)
    sizes, noises = Check(f"{name} paired differences"), Check(f"{name} variances of songs and seeds")
    ends, chances = Check(f"{name} intervals of the difference"), Check(f"{name} p")
    for m in METRICS:
        found, values = entry[m], two[m] - one[m]
        noise = parts(values, left_two[m] - left_one[m])
        sizes.near(m, found["difference"], values.mean(), 1e-9)
        noises.near(m + " songs", found["variance_songs"], noise[0], 1e-9)
        if r > 1:
            noises.near(m + " seed", found["variance_seed"], noise[1], 1e-9)
            noises.near(m + " interaction", found["variance_interaction"], noise[2], 1e-9)
            half = half_width(0.05, n, r, *noise)
            ends.near(m + " low", found["low"], values.mean() - half, 1e-6)
            ends.near(m + " high", found["high"], values.mean() + half, 1e-6)
            p = p_of(values.mean(), n, r, noise)
            if p is not None:
                chances.near(m, found["p"], p, 1e-5)
        else:
            drawn, tail = scores(truth[rows], second[0][rows])[m] - scores(truth[rows], first[0][rows])[m], tail_of(n)
            check_end(ends, m + " low", found["low"], drawn, tail)
            check_end(ends, m + " high", found["high"], drawn, 1 - tail)
            p = swapped_p(truth, first[0], second[0], m, rng)
            chances.within(m, found["p"], p - errors(p), p + errors(p), p)
    sizes.done("within 1e-9")
    noises.done("within 1e-9")
    ends.done("within 1e-6" if r > 1 else "Monte Carlo")
    chances.done("within 1e-5" if r > 1 else "Monte Carlo")


def check_dimension(compared, block, truth, arms, rng, table):
    name, base = block["dimension"], compared["arms"].index(compared["baseline"])
    own = [scores(truth, arm) for arm in arms]
    left = [left_out_scores(truth, arm) for arm in arms]
    rows = rng.integers(0, len(truth), (DRAWS, len(truth)))
    for index, entry in enumerate(block["arms"]):
        label, stage = f"{name} {entry['arm']}", compared["stages"][index]
        runs = [run["run"] for run in compared["arm_runs"][index]
                if len(compared["arm_runs"][index]) == 1 or run["replicate"] in compared["replicates"]]
        stored = {m: stored_mean(table, runs, stage, compared["set"], name, m) for m in METRICS}
        check_arm(label, entry, own[index], left[index], arms[index], truth, rows, stored)
        if index != base:
            check_difference(label, entry["against_baseline"], truth, arms[base], arms[index], own[base], own[index],
                             left[base], left[index], rows, rng)
    adjusted, standing = Check(f"{name} Holm over {len(arms) - 1} arms"), Check(f"{name} which differences stand")
    for m in METRICS:
        others = [e for i, e in enumerate(block["arms"]) if i != base]
        for entry, p in zip(others, holm(np.array([e["against_baseline"][m]["p"] for e in others]))):
            found = entry["against_baseline"][m]
            adjusted.near(f"{entry['arm']} {m}", found["p_holm"], p, 1e-12)
            stands = (found["low"] > 0 or found["high"] < 0) and p < 0.05
            standing.true(f"{entry['arm']} {m}: stands should be {stands}", stands == found["stands"])
    adjusted.done("within 1e-12")
    standing.done("exact")
    return own, left, rows


def check_verdicts(compared):
    m, base, check = compared["metric"], compared["baseline"], Check("verdicts")
    for verdict in compared["verdicts"]:
        for block in compared["dimensions"]:
            found = next(e for e in block["arms"] if e["arm"] == verdict["arm"])["against_baseline"][m]
            better = verdict["arm"] if (found["difference"] > 0) == (m in LARGER) else base
            said = re.search(rf"on {re.escape(block['dimension'])} {re.escape(TITLES[m])} by ([\d.]+)", verdict["sentence"])
            check.true(f"{verdict['arm']}, {block['dimension']}: {verdict['sentence']}", bool(said) == found["stands"])
            if said and found["stands"]:
                check.near("size", float(said[1]), abs(found["difference"]), 5.1e-4)
                check.true(f"it should call {better} better: {verdict['sentence']}", better in verdict["sentence"])
    check.done("as rounded")


def check_dose(compared, dose, truth, arms, own, left, rows, rng):
    m, doses, name = compared["metric"], [p["dose"] for p in dose["points"]], dose["dimension"]
    by_dose = {}
    for index, label in enumerate(compared["arms"]):
        value = float(re.search(rf"(?:^|,){re.escape(dose['parameter'])}=([-\d.e]+)", label)[1])
        by_dose[value] = index
    points, places, shares = Check(f"{name} dose–response"), Check(f"{name} best dose and plateau"), Check(f"{name} how often best")
    points.true("doses in order", doses == sorted(by_dose))
    order = [by_dose[d] for d in doses]
    means, sign, n, r = np.array([own[k][m].mean() for k in order]), 1 if m in LARGER else -1, len(truth), len(arms[0])
    best = int(np.argmax(sign * means))
    block = next(d for d in compared["dimensions"] if d["dimension"] == name)
    for point, mean, k in zip(dose["points"], means, order):
        points.near(f"dose {point['dose']}", point["score"]["value"], mean, 1e-9)
        for end in ("low", "high"):
            points.near(f"dose {point['dose']} {end}", point["score"][end], block["arms"][k]["scores"][m][end], 1e-12)
    points.done("within 1e-9")
    places.near("best", dose["best"], doses[best], 0)
    wins = np.zeros(len(doses))
    drawn = [np.array([scores(truth[rows], p[rows])[m] for p in arms[k]]) for k in order]
    for draw in range(len(rows)):
        seeds = [0] if r == 1 else rng.integers(0, r, r - 1)
        wins[np.argmax([sign * d[seeds, draw].sum() for d in drawn])] += 1
    found = np.array([p["best_share"] for p in dose["points"]])
    for dose_at, own_share, share in zip(doses, found, wins / len(rows)):
        shares.within(f"{dose_at}", own_share, share - errors(share), share + errors(share), share)
    shares.near("sum", found.sum(), 1, 1e-9)
    ends = [next(i for i in order_ if found[order_[:order_.index(i) + 1]].sum() > 0.025)
            for order_ in (list(range(len(doses))), list(range(len(doses)))[::-1])]
    shares.true(f"doses that could be best: {dose['plausible']}", dose["plausible"] == [doses[e] for e in ends])
    shares.done("Monte Carlo")
    inside, close = within_noise(truth, arms, own, left, order, best, m, rows, rng)
    plateau = best
    while plateau > 0 and inside[plateau - 1]:
        plateau -= 1
    if close:
        print(f"skip  {name} plateau: a dose is too close to the line for two generators to agree")
    else:
        places.near("plateau", dose["plateau"], doses[plateau], 0)
        places.true("which doses are within noise of the best", [p["within_noise_of_best"] for p in dose["points"]] == inside)
    places.done("exact")


def within_noise(truth, arms, own, left, order, best, m, rows, rng):
    """Which doses do not differ from the best, by Holm over all; and whether drawing makes that a matter of luck."""
    n, r, others, chances, apart, close = len(truth), len(arms[0]), [i for i in range(len(order)) if i != best], [], [], False
    for i in others:
        a, b = order[best], order[i]
        value = (own[b][m] - own[a][m]).mean()
        if r > 1:
            noise = parts(own[b][m] - own[a][m], left[b][m] - left[a][m])
            half, p = half_width(0.05, n, r, *noise), p_of(value, n, r, noise)
            apart.append(abs(value) > half)
            chances.append(p if p is not None else (1.0 if value == 0 else 0.0))
        else:
            drawn, tail = scores(truth[rows], arms[b][0][rows])[m] - scores(truth[rows], arms[a][0][rows])[m], tail_of(n)
            below = np.mean(drawn < 0)
            apart.append(not tail < below < 1 - tail)
            chances.append(swapped_p(truth, arms[a][0], arms[b][0], m, rng))
            close |= min(abs(below - tail), abs(below - 1 + tail)) < errors(tail)
    adjusted = holm(np.array(chances))
    close |= r == 1 and any(abs(p - 0.05) < len(others) * errors(0.05) for p in adjusted)
    inside = [True] * len(order)
    for i, p, is_apart in zip(others, adjusted, apart):
        inside[i] = not (is_apart and p < 0.05)
    return inside, close


def check_report(path, compared):
    """Descriptions, points and sentences of the report's figures are those of the comparison."""
    page = open(path, encoding="utf-8").read()
    words = html.unescape(page)
    outside = Check("report loads nothing")
    outside.true("something is loaded from outside", not re.search(r'(?:src|href)="(?!data:|#)', page))
    outside.done("exact")
    for index, dose in enumerate(compared["dose_response"]):
        text, drawn = Check(f"{dose['dimension']} figure, as described"), Check(f"{dose['dimension']} figure, as drawn")
        found = re.search(rf'<desc id="dose-{index}-d">(.*?)</desc>(.*?)</svg>', page, re.S)
        text.true("the figure is missing", found is not None)
        if not found:
            text.done("as rounded")
            continue
        numbers = [tuple(map(float, x)) for x in
                   re.findall(r"(-?[\d.]+): (-?[\d.]+) \[(-?[\d.]+), (-?[\d.]+)\]", html.unescape(found[1]))]
        text.true("as many points", len(numbers) == len(dose["points"]))
        for (at, value, low, high), point in zip(numbers, dose["points"]):
            for what, here, wanted in (("dose", at, point["dose"]), ("score", value, point["score"]["value"]),
                                       ("low", low, point["score"]["low"]), ("high", high, point["score"]["high"])):
                text.near(f"{what} at {point['dose']}", here, wanted, 6e-4)
        text.true(f"the report does not say: {dose['sentence']}", dose["sentence"][1:] in words)
        text.done("as rounded")
        check_drawing(drawn, found[2], dose)
        drawn.done("within 0.1 px")
    said = Check("report says the verdicts")
    for verdict in compared["verdicts"]:
        said.true(f"the report does not say: {verdict['sentence']}", verdict["sentence"] in words)
    said.done("exact")


def attributes(tag):
    return {k: v for k, v in re.findall(r'([\w-]+)="([^"]*)"', tag)}


def check_drawing(check, svg, dose):
    """One straight scale on each axis takes doses and scores to the places of circles and whiskers."""
    circles = [a for a in map(attributes, re.findall(r"<circle[^>]*>", svg)) if a.get("class", "").startswith("dot")]
    whiskers = [a for a in map(attributes, re.findall(r"<line[^>]*>", svg)) if "whisker" in a.get("class", "")]
    check.true("a circle and a whisker a dose", len(circles) == len(whiskers) == len(dose["points"]))
    if check.problems:
        return
    x, y = [], []
    for circle, whisker, point in zip(circles, whiskers, dose["points"]):
        x.append((point["dose"], float(circle["cx"])))
        y += [(point["score"]["value"], float(circle["cy"])), (point["score"]["low"], float(whisker["y1"])),
              (point["score"]["high"], float(whisker["y2"]))]
        check.near(f"whisker at {point['dose']}", float(whisker["x1"]), float(circle["cx"]), 1e-9)
        is_best = circle["class"].split()[-1] == "s2"
        check.true(f"the best dose is marked at {point['dose']}", is_best == (point["dose"] == dose["best"]))
    for name, pairs, sign in (("x", x, 1), ("y", y, -1)):
        values, places = np.array(pairs).T
        slope, offset = np.polyfit(values, places, 1)
        check.true(f"{name} grows the wrong way", slope * sign > 0)
        for value, place in pairs:
            check.within(f"{name} of {value}", place, slope * value + offset - 0.1, slope * value + offset + 0.1, slope * value + offset)


def main():
    runs, predictions, document = sys.argv[1:4]
    compared = json.load(open(document))["songs"]
    table = check_runs(runs, compared)
    tables = read(predictions, compared)
    rng = np.random.default_rng(0)
    for block in compared["dimensions"]:
        songs, truth, arms = tables[block["dimension"]]
        shared = Check(f"{block['dimension']} songs that all arms share")
        shared.near("songs", compared["songs"], len(songs), 0)
        shared.done("exact")
        own, left, rows = check_dimension(compared, block, truth, arms, rng, table)
        for dose in compared["dose_response"]:
            if dose["dimension"] == block["dimension"]:
                check_dose(compared, dose, truth, arms, own, left, rows, rng)
    check_verdicts(compared)
    if len(sys.argv) > 4:
        check_report(sys.argv[4], compared)
    print(f"{len(compared['arms'])} arms, {compared['songs']} songs, {len(compared['dimensions'])} dimensions: "
          + ("all as NumPy and SciPy have it" if not failed else f"{failed} checks failed"))
    sys.exit(bool(failed))


main()
