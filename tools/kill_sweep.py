#!/usr/bin/env python3
"""Kills a sweep with SIGKILL at random moments, lets it complete, and proves that nothing was lost and nothing ran twice.

    kill_sweep.py --binary .build/release/sentio-pipeline --artifacts DIR [--reference DIR] [--seed 1] [--kills 2]
                  [--longest 240] -- pipelines/ratio-ablation.yaml --profile demo

Each attempt is `sweep … --json --artifacts DIR` as a process of its own, killed after a number of seconds drawn by --seed
between 1 and --longest; then one attempt runs to its end. What is proved, from the events of all attempts and from the run
store: every stage of every distinct key was finished by computing it once (a killed one resumes from its checkpoint, and its
finished items are not made again), all cells are complete, killed runs are marked interrupted. With --reference, the
workspace of a sweep that nobody killed: every stage of every cell left the same bytes. DIR must not exist.
"""
import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

failed = 0


def check(title, holds, detail=""):
    global failed
    failed += not holds
    print(f"{'ok  ' if holds else 'FAIL'}  {title}{': ' + str(detail) if detail != '' else ''}", flush=True)


def query(binary, artifacts, sql):
    out = subprocess.run([binary, "runs", "query", sql, "--json", "--artifacts", artifacts], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def attempt(command, log, seconds):
    """The exit code; negative: the signal. Killed after `seconds`, where that comes first."""
    with open(log, "wb") as out, open(log + ".err", "wb") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, start_new_session=True)
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.wait()


def events(log):
    for line in open(log, encoding="utf-8", errors="replace"):
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            pass    # the line that the kill cut


def outputs(binary, artifacts, sweep):
    """{(arm, replicate, stage, port): hash} of the runs that stand for the cells."""
    rows = query(binary, artifacts, f"SELECT c.arm, c.replicate, l.stage, l.port, l.artifact FROM v_sweep_cells c JOIN v_lineage l "
                 f"ON l.run = c.run WHERE c.sweep = '{sweep}' AND c.wanted AND l.direction = 'output'")
    return {(r["arm"], r["replicate"], r["stage"], r["port"]): r["artifact"] for r in rows}


def main():
    parser = argparse.ArgumentParser()
    for name in ("--binary", "--artifacts"):
        parser.add_argument(name, required=True)
    parser.add_argument("--reference")
    for name, value in (("--seed", 1), ("--kills", 2), ("--longest", 240)):
        parser.add_argument(name, type=int, default=value)
    parser.add_argument("sweep", nargs="+")
    options = parser.parse_args()
    if os.path.exists(options.artifacts):
        sys.exit(f"{options.artifacts} exists; a proof starts from nothing.")
    draw, binary = random.Random(options.seed), options.binary
    command = [binary, "sweep", *options.sweep, "--json", "--artifacts", options.artifacts]
    os.makedirs(options.artifacts + ".events", exist_ok=True)
    logs = []
    for number in range(options.kills + 1):
        seconds = draw.uniform(1, options.longest) if number < options.kills else None
        logs.append(f"{options.artifacts}.events/attempt-{number + 1}.jsonl")
        started = time.time()
        code = attempt(command, logs[-1], seconds)
        seen = [e for e in events(logs[-1])]
        done = sum(e["event"] == "cell.finished" and e["state"] in ("done", "cached") for e in seen)
        at = next((f"{e['stage']}" for e in reversed(seen) if e.get("stage")), "the start")
        print(f"      attempt {number + 1}: exit code {code} after {time.time() - started:.0f} s, {done} cells finished in it, last event of {at}",
              flush=True)
        if seconds is not None:
            check(f"attempt {number + 1} was killed", code == -signal.SIGKILL)
    check("the last attempt ends well", code == 0, f"exit code {code}")

    last = [e for e in events(logs[-1]) if e["event"] == "sweep.finished"][-1]
    sweep, cells = last["sweep"], last["cells"]
    check("all cells are complete", last["done"] == len(cells), f"{last['done']} of {len(cells)}")
    rows = query(binary, options.artifacts, f"SELECT arm, replicate, run FROM v_sweep_cells WHERE sweep = '{sweep}' AND wanted")
    check("the run store has a finished run of every cell", len(rows) == len(cells) and all(r["run"] for r in rows), len(rows))
    interrupted = query(binary, options.artifacts, "SELECT count(*) AS n FROM v_runs WHERE status = 'interrupted'")[0]["n"]
    check("killed runs are marked interrupted", interrupted == options.kills, interrupted)

    stages = query(binary, options.artifacts, "SELECT stage, kind, state, key, items_executed, items_total FROM v_stages WHERE state = 'executed'")
    twice = [k for k, n in Counter((s["stage"], s["key"]) for s in stages if s["key"]).items() if n > 1]
    check("no stage of one key was computed to its end twice", not twice, twice or f"{len(stages)} executions")
    times = Counter(s["stage"] for s in stages)
    finished = Counter(e["name"] for log in logs for e in events(log) if e["event"] == "stage.finished" and e["state"] == "executed")
    check("events and run store count alike", all(times[s] == n or abs(times[s] - n) <= options.kills for s, n in finished.items())
          and set(times) == set(finished))
    for kind in ("song-dataset", "decode", "mel-extract", "split", "gan-train", "synthesize"):
        for stage in sorted({s["stage"] for s in stages if s["kind"] == kind}):
            check(f"{stage} ({kind}) was computed once for all cells", times[stage] == 1, f"{times[stage]} in the run store, {finished[stage]} in events")
    made = Counter()
    for s in stages:
        if s["items_total"]:
            made[s["stage"]] += s["items_executed"]
    for stage in sorted(made):
        total = max(s["items_total"] for s in stages if s["stage"] == stage)
        check(f"{stage} made each item at most once", made[stage] <= total, f"{made[stage]} of {total} in the attempt that finished it")

    if options.reference:
        ours, theirs = outputs(binary, options.artifacts, sweep), outputs(binary, options.reference, sweep)
        differ = [key for key in theirs if ours.get(key) != theirs[key]]
        check("every stage of every cell left the bytes of the sweep that nobody killed", bool(theirs) and ours.keys() == theirs.keys()
              and not differ, differ[:5] or f"{len(theirs)} outputs")
    print("nothing was lost, nothing ran twice" if not failed else f"{failed} checks failed")
    sys.exit(bool(failed))


main()
