import SentioKit

/// The keys of the `sweep:` block.
enum SweepFields {
    static let all = ["name", "method", "parameters", "cells", "metric", "run_cap", "seed", "replicates", "expect"]
    static let parameter = ["values", "value", "min", "max", "distribution", "q"]
}

/// Decodes the `sweep:` block and collects every fault.
struct SweepDecoder {
    let file: PipelineFile
    /// The whole file, which must contain the swept parameters.
    let root: SpecNode
    private let usage: ParamUsage
    private(set) var problems: [Diagnostic] = []

    static let maximumReplicates = 1000
    static let maximumValues = 10_000

    init(file: PipelineFile, root: SpecNode) {
        self.file = file
        self.root = root
        usage = ParamUsage(root, keys: ["stages", "seed"])
    }

    /// Decodes the block.
    /// - Parameter node: the block, with `${}` replaced.
    mutating func decode(_ node: SpecNode) -> SweepSpec {
        var spec = SweepSpec(origin: node.origin)
        guard let map = node.map else {
            report("`sweep` must be a mapping: `sweep: { parameters: { ratio: { values: [0, 1] } } }`.", node.origin)
            return spec
        }
        for key in map.keys where !SweepFields.all.contains(key) {
            unknown(key, among: SweepFields.all, in: map, "key of `sweep`")
        }
        for key in map.keys { spec.origins[key] = map.entries[key]?.node.origin }
        if let node = map["name"] { spec.name = name(node) }
        if let node = map["method"] {
            if let method = node.string.flatMap(SweepSpec.Method.init) {
                spec.method = method
            } else {
                report(
                    "`method` must be \(Self.list(SweepSpec.Method.allCases.map(\.rawValue)))\(hint(node)).",
                    node.origin)
            }
        } else if map["cells"] != nil {
            spec.method = .list
        }
        spec.runCap = whole(map["run_cap"], "run_cap", in: 1...SweepSpec.maximumArms)
        if let node = map["seed"] {
            spec.seed = node.value.int ?? reported("`seed` must be a whole number.", node.origin)
        }
        if let node = map["metric"] { spec.metric = metric(node) }
        if let node = map["replicates"] { spec.replicates = replicates(node) }
        if let node = map["expect"] {
            if case .list(let nodes) = node.content { spec.expectations = nodes } else { spec.expectations = [node] }
        }
        if let node = map["parameters"], !node.isNull { spec.parameters = parameters(node, method: spec.method) }
        if let node = map["cells"] { spec.cells = cells(node) }
        check(spec, map)
        return spec
    }

    private mutating func check(_ spec: SweepSpec, _ map: SpecMap) {
        guard problems.isEmpty else { return }
        switch spec.method {
        case .list:
            if map["cells"] == nil {
                report("`method: list` needs `cells:`, a list of settings such as `{ ratio: 0.5 }`.", spec.origin)
            }
            if let entry = map.entries["parameters"], map["cells"] != nil {
                report("A sweep has either `cells:` or `parameters:`, not both.", entry.node.origin)
            }
        case .grid, .random, .sobol:
            if let entry = map.entries["cells"] { report("`cells` requires `method: list`.", entry.keyOrigin) }
            if spec.parameters.isEmpty, spec.replicates.count == 1 {
                report("The sweep varies nothing; add `parameters:` or `replicates:`.", spec.origin)
            }
            if spec.method != .grid, spec.runCap == nil {
                report(
                    "`method: \(spec.method.rawValue)` needs `run_cap:` (or `--run-cap`): how many settings to draw.",
                    spec.origin)
            }
            if spec.method != .grid, spec.parameters.isEmpty {
                report("There is nothing to draw; add `parameters:`.", spec.origin)
            }
            if spec.method == .sobol, spec.parameters.count > SweepSpec.maximumSobolParameters {
                report("`method: sobol` supports at most \(SweepSpec.maximumSobolParameters) parameters.", spec.origin)
            }
        }
    }

    // MARK: Parameters

