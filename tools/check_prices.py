#!/usr/bin/env python3
"""Compares what `plan` foresees with what a run then takes, over all shipped pipelines.

For each pipeline (profile demo) and each change of size, in a workspace of its own: run once at a small size, ask `plan --json`
for the large one, run that, and compare stage by stage. A price is right where what was measured lies within a factor of two of
it, `expected_seconds`, or where it is null: unknown. Differences below `--least` seconds are those of a busy disk and count as
right.

    tools/check_prices.py --binary .build/release/sentio-pipeline [--only phase3] [--least 0.1] [--keep DIR]

Prints a table in Markdown; exit code 1 where a price was wrong.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Pipeline, what it is run with first, and what it is priced and run with then.
CASES = [
    ("phase1", ["songs.demo_songs=48"], ["songs.demo_songs=120"]),
    ("phase1", ["songs.demo_songs=120", "songs.limit=120"], ["songs.demo_songs=120", "songs.limit=60"]),
    ("phase2", ["songs.demo_songs=40", "epochs=4"], ["songs.demo_songs=40", "epochs=16"]),
    ("phase2", ["songs.demo_songs=40", "epochs=4"], ["songs.demo_songs=80", "epochs=8"]),
    ("phase3", ["songs.demo_songs=60", "epochs=5"], ["songs.demo_songs=60", "epochs=40"]),
    ("phase3", ["songs.demo_songs=60", "epochs=5"], ["songs.demo_songs=160", "epochs=20"]),
    ("phase3", ["songs.demo_songs=60", "epochs=10"], ["songs.demo_songs=60", "epochs=10", "depth=4"]),
    ("phase4", ["songs.demo_songs=80", "epochs=5", "gan_epochs=5", "count=120", "gan.on_collapse=warn"],
     ["songs.demo_songs=160", "epochs=10", "gan_epochs=15", "count=240", "gan.on_collapse=warn"]),
    ("ratio-ablation", ["songs.demo_songs=80", "epochs=5", "gan_epochs=5", "count=120", "ratio=0.5", "gan.on_collapse=warn"],
     ["songs.demo_songs=80", "epochs=15", "gan_epochs=5", "count=120", "ratio=1", "gan.on_collapse=warn"]),
]


def sentio(binary, command, pipeline, sets, workspace):
    arguments = [binary, command, str(ROOT / "pipelines" / f"{pipeline}.yaml"), "--artifacts", workspace, "--json"]
    if pipeline != "phase1-table":
        arguments += ["--profile", "demo"]
    for entry in sets:
        arguments += ["--set", entry]
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode not in (0, 6):
        sys.exit(f"{' '.join(arguments)}\n{done.stderr[-3000:]}")
    return done.stdout


def check(binary, pipeline, first, then, workspace):
    sentio(binary, "run", pipeline, first, workspace)
    plan = {stage["stage"]: stage for stage in json.loads(sentio(binary, "plan", pipeline, then, workspace))["stages"]}
    finished = json.loads(sentio(binary, "run", pipeline, then, workspace).splitlines()[-1])
    for stage in finished["stages"]:
        if stage["state"] == "executed":
            yield stage["name"], stage["kind"], plan[stage["name"]], stage["seconds"]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--binary", default=str(ROOT / ".build/release/sentio-pipeline"))
    options.add_argument("--only", action="append", default=[])
    options.add_argument("--least", type=float, default=0.1)
    options.add_argument("--keep")
    given = options.parse_args()
    wrong = right = unknown = 0
    print("| pipeline | from | to | stage | kind | foreseen, s | range, s | took, s | |")
    print("|---|---|---|---|---|---|---|---|---|")
    for number, (pipeline, first, then) in enumerate(CASES):
        if given.only and pipeline not in given.only:
            continue
        with tempfile.TemporaryDirectory(dir=given.keep) as workspace:
            sums = [0.0, 0.0]
            for name, kind, planned, took in check(given.binary, pipeline, first, then, workspace):
                price, span = planned.get("expected_seconds"), planned.get("expected_range")
                if price is None:
                    unknown += 1
                    verdict = "unknown"
                elif abs(price - took) < given.least or 0.5 <= took / price <= 2:
                    right += 1
                    verdict = "ok"
                else:
                    wrong += 1
                    verdict = "WRONG"
                if price is not None:
                    sums = [sums[0] + price, sums[1] + took]
                if verdict == "ok" and max(took, price) < given.least:
                    continue
                text = "unknown" if price is None else f"{price:.2f}"
                spread = "" if span is None else f"{span[0]:.2f}–{span[1]:.2f}"
                print(f"| {pipeline} | {' '.join(first)} | {' '.join(then)} | {name} | {kind} | {text} | {spread} | {took:.2f} | {verdict} |")
            print(f"| {pipeline} | {' '.join(first)} | {' '.join(then)} | **all priced** | | {sums[0]:.1f} | | {sums[1]:.1f} | |", flush=True)
    print(f"\n{right} right, {unknown} unknown, {wrong} wrong (stages below {given.least} s counted, not shown)")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
