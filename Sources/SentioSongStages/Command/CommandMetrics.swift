import SentioKit

/// Numbers that a command reports: JSON files declared as `metrics`, and JSON lines written to SENTIO_METRICS.
///
/// Python's `json` writes NaN and Infinity, which JSON does not allow. They are stored as NULL, with a warning; nothing
/// else is lost because of them.
enum CommandMetrics {
    /// A metrics file is read whole; a larger file is rejected.
    static let largestFile = 64 << 20

    /// - throws: `StageFailure` for a file that is not JSON, contains no number, or repeats a metric of another file.
    static func collectFiles(_ paths: [String], folder: String, stage: String, services: any StageServices) throws {
        var origin: [String: String] = [:]
        for path in paths {
            guard FileKind.at(folder + "/" + path) != .missing else {
                throw StageFailure(
                    "The command of \(stage) succeeded but did not create its metrics file `\(path)`. Correct "
                        + "`metrics` or the command."
                )
            }
            let bytes = try bytes(folder + "/" + path)
            let document: (value: Value, repeatedKeys: [String])
            do {
                document = try JSON.document(bytes, allowingNonFinite: true)
            } catch {
                throw StageFailure(
                    "The metrics file `\(path)` of \(stage) is not JSON: \(error.problem), at byte \(error.byte).")
            }
            if !document.repeatedKeys.isEmpty {
                let keys = Set(document.repeatedKeys).sorted().map { "`\(Excerpt.text($0))`" }
                services.warn(
                    "The metrics file `\(path)` has duplicate keys; the last value of each is used: "
                        + "\(IDList.text(keys))."
                )
            }
            let numbers = flattened(document.value)
            guard !numbers.isEmpty else {
                throw StageFailure("The metrics file `\(path)` of \(stage) contains no number with a name.")
            }
            var unreal: [String] = []
            for (name, number) in numbers {
                if let other = origin.updateValue(path, forKey: name) {
                    throw StageFailure(
                        "The metric `\(name)` of \(stage) is in both `\(other)` and `\(path)`. Rename it in one of "
                            + "them."
                    )
                }
                if !number.isFinite { unreal.append("\(name) is \(text(number))") }
                services.metric(name, number.isFinite ? number : .nan)
            }
            if !unreal.isEmpty {
                services.warn(
                    "Some metrics of `\(path)` are not finite and are stored as NULL: \(IDList.text(unreal)).")
            }
        }
    }

    /// Names of nested numbers are joined by dots; positions in lists count from 0. Other values are ignored.
    static func flattened(_ value: Value, prefix: String = "") -> [(name: String, number: Double)] {
        func name(_ part: String) -> String { prefix.isEmpty ? part : prefix + "." + part }
        switch value {
        case .map(let entries):
            return entries.sorted { $0.key < $1.key }.flatMap { flattened($0.value, prefix: name($0.key)) }
        case .list(let values):
            return values.enumerated().flatMap { flattened($0.element, prefix: name(String($0.offset))) }
        default: return prefix.isEmpty ? [] : value.double.map { [(prefix, $0)] } ?? []
        }
    }

    /// Unusable lines are reported in one warning for each kind of fault; a typo there should not cost hours of work.
    static func collectLines(at path: String, services: any StageServices) throws {
        let kind = FileKind.at(path)
        guard kind != .missing else { return }
        guard kind == .regular else {
            return services.warn("SENTIO_METRICS \(kind.predicate), so no metric was read from it.")
        }
        var faults = LineFaults()
        let lines = try bytes(path).split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
            let place = "line \(index + 1)"
            guard let document = try? JSON.document(Array(line), allowingNonFinite: true),
                let name = document.value["name"]?.string,
                !name.isEmpty, let number = document.value["value"]?.double
            else {
                let text = Excerpt.text(String(decoding: line, as: UTF8.self))
                faults.add("ignored, because the form is not {\"name\": text, \"value\": number}", "\(place) `\(text)`")
                continue
            }
            if let key = document.repeatedKeys.first {
                faults.add("ignored, because of a duplicate key", "\(place) `\(Excerpt.text(key))`")
                continue
            }
            let step = document.value["step"] ?? .null
            guard step == .null || step.int != nil else {
                faults.add(
                    "ignored, because `step` is not a whole number", "\(place) `\(Excerpt.text(JSON.text(step)))`")
                continue
            }
            if !number.isFinite {
                faults.add(
                    "stored as NULL, because the value is not finite",
                    "\(place) `\(Excerpt.text(name))` is \(text(number))")
            }
            let kept = number.isFinite ? number : .nan
            if let step = step.int { services.series(name, step: step, kept) } else { services.metric(name, kept) }
        }
        for sentence in faults.sentences { services.warn(sentence) }
    }

    /// What is wrong with lines of SENTIO_METRICS: for each kind of fault the number of lines and the first three.
    private struct LineFaults {
        private var kinds: [(fault: String, count: Int, examples: [String])] = []

        mutating func add(_ fault: String, _ example: String) {
            guard let kind = kinds.firstIndex(where: { $0.fault == fault }) else {
                return kinds.append((fault, 1, [example]))
            }
            kinds[kind].count += 1
            if kinds[kind].examples.count < 3 { kinds[kind].examples.append(example) }
        }

        var sentences: [String] {
            kinds.map { kind in
                let subject =
                    kind.count == 1 ? "1 line of SENTIO_METRICS is" : "\(kind.count) lines of SENTIO_METRICS are"
                let more = kind.count > kind.examples.count ? " and \(kind.count - kind.examples.count) more" : ""
                return "\(subject) \(kind.fault): \(kind.examples.joined(separator: ", "))\(more)."
            }
        }
    }

    private static func text(_ number: Double) -> String {
        number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity"
    }

    private static func bytes(_ path: String) throws -> [UInt8] { try FileBytes.read(path, atMost: largestFile) }
}
