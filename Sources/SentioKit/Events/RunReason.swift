/// Why a stage runs, as facts with their evidence. No decision to run exists without one; it is stored and shown.
public struct RunReason: Sendable, Equatable {
    public var causes: [RunCause]
    public init(_ causes: [RunCause]) { self.causes = causes }
    public init(_ cause: RunCause) { causes = [cause] }
}

/// One cause, most often the only one.
public enum RunCause: Sendable, Equatable {
    /// No record of this stage exists.
    case neverRun
    /// Asked for by `--force`.
    case forced
    case kind(from: String, to: String)
    case version(kind: String, from: Int, to: Int)
    case parameter(name: String, from: Value?, to: Value?, origin: String?)
    case input(port: String, producer: String, from: ContentHash?, to: ContentHash?)
    case source(name: String, changes: [SourceChange])
    case seed(from: UInt64?, to: UInt64?)
    /// Blobs of the recorded outputs are missing or were set aside as damaged.
    case lostOutputs(count: Int)
    /// Only in a plan: these stages run first, and what they make may differ.
    case upstream([String])
    /// Only in `why`: the stage cannot run as things are, and this sentence says what is missing.
    case blocked(String)
    /// Songs that are marked as bad reached its result: the first one's id, why it is marked, and how many there are.
    case tainted(song: String, reason: String, count: Int)
    /// There is a result, but the stage may not use it; the sentence says why.
    case notAccepted(String)
    /// The stage's earlier attempt did not finish.
    case unfinished
}

/// A file outside the store that is not what it was.
public enum SourceChange: Sendable, Equatable {
    case added(String), removed(String), changed(String)

    public var text: String {
        switch self {
        case .added(let name): "\(name) is new"
        case .removed(let name): "\(name) is gone"
        case .changed(let name): "\(name) changed"
        }
    }
}

extension RunCause {
    /// A stable word for programs.
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
            return "\(kind) computes differently since version \(to) (was \(from))"
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
        // Another dataset is many sources that changed together.
        let sources = causes.indices.filter {
            if case .source(_, let changes) = causes[$0] { changes.isEmpty } else { false }
        }
        if sources.count > 3 {
            let left = Set(sources.dropFirst(2))
            var shown = causes.indices.filter { !left.contains($0) }.map { causes[$0] }
            shown.append(.source(name: "\(left.count) more sources", changes: []))
            return RunReason(shown).text
        }
        // Ten folds of one model are ten inputs that changed together.
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
