import SentioKit

extension PipelineSpec {
    /// Values of params and stage parameters whose names are those of secrets. A value in the file itself is public,
    /// and if short it is often a common word: it is masked as the value of its parameter, but not in other texts.
    var secrets: Secrets {
        var secrets = Secrets()
        let nodes = secretNodes
        guard !nodes.isEmpty else { return secrets }
        // A text that the file only begins, `Bearer ${key}`, may end with a value from the command line.
        let written = root.textsOfFiles
        for node in nodes {
            if node.origin.isOfFile, written.contains(node.printed), node.printed.utf8.count < Self.everyday {
                secrets.addPlaceholder()
            } else {
                secrets.add(node.value, written: node.written)
            }
        }
        return secrets
    }

    /// A secret in a file with fewer bytes than this is taken for a common word.
    private static let everyday = 12

    /// Warnings about secrets on the command line that are too short to be masked in other texts, one per parameter.
    var secretWarnings: [String] {
        var names: [String] = []
        for node in secretNodes {
            guard case .commandLine(let argument) = node.origin,
                [node.value.text, node.written].compactMap({ $0 }).allSatisfy(Secrets.isTooShort)
            else { continue }
            let name = String(argument.prefix { $0 != "=" })
            if !names.contains(name) { names.append(name) }
        }
        return names.map {
            "The value of `--set \($0)` is too short to be masked in the output of commands: masking needs at least 4 "
                + "characters, or 8 digits for a plain number. Where the parameter itself is shown, it appears as "
                + "\(Secrets.mask)."
        }
    }

    /// Every scalar under the name of a secret.
    private var secretNodes: [SpecNode] {
        var found: [SpecNode] = []
        Self.collect(params, &found)
        for stage in stages { Self.collect(stage.parameters, &found) }
        return found
    }

    private static func collect(_ map: SpecMap, _ found: inout [SpecNode]) {
        for key in map.keys {
            guard let node = map[key] else { continue }
            if Secrets.isSecret(key) {
                node.eachScalar { scalar in
                    if !scalar.isNull, scalar.value.bool == nil { found.append(scalar) }
                }
            } else if let parts = node.map {
                collect(parts, &found)
            }
        }
    }
}

extension SpecNode {
    /// All scalars as written in files.
    fileprivate var textsOfFiles: Set<String> {
        var texts: Set<String> = []
        eachScalar { if $0.origin.isOfFile { texts.insert($0.printed) } }
        return texts
    }

    fileprivate func eachScalar(_ visit: (SpecNode) -> Void) {
        switch content {
        case .scalar: visit(self)
        case .list(let nodes): for node in nodes { node.eachScalar(visit) }
        case .map(let map): for key in map.keys { map[key]?.eachScalar(visit) }
        }
    }
}

extension SpecOrigin {
    /// Whether it is in a file and not on the command line.
    fileprivate var isOfFile: Bool {
        switch self {
        case .file, .profile, .builtIn: true
        case .commandLine, .option, .cell: false
        }
    }
}
