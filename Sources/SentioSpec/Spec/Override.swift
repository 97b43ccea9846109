import SentioKit

/// A value that `--set`, a profile or an extending file puts in place of another.
struct Override: Sendable {
    /// `train.lr`.
    let name: String
    /// Keys from the root: `params`, `train`, `lr`.
    let path: [String]
    let origin: SpecOrigin
    /// For a value that its base does not have: the name of the profile, or empty for an extending file; nil for
    /// `--set`.
    var newIn: String?
}

extension PipelineFile {
    /// Reports overrides of params that nothing uses: a misspelled name would change nothing, unnoticed. A param that
    /// the file itself declares may be unused.
    /// - Parameter written: the file and its profile before `--set`, which may replace the only use of a param.
    mutating func checkOverrides(_ root: SpecNode, written: SpecNode) {
        let overrides = overrides.filter { $0.path.first == "params" && $0.path.count > 1 }
        guard !overrides.isEmpty else { return }
        let now = ParamUsage(root, keys: ParamUsage.all)
        let ever = ParamUsage(written, keys: ParamUsage.all + ["profiles"])
        var said: Set<String> = []
        for override in overrides {
            let path = override.path.dropFirst()
            guard !(override.newIn == nil ? now : ever).uses(path),
                said.insert(override.path.joined(separator: "\0")).inserted
            else {
                continue
            }
            let hint = hint(Array(path), root, ever)
            switch override.newIn {
            case nil:
                problems.append(
                    Diagnostic("\(override.origin.text): nothing in the file uses `\(override.name)`.\(hint)"))
            case ""?:
                report(
                    "The param `\(override.name)` overrides nothing: the base file does not have it, and nothing uses "
                        + "it.\(hint)",
                    at: override.origin)
            case let profile?:
                report(
                    "The profile `\(profile)` sets `\(override.name)`, but the file has no such param and nothing uses "
                        + "it.\(hint)",
                    at: override.origin)
            }
        }
    }

    /// What a name may have meant: another key of the same mapping, or a param that is used.
    private func hint(_ path: [String], _ root: SpecNode, _ usage: ParamUsage) -> String {
        let parent = path.dropLast().reduce(root.map?["params"]) { $0?.child($1) }
        let names = path.count > 1 ? (parent?.map?.keys ?? []).filter { $0 != path.last } : usage.names
        guard let nearest = problems.suggestion(for: path.last ?? "", among: names) else { return "" }
        return " Did you mean `\((path.dropLast() + [nearest]).joined(separator: "."))`?"
    }

    /// Records the params of an overlay that its base does not have.
    mutating func note(_ overlay: SpecNode?, over base: SpecNode?, path: [String] = ["params"], in name: String) {
        guard let map = overlay?.map else { return }
        for key in map.keys {
            guard let entry = map.entries[key] else { continue }
            let own = path + [key]
            if let old = base?.map?[key] {
                if old.map != nil { note(entry.node, over: old, path: own, in: name) }
            } else {
                overrides.append(
                    Override(
                        name: own.dropFirst().joined(separator: "."), path: own, origin: entry.keyOrigin, newIn: name))
            }
        }
    }
}
