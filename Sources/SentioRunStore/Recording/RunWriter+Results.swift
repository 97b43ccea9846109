import GRDB
import SentioKit

extension RunWriter {
    /// The row of `stage_results` for an outcome. A finished stage refers to an equal result of an earlier run, if
    /// there is one. The result of a failed stage is never shared, because its key does not determine it.
    mutating func storeResult(_ outcome: StageOutcome, _ db: Database) throws -> Int64 {
        let isFinished = outcome.state == .executed || outcome.state == .cached
        let digest = isFinished ? ResultDigest.of(outcome).hex : nil
        if let digest,
            let known = try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT id FROM stage_results WHERE digest = ?"), arguments: [digest])
        {
            if hasUnexamined { try examineLater(outcome, db) }
            return known
        }
        let id: Int64
        let configuration = JSON.text(.map(outcome.configuration))
        if let open = results[outcome.stage] {
            id = open
            try db.cachedStatement(sql: "UPDATE stage_results SET digest = ?, key = ?, configuration = ? WHERE id = ?")
                .execute(arguments: [digest, outcome.key?.hash.hex, configuration, id])
        } else {
            try db.cachedStatement(sql: "INSERT INTO stage_results (digest, key, configuration) VALUES (?, ?, ?)")
                .execute(arguments: [digest, outcome.key?.hash.hex, configuration])
            id = db.lastInsertedRowID
        }
        for (port, hash) in outcome.inputs {
            try db.cachedStatement(sql: "INSERT INTO stage_inputs (result, port, artifact) VALUES (?, ?, ?)")
                .execute(arguments: [id, port, try artifactID(hash, db)])
        }
        for (port, hash) in outcome.outputs {
            try db.cachedStatement(sql: "INSERT INTO stage_outputs (result, port, artifact) VALUES (?, ?, ?)")
                .execute(arguments: [id, port, try artifactID(hash, db)])
        }
        for (name, value) in outcome.metrics {
            try metrics.append(id.databaseValue, name.databaseValue, value.databaseValue, to: db)
        }
        for (name, points) in outcome.series {
            let series = try seriesID(name, stage: outcome.stage, result: id, db)
            try insertMissing(points, series: series, db)
            if isFinished { try Self.storeLevels(points, series: series, db) }
        }
        try writeRows(db)
        if isFinished { try examineLater(outcome, db) }
        return id
    }

    private mutating func examineLater(_ outcome: StageOutcome, _ db: Database) throws {
        var outcome = outcome
        let statement = try db.cachedStatement(sql: "SELECT examined FROM artifacts WHERE hash = ?")
        outcome.outputs = try outcome.outputs.filter { try Bool.fetchOne(statement, arguments: [$0.value.hex]) != true }
        if !outcome.outputs.isEmpty { unexamined.append(outcome) }
    }

    private mutating func artifactID(_ hash: ContentHash, _ db: Database) throws -> Int64 {
        if let known = artifacts[hash] { return known }
        let hex = hash.hex
        let id: Int64
        if let stored = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM artifacts WHERE hash = ?"), arguments: [hex])
        {
            id = stored
        } else {
            try db.cachedStatement(sql: "INSERT INTO artifacts (hash) VALUES (?)").execute(arguments: [hex])
            id = db.lastInsertedRowID
        }
        artifacts[hash] = id
        return id
    }

    // MARK: Metrics and series

    mutating func seriesID(_ name: String, stage: String, result: Int64, _ db: Database) throws -> Int64 {
        if let known = series[stage]?[name] { return known }
        try db.cachedStatement(sql: "INSERT INTO series (result, name) VALUES (?, ?)").execute(arguments: [
            result, name,
        ])
        let id = db.lastInsertedRowID
        series[stage, default: [:]][name] = id
        return id
    }

    /// - Parameter points: as returned by the stage. The engine never sends two for one step; otherwise the stored
    ///   points are used.
    private static func storeLevels(_ points: [SeriesPoint], series: Int64, _ db: Database) throws {
        let isInOrder = zip(points, points.dropFirst()).allSatisfy { $0.step < $1.step }
        try SeriesLevels.store(isInOrder ? points : try SeriesLevels.points(of: series, db), series: series, db)
    }

    /// Most points were written while the stage ran. Only if some are missing, all are written again.
    private mutating func insertMissing(_ wanted: [SeriesPoint], series: Int64, _ db: Database) throws {
        let stored =
            try Int.fetchOne(db, sql: "SELECT count(*) FROM series_points WHERE series = ?", arguments: [series]) ?? 0
        guard stored < Set(wanted.map(\.step)).count else { return }
        for point in wanted {
            try points.append(series.databaseValue, point.step.databaseValue, point.value.databaseValue, to: db)
        }
        // For steps out of order, the levels are built from the stored points.
        try points.write(db)
    }
}
