/// Why a stage runs: causes with their evidence. Every decision to run has one; it is stored and shown.
public struct RunReason: Sendable, Equatable {
    /// The `code` of the reason is that of the first.
    public var causes: [RunCause]
    /// Several causes, the most important one first.
    public init(_ causes: [RunCause]) { self.causes = causes }
    /// A single cause.
    public init(_ cause: RunCause) { causes = [cause] }
}

/// One cause for running a stage, usually the only one.
public enum RunCause: Sendable, Equatable {
    /// No record of this stage exists.
    case neverRun
    /// Requested by `--force`.
    case forced
    /// The stage uses another kind.
    case kind(from: String, to: String)
    /// The kind has a new version, which may compute a different result.
    case version(kind: String, from: Int, to: Int)
    /// A parameter has another value; nil: it is absent. `origin` is where the new value comes from.
    case parameter(name: String, from: Value?, to: Value?, origin: String?)
    /// An input has different content; nil: it is not connected. `producer` is the stage that it comes from.
    case input(port: String, producer: String, from: ContentHash?, to: ContentHash?)
    /// Files outside the store changed; `changes` is empty if it is not known which.
    case source(name: String, changes: [SourceChange])
    /// Another seed; nil: no random numbers are drawn.
    case seed(from: UInt64?, to: UInt64?)
    /// Blobs of the recorded outputs are missing, or damaged and quarantined.
    case lostOutputs(count: Int)
    /// Only in a plan: these stages run first, and their results may differ.
    case upstream([String])
    /// Only in `why`: the stage cannot run yet; the sentence says what is missing.
    case blocked(String)
    /// Songs marked as bad reached its result: the id of the first, the reason for its mark, and the number of songs.
    case tainted(song: String, reason: String, count: Int)
    /// There is a result, but the stage must not use it; the sentence says why.
    case notAccepted(String)
    /// The last attempt did not finish.
    case unfinished
}

/// A change of a file outside the store.
public enum SourceChange: Sendable, Equatable {
    case added(String), removed(String), changed(String)

    /// `3.mp3 is new`.
    public var text: String {
        switch self {
        case .added(let name): "\(name) is new"
        case .removed(let name): "\(name) is gone"
        case .changed(let name): "\(name) changed"
        }
    }
}

extension RunCause {
    /// A stable identifier for programs.
    public var code: String {
        switch self {
        case .neverRun: "never-run"
        case .forced: "forced"
        case .kind: "kind"
        case .version: "version"
        case .parameter: "parameter"
        case .input: "input"
        case .source: "source"
        case .seed: "seed"
        case .lostOutputs: "lost-outputs"
        case .upstream: "upstream"
        case .blocked: "blocked"
        case .tainted: "tainted"
        case .notAccepted: "not-accepted"
        case .unfinished: "unfinished"
        }
    }

    /// A line for people.
    public var text: String {
        switch self {
        case .neverRun: return "no record of it yet"
        case .forced: return "forced"
        case .kind(let from, let to): return "uses: \(from) -> \(to)"
        case .version(let kind, let from, let to):
            return "new version of \(kind): \(from) -> \(to)"
        case .parameter(let name, let from, let to, let origin):
            let values = "\(name): \(from?.text ?? "absent") -> \(to?.text ?? "absent")"
            return values + (origin.map { " (\($0))" } ?? "")
        case .input(let port, let producer, let from, let to):
            if from == nil { return "input `\(port)` is new (from \(producer))" }
            if to == nil { return "input `\(port)` is gone" }
            return "input `\(port)` from \(producer) changed"
        case .source(let name, let changes):
            if changes.isEmpty { return "\(name) changed" }
            let shown = changes.prefix(3).map(\.text).joined(separator: ", ")
            return changes.count > 3 ? "\(shown) and \(changes.count - 3) more" : shown
        case .seed(let from, let to):
            return from == nil
                ? "it now draws random numbers" : to == nil ? "it no longer draws random numbers" : "the seed changed"
        case .lostOutputs(let count):
            return "\(count == 1 ? "an output blob is" : "\(count) output blobs are") missing or damaged"
        case .upstream(let stages):
            let shown = stages.count > 5 ? stages.prefix(3) + ["\(stages.count - 3) more"] : stages[...]
            return "waits for \(shown.joined(separator: ", "))"
        case .blocked(let sentence): return sentence
        case .tainted(let song, let reason, let count):
            return "the tainted song \(song)\(count > 1 ? " and \(count - 1) more" : "") reached it (\(reason))"
        case .notAccepted(let sentence): return sentence
        case .unfinished: return "its last attempt did not finish"
        }
    }
}

extension RunReason {
    /// One line for people.
    public var text: String {
        // Another dataset changes many sources at once.
        let sources = causes.indices.filter {
            if case .source(_, let changes) = causes[$0] { changes.isEmpty } else { false }
        }
        if sources.count > 3 {
            let left = Set(sources.dropFirst(2))
            var shown = causes.indices.filter { !left.contains($0) }.map { causes[$0] }
            shown.append(.source(name: "\(left.count) more sources", changes: []))
            return RunReason(shown).text
        }
        // A model that changes in ten folds changes ten inputs at once.
        let inputs = causes.indices.filter { if case .input = causes[$0] { true } else { false } }
        guard inputs.count > 4 else { return causes.map(\.text).joined(separator: "; ") }
        let left = Set(inputs.dropFirst(2))
        let shown = causes.indices.filter { !left.contains($0) }.map { causes[$0].text }
        return (shown + ["\(left.count) more inputs"]).joined(separator: "; ")
    }

    /// `{"code", "text", "causes": [{"code", "text"}]}`.
    public var value: Value {
        [
            "code": .string(causes.first?.code ?? "none"), "text": .string(text),
            "causes": .list(causes.map { ["code": .string($0.code), "text": .string($0.text)] }),
        ]
    }
}
