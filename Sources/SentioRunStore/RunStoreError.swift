import SentioKit

/// Why the run store could not be opened, read or written; `description` is the sentence for people.
public enum RunStoreError: Error, Sendable, Equatable {
    case missing(path: String)
    case notADatabase(path: String)
    /// A link, a folder or a pipe.
    case notAFile(path: String)
    /// An SQLite file of another program.
    case notARunStore(path: String)
    /// Written by a later version of Sentio.
    case newerSchema(path: String, migrations: [String])
    /// Of an earlier version, and it may not be changed.
    case olderSchema(path: String, migrations: [String])
    case damaged(path: String, detail: String)
    case readOnly(path: String)
    case full(path: String)
    /// Another process held the write lock longer than the timeout.
    case busy(path: String)
    case cannotOpen(path: String, detail: String)
    case failed(path: String, detail: String)
    case noRuns
    case unknownRun(String, nearest: String?)
    case ambiguousRun(String, candidates: [String])
    case noSweeps
    case unknownSweep(String, nearest: String?)
    case ambiguousSweep(String, candidates: [String])
    case unknownSeries(run: String, stage: String, name: String, available: [String])
    case unknownTag(run: String, name: String, available: [String])
    /// What was asked for cannot be done to a run under way.
    case isRunning(String)
    /// A file is in the way of what would be written.
    case fileExists(String)
    /// A query took longer than it may.
    case tooSlow(seconds: Double)
    /// The user's SQL is wrong.
    case sql(String)
    case unknownTable(String, nearest: String?)
    /// The user's SQL would change the store.
    case sqlWrites
}

extension RunStoreError {
    var isCannotOpen: Bool { if case .cannotOpen = self { true } else { false } }
}

extension RunStoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let path): return "There is no run store at \(path) yet; the first `run` makes it."
        case .notADatabase(let path):
            return "\(path) is not an SQLite database, so no history can be read from it or written to it. "
                + "Move it away; the next run makes a new one and nothing that is cached is lost."
        case .notAFile(let path):
            return
                "\(path) is no regular file but a link, a folder or a pipe. Nothing is read or written through it. "
                + "Move it away; "
                + "the next run makes a new history and nothing that is cached is lost."
        case .notARunStore(let path):
            return
                "\(path) is an SQLite database of another program, not a run store. Name another artifacts folder or "
                + "move it away."
        case .newerSchema(let path, let migrations):
            return "\(path) was written by a later version of Sentio (it has \(migrations.joined(separator: ", "))). "
                + "Use that version, or move the file away to begin a new history."
        case .olderSchema(let path, let migrations):
            return
                "\(path) was written by an earlier version of Sentio (it lacks \(migrations.joined(separator: ", "))) "
                + "and is read-only, "
                + "so it cannot be brought up to date. Copy it into a folder that may be written and name that by "
                + "--artifacts."
        case .damaged(let path, let detail):
            return "The run store \(path) is damaged (\(detail)). "
                + "Move it away; it holds history only, so the next run makes a new one and everything cached stays "
                + "cached."
        case .readOnly(let path):
            return "The run store \(path) cannot be written: the file, its folder or the disk is read-only."
        case .full(let path):
            return
                "The run store \(path) could not grow: the disk is full. Free some space (`artifacts gc --keep SIZE`)."
        case .busy(let path):
            return "The run store \(path) is locked by another process for too long. Try again when that has finished."
        case .cannotOpen(let path, let detail):
            return
                "The run store \(path) cannot be opened (\(detail)). Check that its folder exists and may be written."
        case .failed(let path, let detail): return "The run store \(path) failed: \(detail)."
        case .noRuns: return "The run store holds no run yet."
        case .unknownRun(let text, let nearest):
            let hint = nearest.map { "; did you mean `\($0)`?" } ?? ". `runs list` shows what there is."
            return "No run has the id or name `\(text)`" + hint
        case .ambiguousRun(let text, let candidates):
            return "`\(text)` fits several runs: \(candidates.joined(separator: ", ")). Give more of the id."
        case .noSweeps: return "The run store holds no sweep yet; `sentio-pipeline sweep FILE` makes one."
        case .unknownSweep(let text, let nearest):
            return "No sweep has the id or name `\(text)`"
                + (nearest.map { "; did you mean `\($0)`?" } ?? ". `runs sweeps` shows what there is.")
        case .ambiguousSweep(let text, let candidates):
            return "`\(text)` fits several sweeps: \(candidates.joined(separator: ", ")). Give more of the id."
        case .unknownSeries(let run, let stage, let name, let available):
            let known = available.isEmpty ? "that stage has none" : "there are \(available.joined(separator: ", "))"
            return "Run \(run) has no series `\(name)` of stage `\(stage)`; \(known)."
        case .unknownTag(let run, let name, let available):
            let known = available.isEmpty ? "it has none" : "it has \(available.joined(separator: ", "))"
            return "Run \(run) has no tag `\(name)`; \(known)."
        case .isRunning(let run): return "Run \(run) is still under way; stop it first."
        case .fileExists(let file): return "\(file) exists already; move it away or name another file."
        case .tooSlow(let seconds):
            return
                "The query was stopped after "
                + "\(seconds == seconds.rounded() ? "\(Int(saturating: seconds))" : "\(seconds)") s. "
                + "Narrow it by a WHERE, or allow more time (--seconds)."
        case .sql(let detail): return "The SQL could not be run: \(detail). `docs/run-store.md` lists the views."
        case .unknownTable(let name, let nearest):
            return "There is no view or table `\(name)`"
                + (nearest.map { "; did you mean `\($0)`?" } ?? ". `docs/run-store.md` lists the views.")
        case .sqlWrites: return "The SQL would change the run store; a query may only read."
        }
    }
}