    private mutating func parameters(_ node: SpecNode, method: SweepSpec.Method) -> [SweepParameter] {
        guard let map = node.map else {
            report("`parameters` must map names to values: `ratio: { values: [0, 1] }`.", node.origin)
            return []
        }
        return map.keys.compactMap { name in
            guard let entry = map.entries[name], isKnown(name, entry.keyOrigin) else { return nil }
            return parameter(name, entry, method)
        }
    }

    private mutating func parameter(_ name: String, _ entry: SpecMap.Entry, _ method: SweepSpec.Method)
        -> SweepParameter?
    {
        guard let map = entry.node.map else {
            return reported("`\(name)` must be a mapping with `values:`, or with `min:` and `max:`.", entry.node.origin)
        }
        for key in map.keys where !SweepFields.parameter.contains(key) {
            unknown(key, among: SweepFields.parameter, in: map, "key of a swept parameter")
        }
        if let node = map["values"] ?? map["value"] {
            for key in ["min", "max", "distribution", "q"] where map[key] != nil {
                report(
                    "`\(name)` has values, so it cannot have `\(key)`.", map.entries[key]?.keyOrigin ?? entry.keyOrigin)
            }
            guard let values = values(node, name, isList: map["values"] != nil) else { return nil }
            return SweepParameter(
                name: name, domain: .values(values.map(\.value)), nodes: values, origin: entry.keyOrigin)
        }
        guard let range = range(map, name, entry) else { return nil }
        let parameter = SweepParameter(name: name, domain: .range(range), origin: entry.keyOrigin)
        if method == .grid {
            return reported(
                "A grid needs `\(name): { values: […] }`; a range requires `method: random` or `method: sobol`.",
                entry.keyOrigin)
        }
        return parameter
    }

    private mutating func values(_ node: SpecNode, _ name: String, isList: Bool) -> [SpecNode]? {
        var nodes = [node]
        if isList {
            guard case .list(let listed) = node.content else {
                return reported("`\(name).values` must be a list.", node.origin)
            }
            nodes = listed
        }
        guard !nodes.isEmpty else { return reported("`\(name)` has no values.", node.origin) }
        guard nodes.count <= Self.maximumValues else {
            return reported("`\(name)` has more than \(Self.maximumValues) values.", node.origin)
        }
        var seen: [String: Value] = [:], isFine = true
        for node in nodes {
            guard isSingle(node, name) else {
                isFine = false
                continue
            }
            if let other = seen.updateValue(node.value, forKey: SweepSetting.canonical(node.value)) {
                report("`\(name)` lists the value \(other.text) twice.", node.origin)
                isFine = false
            }
        }
        return isFine ? nodes : nil
    }

    private mutating func isSingle(_ node: SpecNode, _ name: String) -> Bool {
        guard case .scalar(let value) = node.content else {
            report(
                "A value of `\(name)` is a \(node.value.typeName); a sweep can only vary single values.", node.origin)
            return false
        }
        if let number = value.double, !number.isFinite {
            report("A value of `\(name)` is \(value.text); it must be finite.", node.origin)
            return false
        }
        return true
    }

