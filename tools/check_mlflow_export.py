"""Reads an exported MLflow database through MLflow's own client and compares it with the run store it came from.

sentio-pipeline runs export --all --format mlflow -o ml.db
python tools/check_mlflow_export.py ml.db artifacts/runs.sqlite        # needs: pip install mlflow
"""
import math, sqlite3, sys

import mlflow
from mlflow.tracking import MlflowClient

file, store = sys.argv[1:3]
mlflow.set_tracking_uri("sqlite:///" + file)
client, db = MlflowClient(), sqlite3.connect(store)
names = [e.name for e in client.search_experiments()]
found = mlflow.search_runs(experiment_names=names, max_results=50_000)
ours = {r[0]: r for r in db.execute("SELECT run, pipeline, status, name FROM v_runs")}
children = found[found["tags.sentio.run"].notna()]
assert set(children["tags.sentio.run"]) <= set(ours), "runs that the store does not have"
status = {"succeeded": "FINISHED", "failed": "FAILED", "interrupted": "KILLED", "running": "RUNNING"}
key = lambda name: "".join(c if c.isascii() and (c.isalnum() or c in "_-./ ") else "_" for c in name)[:250]
metrics = params = points = tags = 0
for _, row in children.iterrows():
    run = row["tags.sentio.run"]
    assert row["status"] == status[ours[run][2]], run
    data = client.get_run(row["run_id"]).data
    for stage, name, value in db.execute("SELECT stage, name, value FROM v_metrics WHERE run = ?", [run]):
        got = data.metrics[key(f"{stage}.{name}")]
        assert (value is None and math.isnan(got)) or got == value, (run, stage, name, got, value)
        metrics += 1
    for name, value in db.execute("SELECT name, value FROM v_parameters WHERE run = ?", [run]):
        if isinstance(value, (int, float)) and data.params[key(name)] not in ("true", "false"):
            assert float(data.params[key(name)]) == value, (run, name)
        params += 1
    for name, value in db.execute("SELECT name, value FROM v_tags WHERE run = ?", [run]):
        assert data.tags[name] == value, (run, name)
        tags += 1
    for stage, name, count in db.execute("SELECT stage, name, count(*) FROM v_series WHERE run = ? GROUP BY 1, 2", [run]):
        metric = db.execute("SELECT 1 FROM v_metrics WHERE run = ? AND stage = ? AND name = ?", [run, stage, name]).fetchone()
        history = client.get_metric_history(row["run_id"], key(f"{stage}.{name}" + (".curve" if metric else "")))
        assert len(history) == count, (run, stage, name, len(history), count)
        wanted = db.execute("SELECT step, value FROM v_series WHERE run = ? AND stage = ? AND name = ? ORDER BY step", [run, stage, name])
        for point, (step, value) in zip(sorted(history, key=lambda point: point.step), wanted):
            assert point.step == step and (point.value == value or value is None and math.isnan(point.value)), (run, stage, name, step)
        points += count
print(f"MLflow {mlflow.__version__}: {len(children)} runs, {metrics} metrics, {params} parameters, {tags} tags, {points} points of curves are equal")
