"""Writes Sources/SentioRunStore/Export/MLflowSchema.swift: the tables of a fresh MLflow database, as MLflow itself makes them.

python3 -m venv venv; venv/bin/pip install mlflow; venv/bin/python tools/make_mlflow_schema.py

Run it again for a newer MLflow, then tools/check_mlflow_export.py.
"""
import os, re, sqlite3, tempfile, textwrap

import mlflow

path = os.path.join(tempfile.mkdtemp(), "fresh.db")
mlflow.set_tracking_uri("sqlite:///" + path)
mlflow.create_experiment("anything")
db = sqlite3.connect(path)
revision = db.execute("SELECT version_num FROM alembic_version").fetchone()[0]
rows = db.execute("SELECT type, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid").fetchall()
flat = lambda sql: re.sub(r"\s+", " ", sql).strip()
statements = [flat(sql) + ";" for kind in ("table", "index", "view", "trigger") for k, sql in rows if k == kind]
lines = [line for s in statements
         for line in textwrap.wrap(s, 122, break_long_words=False, break_on_hyphens=False, subsequent_indent="    ")]

# What was wrapped must still make the same tables.
check = sqlite3.connect(":memory:")
check.executescript("\n".join(lines))
made = {flat(r[0]) for r in check.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")}
assert made == {flat(sql) for _, sql in rows}, made ^ {flat(sql) for _, sql in rows}

out = f'''/// The tables of a fresh database of MLflow {mlflow.__version__}, written by `tools/make_mlflow_schema.py`. Do not edit.
///
/// MLflow opens only databases of its own schema revision. A later version reports the difference and upgrades with
/// `mlflow db upgrade sqlite:///FILE`.
enum MLflowSchema {{
    static let version = "{mlflow.__version__}"
    static let revision = "{revision}"

    static let sql = """
''' + "".join(f"        {line}\n" for line in lines) + '''        """
}
'''
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "../Sources/SentioRunStore/Export/MLflowSchema.swift"), "w") as file:
    file.write(out.replace("\\", "\\\\") if "\\" in "".join(lines) else out)