    private mutating func range(_ map: SpecMap, _ name: String, _ entry: SpecMap.Entry) -> SweepParameter.Range? {
        guard let minimum = map["min"], let maximum = map["max"] else {
            return reported("`\(name)` needs `values:`, or `min:` and `max:`.", entry.node.origin)
        }
        guard let low = minimum.value.double, low.isFinite else {
            return reported("`\(name).min` must be a number.", minimum.origin)
        }
        guard let high = maximum.value.double, high.isFinite else {
            return reported("`\(name).max` must be a number.", maximum.origin)
        }
        guard low < high else {
            return reported("`\(name)`: `max` must be greater than `min` (\(minimum.value.text)).", maximum.origin)
        }
        var distribution = SweepParameter.Distribution.uniform
        if case .scalar(.int) = minimum.content, case .scalar(.int) = maximum.content { distribution = .integers }
        if let node = map["distribution"] {
            guard let given = node.string.flatMap(SweepParameter.Distribution.init) else {
                return reported(
                    "`\(name).distribution` must be "
                        + Self.list(SweepParameter.Distribution.allCases.map(\.rawValue))
                        + "\(hint(node, SweepParameter.Distribution.allCases.map(\.rawValue))).",
                    node.origin)
            }
            distribution = given
        }
        switch distribution {
        case .logUniform, .logUniformValues:
            guard low > 0 else {
                return reported(
                    "`\(name)`: log-uniform values need `min` above 0; `min` and `max` are values, not exponents.",
                    minimum.origin)
            }
        case .integers:
            guard low == low.rounded(), high == high.rounded(), abs(low) < 1e15, abs(high) < 1e15 else {
                return reported(
                    "`\(name)`: `int_uniform` needs whole numbers below 1e15 for `min` and `max`.", entry.node.origin)
            }
        case .uniform, .steps: break
        }
        var step: Double?
        if let node = map["q"] {
            guard let number = node.value.double, number > 0, number <= high - low, (high - low) / number < 1e9 else {
                return reported("`\(name).q` must be a number above 0 and at most `max` - `min`.", node.origin)
            }
            guard distribution == .steps else {
                return reported("`q` requires `distribution: q_uniform`.", node.origin)
            }
            step = number
        } else if distribution == .steps {
            return reported("`\(name)`: `q_uniform` needs `q:`, the step.", entry.node.origin)
        }
        return SweepParameter.Range(low: low, high: high, distribution: distribution, step: step)
    }

    /// The settings of `method: list`. All set the same parameters, so that a table of them has no gaps.
    private mutating func cells(_ node: SpecNode) -> [[SweepSetting]] {
        guard case .list(let nodes) = node.content, !nodes.isEmpty else {
            report("`cells` must be a list of settings: `- { ratio: 0.5, dim: 96 }`.", node.origin)
            return []
        }
        var seen: Set<String> = [], cells: [[SweepSetting]] = []
        for node in nodes {
            guard let map = node.map, !map.keys.isEmpty else {
                report("A cell must map names to values: `{ ratio: 0.5 }`.", node.origin)
                continue
            }
            let first = cells.first.map { $0.map(\.name) } ?? map.keys
            let known = problems.count
            let settings = first.compactMap { name -> SweepSetting? in
                guard let entry = map.entries[name] else { return nil }
                guard cells.isEmpty ? isKnown(name, entry.keyOrigin) : true, isSingle(entry.node, name) else {
                    return nil
                }
                return SweepSetting(
                    name: name, value: entry.node.value, origin: entry.node.origin, written: entry.node.written)
            }
            guard problems.count == known else { continue }
            guard Set(map.keys) == Set(first) else {
                report(
                    "Every cell must set the same parameters; the first sets \(first.joined(separator: ", ")).",
                    node.origin
                )
                continue
            }
            if !seen.insert(SweepSetting.arm(settings)).inserted {
                report("The cell \(SweepSetting.arm(settings)) is listed twice.", node.origin)
            }
            cells.append(settings)
        }
        return cells
    }

    private mutating func isKnown(_ name: String, _ origin: SpecOrigin) -> Bool {
        let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy({ !$0.isEmpty }), path != ["seed"] else {
            report(
                path == ["seed"]
                    ? "The seed cannot be swept; use `replicates:` instead."
                    : "The name `\(name)` has an empty part.",
                origin)
            return false
        }
        guard !path.contains(where: Secrets.isSecret) else {
            report(
                "`\(name)` is a secret: a sweep would store its values with its cells. Give it one value with `--set`.",
                origin)
            return false
        }
        do throws(StageFailure) {
            let place = try PipelineFile.locate(name, in: root) { usage }
            guard place.first == "params", !usage.uses(place.dropFirst()) else { return true }
            let hint = problems.suggestion(for: name, among: usage.names).map { " Did you mean `\($0)`?" } ?? ""
            report("Sweep: no stage uses `\(name)`, so all its cells would be equal.\(hint)", origin)
        } catch {
            report("Sweep: \(error)", origin)
        }
        return false
    }

