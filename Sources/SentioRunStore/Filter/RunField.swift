import SentioKit

/// A field of a run that a filter or a sort order can name.
enum RunField: Equatable, Sendable {
    /// A metric: `test.ccc` of any stage, `score.test.ccc` of one.
    case metric(String)
    /// A parameter of the pipeline.
    case parameter(String)
    /// A parameter of a stage, including defaults: `mels.n_mels`.
    case configuration(String)
    case tag(String)
    case text(Column)
    case number(Column)
    /// A point in time.
    case time(Column)
    case status
    /// Whether the run is tainted, or ran from code with uncommitted changes.
    case flag(Flag)

    enum Column: String, Sendable {
        case run = "id", pipeline, file, name, profile, sweep, host, commit = "git_commit", note
        case seed, replicate, seconds, stages, executed, cached, failed, skipped
        case started = "started_at", ended = "ended_at"
    }

    enum Flag: String, Sendable { case dirty, tainted }

    /// Whether every run has a value for this field.
    var isNeverNull: Bool {
        switch self {
        case .text(let column), .number(let column), .time(let column):
            ![.name, .profile, .sweep, .commit, .note, .seconds, .ended].contains(column)
        case .status, .flag: true
        case .metric, .parameter, .configuration, .tag: false
        }
    }

    private static let words: [String: RunField] = [
        "run": .text(.run), "id": .text(.run), "pipeline": .text(.pipeline), "file": .text(.file), "name": .text(.name),
        "profile": .text(.profile), "sweep": .text(.sweep), "host": .text(.host), "commit": .text(.commit),
        "note": .text(.note),
        "seed": .number(.seed), "replicate": .number(.replicate), "seconds": .number(.seconds),
        "stages": .number(.stages),
        "executed": .number(.executed), "cached": .number(.cached), "failed": .number(.failed),
        "skipped": .number(.skipped),
        "started": .time(.started), "ended": .time(.ended), "status": .status, "dirty": .flag(.dirty),
        "tainted": .flag(.tainted),
    ]
    private static let prefixes: [(word: String, make: @Sendable (String) -> RunField)] = [
        ("metrics.", { .metric($0) }), ("metric.", { .metric($0) }), ("params.", { .parameter($0) }),
        ("param.", { .parameter($0) }),
        ("parameters.", { .parameter($0) }), ("config.", { .configuration($0) }), ("tags.", { .tag($0) }),
        ("tag.", { .tag($0) }),
    ]

    /// Parses a field name; nil if there is no such field.
    init?(_ text: String) {
        if let known = Self.words[text] {
            self = known
            return
        }
        guard let prefix = Self.prefixes.first(where: { text.hasPrefix($0.word) && text.count > $0.word.count }) else {
            return nil
        }
        self = prefix.make(String(text.dropFirst(prefix.word.count)))
    }

    /// The message for an unknown name.
    static func unknown(_ text: String) -> String {
        let names = words.keys.sorted()
        let head = String(text.prefix { $0 != "." })
        if let nearest = Suggestion.nearest(to: head, among: ["metrics", "params", "config", "tags"]),
            text.contains(".")
        {
            let rest = text.dropFirst(head.count)
            return "Runs have no field `\(text)`; did you mean `\(nearest)\(rest.count > 1 ? String(rest) : ".NAME")`?"
        }
        if let nearest = Suggestion.nearest(to: text, among: names) {
            return "Runs have no field `\(text)`; did you mean `\(nearest)`?"
        }
        return
            "Runs have no field `\(text)`. The fields are metrics.NAME, params.NAME, config.STAGE.NAME, tags.NAME, "
            + "\(names.joined(separator: ", "))."
    }
}
