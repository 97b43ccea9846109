import Foundation
import GRDB
import SentioKit

/// Writes runs as an MLflow tracking database, for `mlflow ui --backend-store-uri sqlite:///FILE` and
/// `mlflow.search_runs`.
///
/// A pipeline becomes an experiment, and a sweep becomes a run with its arms as children. Pipeline parameters keep
/// their names, stage parameters are `stage.name`, and so are metrics and series. MLflow names have at most 250
/// characters: letters, digits and `_-./ `; any other character becomes `_`.
struct MLflowExport {
    private let db: Database
    private var experiments: [String: Int64] = [:]
    private var parents: [String: String] = [:]

    /// What has been written.
    struct Counts: Equatable {
        var runs = 0
        var metrics = 0
        /// Texts that exceeded the length limits of MLflow and were truncated.
        var truncated = 0
    }

    private(set) var counts = Counts()

    /// Creates the tables in an empty database.
    init(_ db: Database) throws {
        self.db = db
        try db.execute(sql: MLflowSchema.sql)
        try db.execute(sql: "INSERT INTO alembic_version (version_num) VALUES (?)", arguments: [MLflowSchema.revision])
        try db.execute(
            sql:
                "INSERT INTO workspaces (name, description) VALUES ('default', 'Default workspace for legacy "
                + "resources')"
        )
        try insertExperiment(0, "Default", at: 0)
    }

    private func insertExperiment(_ id: Int64, _ name: String, at time: Int64) throws {
        try db.execute(
            sql: """
                INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time, workspace)
                VALUES (?, ?, ?, 'active', ?, ?, 'default')
                """, arguments: [id, name, "mlruns/\(id)", time, time])
    }

    // MARK: Runs

    mutating func add(_ run: RunDetails, series: [(stage: String, name: String, points: [SeriesPoint])]) throws {
        let summary = run.summary
        let identifier = Self.identifier("run", summary.id), experiment = try experiment(summary)
        let start = Self.milliseconds(summary.startedAt), end = summary.endedAt.map(Self.milliseconds)
        let status =
            switch summary.status {
            case .running: "RUNNING"
            case .succeeded: "FINISHED"
            case .failed: "FAILED"
            case .interrupted: "KILLED"
            }
        let name = truncated(summary.name ?? summary.id, to: 250)
        try insertRun(identifier, name, summary, status, start, end, experiment)
        counts.runs += 1
        var tags = summary.tags
        tags["mlflow.runName"] = name
        tags["mlflow.source.name"] = summary.file
        tags["mlflow.source.type"] = "LOCAL"
        tags["mlflow.user"] = "sentio"
        tags["mlflow.note.content"] = summary.note
        tags["mlflow.source.git.commit"] = summary.gitCommit
        tags["sentio.run"] = summary.id
        tags["sentio.pipeline"] = summary.pipeline
        tags["sentio.seed"] = "\(summary.seed)"
        tags["sentio.replicate"] = "\(summary.replicate)"
        tags["sentio.host"] = summary.host
        tags["sentio.sweep"] = summary.sweep
        if let sweep = summary.sweep { tags["mlflow.parentRunId"] = try parent(sweep, summary, experiment) }
        try insert(tags, of: identifier)
        var parameters: [(String, Value)] = run.parameters.map { ($0.name, $0.value) }
        for stage in run.stages { parameters += stage.configuration.map { ("\(stage.stage).\($0.key)", $0.value) } }
        var keys: Set<String> = []
        for (key, value) in parameters.sorted(by: { $0.0 < $1.0 }) {
            try db.cachedStatement(sql: "INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)")
                .execute(arguments: [Self.unique(Self.key(key), &keys), truncated(value.text, to: 8000), identifier])
        }
        var names: Set<String> = []
        for stage in run.stages {
            for (name, value) in stage.metrics.sorted(by: { $0.key < $1.key }) {
                let key = Self.unique(Self.key("\(stage.stage).\(name)"), &names)
                try insert([SeriesPoint(step: 0, value: value)], key, identifier, from: end ?? start, to: end ?? start)
            }
        }
        for curve in series {
            // MLflow keeps one history per name, but a stage may have a metric (its result) and a series of the same
            // name.
            let key = Self.key("\(curve.stage).\(curve.name)")
            let free = Self.unique(names.contains(key) ? Self.key("\(curve.stage).\(curve.name).curve") : key, &names)
            try insert(curve.points, free, identifier, from: start, to: end ?? start)
        }
    }