    // MARK: The other keys

    private mutating func name(_ node: SpecNode) -> String? {
        if let text = node.string, StageName.isPlain(text), text.utf8.count <= 100 { return text }
        return reported(
            "`name` may have only ASCII letters, digits, `_` and `-`, at most 100 in all.", node.origin)
    }

    private mutating func metric(_ node: SpecNode) -> SweepSpec.Metric? {
        guard let map = node.map else {
            if let name = node.string { return SweepSpec.Metric(name: name, goal: .maximize) }
            return reported(
                "`metric` must be a name, or a mapping such as `{ name: score.test.ccc, goal: maximize }`.", node.origin
            )
        }
        for key in map.keys where !["name", "goal"].contains(key) {
            unknown(key, among: ["name", "goal"], in: map, "key of `metric`")
        }
        guard let name = map["name"]?.string else {
            return reported("`metric` needs `name:`, such as `score.test.ccc`.", node.origin)
        }
        guard let goal = map["goal"] else { return SweepSpec.Metric(name: name, goal: .maximize) }
        guard let known = goal.string.flatMap(SweepSpec.Metric.Goal.init) else {
            return reported("`goal` must be `minimize` or `maximize`.", goal.origin)
        }
        return SweepSpec.Metric(name: name, goal: known)
    }

    private mutating func replicates(_ node: SpecNode) -> SweepSpec.Replicates {
        var replicates = SweepSpec.Replicates()
        guard let map = node.map else {
            replicates.count = whole(node, "replicates", in: 1...Self.maximumReplicates) ?? 1
            return replicates
        }
        for key in map.keys where !["count", "seeds"].contains(key) {
            unknown(key, among: ["count", "seeds"], in: map, "key of `replicates`")
        }
        replicates.count = whole(map["count"], "replicates.count", in: 1...Self.maximumReplicates) ?? 1
        guard let seeds = map["seeds"], seeds.string != "all", !seeds.isNull else { return replicates }
        var nodes = [seeds]
        if case .list(let listed) = seeds.content { nodes = listed }
        let names = nodes.compactMap(\.string)
        if names.isEmpty || names.count < nodes.count {
            report(
                "`seeds` must list the stages whose random numbers change with the replicate: `seeds: [ast]`.",
                seeds.origin
            )
        }
        replicates.seeds = names
        return replicates
    }

    private mutating func whole(_ node: SpecNode?, _ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let node, !node.isNull else { return nil }
        if let number = node.value.int, range.contains(number) { return number }
        return reported(
            "`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound).", node.origin)
    }

    // MARK: Problems

    private mutating func unknown(_ key: String, among known: [String], in map: SpecMap, _ what: String) {
        let hint =
            Suggestion.nearest(to: key, among: known).map { " Did you mean `\($0)`?" }
            ?? " Allowed here: \(known.joined(separator: ", "))."
        report("Unknown \(what) `\(key)`.\(hint)", map.entries[key]?.keyOrigin ?? .builtIn)
    }

    private func hint(_ node: SpecNode, _ known: [String] = SweepSpec.Method.allCases.map(\.rawValue)) -> String {
        node.string == "bayes"
            ? "; Bayesian search is not supported"
            : Suggestion.nearest(to: node.value.text, among: known).map { "; did you mean `\($0)`?" } ?? ""
    }

    private static func list(_ names: [String]) -> String {
        names.dropLast().map { "`\($0)`" }.joined(separator: ", ") + " or `\(names.last ?? "")`"
    }

    private mutating func report(_ sentence: String, _ origin: SpecOrigin) {
        problems.append(file.diagnostic(sentence, at: origin))
    }

    private mutating func reported<Missing>(_ sentence: String, _ origin: SpecOrigin) -> Missing? {
        report(sentence, origin)
        return nil
    }
}
