import SentioKit

/// Numbers that a command reports: JSON files declared as `metrics`, and JSON lines written to SENTIO_METRICS.
///
/// Python's `json` writes NaN and Infinity, which JSON does not have. They are no number, and said; nothing else is lost for them.
enum CommandMetrics {
    /// A file of metrics is read whole; a larger one is no file of metrics.
    static let largestFile = 64 << 20

    /// - throws: `StageFailure` for a file that is not JSON, holds no number, or gives a metric that another gave.
    static func collectFiles(_ paths: [String], folder: String, stage: String, services: any StageServices) throws {
        var origin: [String: String] = [:]
        for path in paths {
            guard FileKind.at(folder + "/" + path) != .missing else {
                throw StageFailure(
                    "The command of \(stage) succeeded but did not leave its metrics file `\(path)`. Correct `metrics` or the command.")
            }
            let bytes = try bytes(folder + "/" + path)
            let document: Value
            do {
                document = try JSON.parse(bytes, allowingNonFinite: true)
            } catch {
                throw StageFailure("The metrics file `\(path)` of \(stage) is not JSON: \(error.problem), at byte \(error.byte).")
            }
            let numbers = flattened(document)
            guard !numbers.isEmpty else { throw StageFailure("The metrics file `\(path)` of \(stage) holds no number under a name.") }
            var unreal: [String] = []
            for (name, number) in numbers {
                if let other = origin.updateValue(path, forKey: name) {
                    throw StageFailure("The metric `\(name)` of \(stage) is in both `\(other)` and `\(path)`. Rename it in one of them.")
                }
                if !number.isFinite { unreal.append("\(name) is \(text(number))") }
                services.metric(name, number.isFinite ? number : .nan)
            }
            if !unreal.isEmpty {
                services.warn("Not every metric of `\(path)` is a number, and these are kept as NULL: \(IDList.text(unreal)).")
            }
        }
    }

    /// Names of nested numbers joined by dots; positions in lists count from 0. Other values are no metrics.
    static func flattened(_ value: Value, prefix: String = "") -> [(name: String, number: Double)] {
        func name(_ part: String) -> String { prefix.isEmpty ? part : prefix + "." + part }
        switch value {
        case .map(let entries): return entries.sorted { $0.key < $1.key }.flatMap { flattened($0.value, prefix: name($0.key)) }
        case .list(let values): return values.enumerated().flatMap { flattened($0.element, prefix: name(String($0.offset))) }
        default: return prefix.isEmpty ? [] : value.double.map { [(prefix, $0)] } ?? []
        }
    }

    /// Lines that cannot be used are named in one warning; a typo there should not lose hours of work.
    static func collectLines(at path: String, services: any StageServices) throws {
        let kind = FileKind.at(path)
        guard kind != .missing else { return }
        guard kind == .regular else { return services.warn("SENTIO_METRICS \(kind.predicate), so no metric was read from it.") }
        var unusable = LineList(), unreal = LineList()
        let lines = try bytes(path).split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
            guard let entry = try? JSON.parse(Array(line), allowingNonFinite: true), let name = entry["name"]?.string, !name.isEmpty,
                let number = entry["value"]?.double
            else {
                unusable.add("line \(index + 1) `\(Excerpt.text(String(decoding: line, as: UTF8.self)))`")
                continue
            }
            if !number.isFinite { unreal.add("line \(index + 1) `\(Excerpt.text(name))` is \(text(number))") }
            let kept = number.isFinite ? number : .nan
            if let step = entry["step"]?.int { services.series(name, step: step, kept) } else { services.metric(name, kept) }
        }
        if let subject = unusable.subject {
            services.warn("\(subject) not {\"name\": text, \"value\": number} and not used: \(unusable.text).")
        }
        if let subject = unreal.subject {
            services.warn("\(subject) kept as NULL, because the value is no number: \(unreal.text).")
        }
    }

    /// Lines of SENTIO_METRICS that have something in common: their number and the first three.
    private struct LineList {
        private var count = 0
        private var examples: [String] = []

        mutating func add(_ example: @autoclosure () -> String) {
            count += 1
            if examples.count < 3 { examples.append(example()) }
        }

        /// `12 lines of SENTIO_METRICS are`; nil for none.
        var subject: String? {
            count == 0 ? nil : count == 1 ? "1 line of SENTIO_METRICS is" : "\(count) lines of SENTIO_METRICS are"
        }
        var text: String { examples.joined(separator: ", ") + (count > examples.count ? " and \(count - examples.count) more" : "") }
    }

    private static func text(_ number: Double) -> String { number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity" }

    private static func bytes(_ path: String) throws -> [UInt8] { try FileBytes.read(path, atMost: largestFile) }
}