    private func insertRun(
        _ identifier: String, _ name: String, _ summary: RunSummary, _ status: String, _ start: Int64, _ end: Int64?,
        _ experiment: Int64
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
                    source_version, lifecycle_stage, artifact_uri, experiment_id)
                VALUES (?, ?, 'LOCAL', ?, '', 'sentio', ?, ?, ?, ?, 'active', ?, ?)
                """,
            arguments: [
                identifier, name, String(summary.file.suffix(500)), status, start, end,
                summary.gitCommit.map { String($0.prefix(50)) } ?? "",
                "mlruns/\(experiment)/\(identifier)/artifacts", experiment,
            ])
    }

    private mutating func experiment(_ summary: RunSummary) throws -> Int64 {
        if let known = experiments[summary.pipeline] { return known }
        let id = Int64(experiments.count + 1)
        let name =
            summary.pipeline == "Default" || summary.pipeline.isEmpty
            ? "pipeline \(summary.pipeline)" : summary.pipeline
        try insertExperiment(id, truncated(name, to: 250), at: Self.milliseconds(summary.startedAt))
        experiments[summary.pipeline] = id
        return id
    }

    /// The parent run of a sweep, inserted with the first arm.
    private mutating func parent(_ sweep: String, _ summary: RunSummary, _ experiment: Int64) throws -> String {
        if let known = parents[sweep] { return known }
        let identifier = Self.identifier("sweep", sweep), start = Self.milliseconds(summary.startedAt)
        let title = "sweep \(sweep)"
        try insertRun(identifier, truncated(title, to: 250), summary, "FINISHED", start, start, experiment)
        try insert(["mlflow.runName": title, "sentio.sweep": sweep, "mlflow.source.type": "LOCAL"], of: identifier)
        parents[sweep] = identifier
        return identifier
    }

    private mutating func insert(_ tags: [String: String], of run: String) throws {
        var keys: Set<String> = []
        for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
            try db.cachedStatement(sql: "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)")
                .execute(arguments: [Self.unique(Self.key(name), &keys), truncated(value, to: 8000), run])
        }
    }

    /// Inserts a metric's history. Points carry no times, so they are spread evenly between start and end.
    private mutating func insert(
        _ points: [SeriesPoint], _ key: String, _ run: String, from start: Int64, to end: Int64
    ) throws {
        let history = try db.cachedStatement(
            sql:
                "INSERT OR IGNORE INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, "
                + "?)"
        )
        for (index, point) in points.enumerated() {
            // In floating point, because a file may hold any start and end.
            let part = (Double(end) - Double(start)) * Double(index + 1) / Double(points.count)
            let time = Int64(Int(saturating: Double(start) + part))
            try history.execute(arguments: [key, Self.stored(point.value), time, run, point.step, point.value.isNaN])
            counts.metrics += 1
        }
        guard let last = points.last else { return }
        try db.cachedStatement(
            sql: "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [key, Self.stored(last.value), end, last.step, last.value.isNaN, run])
    }

    // MARK: Limits of MLflow

    /// Replaces non-finite numbers the way MLflow does.
    private static func stored(_ value: Double) -> Double {
        value.isNaN ? 0 : value.isFinite ? value : value > 0 ? 1.7976931348623157e308 : -1.7976931348623157e308
    }

    private static func milliseconds(_ seconds: Double) -> Int64 { Int64(Int(saturating: seconds * 1000)) }

    private static func identifier(_ purpose: String, _ text: String) -> String {
        String(Hashing.content("mlflow \(purpose) \(text)").hex.prefix(32))
    }

    private mutating func truncated(_ text: String, to count: Int) -> String {
        if text.unicodeScalars.count <= count { return text }
        counts.truncated += 1
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(count - 1))) + "…"
    }

    static func key(_ name: String) -> String {
        let allowed = name.unicodeScalars.map { scalar -> Character in
            let isAllowed =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "_-./ ".unicodeScalars.contains(scalar))
            return isAllowed ? Character(scalar) : "_"
        }
        // MLflow rejects paths such as `a//b` or with a leading `/`.
        let parts = String(allowed).split(separator: "/").joined(separator: "/")
        return parts.isEmpty || parts == "." || parts == ".." ? "_" : String(parts.prefix(250))
    }

    /// Appends a number if the sanitized name is taken.
    private static func unique(_ key: String, _ known: inout Set<String>) -> String {
        var candidate = key, number = 2
        while !known.insert(candidate).inserted {
            candidate = "\(key.prefix(240))_\(number)"
            number += 1
        }
        return candidate
    }
}
