import SentioKit

/// Why the run store could not be opened, read or written; `description` is the message for users.
public enum RunStoreError: Error, Sendable, Equatable {
    case missing(path: String)
    case notADatabase(path: String)
    /// A link, a folder or a pipe instead of a file.
    case notAFile(path: String)
    /// An SQLite file of another program.
    case notARunStore(path: String)
    /// Written by a later version of Sentio.
    case newerSchema(path: String, migrations: [String])
    /// Written by an earlier version, and read-only.
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
    /// The operation is not possible while the run is running.
    case isRunning(String)
    /// The output file already exists.
    case fileExists(String)
    /// A query exceeded its timeout.
    case tooSlow(seconds: Double)
    /// The user's SQL failed.
    case sql(String)
    case unknownTable(String, nearest: String?)
    /// The user's SQL would modify the store.
    case sqlWrites
}

extension RunStoreError {
    var isCannotOpen: Bool { if case .cannotOpen = self { true } else { false } }
}

extension RunStoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let path): return "There is no run store at \(path) yet; the first `run` creates it."
        case .notADatabase(let path):
            return "\(path) is not an SQLite database, so it cannot be used as the run store. "
                + "Move it away; the next run creates a new one, and nothing that is cached is lost."
        case .notAFile(let path):
            return "\(path) is not a regular file but a link, folder or pipe, so it is neither read nor written. "
                + "Move it away; the next run creates a new run store, and nothing that is cached is lost."
        case .notARunStore(let path):
            return
                "\(path) is an SQLite database of another program, not a run store. "
                + "Move it away or choose another artifacts folder (--artifacts)."
        case .newerSchema(let path, let migrations):
            return "\(path) was written by a later version of Sentio (it has \(migrations.joined(separator: ", "))). "
                + "Use that version, or move the file away to start a new history."
        case .olderSchema(let path, let migrations):
            return
                "\(path) was written by an earlier version of Sentio (it lacks \(migrations.joined(separator: ", "))) "
                + "and is read-only, so it cannot be upgraded. "
                + "Copy it into a writable folder and pass that folder with --artifacts."
        case .damaged(let path, let detail):
            return "The run store \(path) is damaged (\(detail)). "
                + "Move it away; the next run creates a new one, and nothing that is cached is lost."
        case .readOnly(let path):
            return "The run store \(path) is not writable: the file, its folder or the disk is read-only."
        case .full(let path):
            return
                "The run store \(path) could not grow: the disk is full. Free some space (`artifacts gc --keep SIZE`)."
        case .busy(let path):
            return "The run store \(path) has been locked by another process for too long. "
                + "Try again when that process has finished."
        case .cannotOpen(let path, let detail):
            return "The run store \(path) cannot be opened (\(detail)). Check that its folder exists and is writable."
        case .failed(let path, let detail): return "Accessing \(path) failed: \(detail)."
        case .noRuns: return "The run store contains no runs yet."
        case .unknownRun(let text, let nearest):
            let hint = nearest.map { "; did you mean `\($0)`?" } ?? ". `runs list` shows all runs."
            return "No run has the id or name `\(text)`" + hint
        case .ambiguousRun(let text, let candidates):
            return
                "`\(text)` matches several runs: \(candidates.joined(separator: ", ")). Use a longer id prefix."
        case .noSweeps: return "The run store contains no sweeps yet; `sentio-pipeline sweep FILE` starts one."
        case .unknownSweep(let text, let nearest):
            return "No sweep has the id or name `\(text)`"
                + (nearest.map { "; did you mean `\($0)`?" } ?? ". `runs sweeps` shows all sweeps.")
        case .ambiguousSweep(let text, let candidates):
            return
                "`\(text)` matches several sweeps: \(candidates.joined(separator: ", ")). Use a longer id prefix."
        case .unknownSeries(let run, let stage, let name, let available):
            let known = available.isEmpty ? "the stage has no series" : "it has \(available.joined(separator: ", "))"
            return "Stage `\(stage)` of run \(run) has no series `\(name)`; \(known)."
        case .unknownTag(let run, let name, let available):
            let known = available.isEmpty ? "it has no tags" : "it has \(available.joined(separator: ", "))"
            return "Run \(run) has no tag `\(name)`; \(known)."
        case .isRunning(let run): return "Run \(run) is still running; stop it first."
        case .fileExists(let file): return "\(file) already exists; move it away or choose another file."
        case .tooSlow(let seconds):
            return
                "The query was stopped after "
                + "\(seconds == seconds.rounded() ? "\(Int(saturating: seconds))" : "\(seconds)") s. "
                + "Narrow it with a WHERE clause, or allow more time (--seconds)."
        case .sql(let detail): return "The SQL could not be run: \(detail). `docs/run-store.md` lists the views."
        case .unknownTable(let name, let nearest):
            return "There is no view or table `\(name)`"
                + (nearest.map { "; did you mean `\($0)`?" } ?? ". `docs/run-store.md` lists the views.")
        case .sqlWrites: return "The SQL would modify the run store; a query may only read."
        }
    }
}
