import SentioKit

extension PipelineSpec {
    /// The values of params and of stages' parameters whose names are those of secrets. What the file itself says for
    /// one is there for all to read, and a short one is often an everyday word: it is masked where the parameter is
    /// shown, and not wherever its text stands.
    var secrets: Secrets {
        var secrets = Secrets()
        let nodes = secretNodes
        guard !nodes.isEmpty else { return secrets }
        // A text that the file only begins, `Bearer ${key}`, may end with what the command line says.
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

    /// Below so many bytes, a secret in a file is taken for a word.
    private static let everyday = 12

    /// What is to be said of secrets on the command line that cannot be masked in other texts, each once.
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
            "The value of `--set \($0)` is too short to be masked in what commands print: that takes at least 4 "
                + "characters, or 8 digits for a plain number. Where the parameter itself is shown, it appears as "
                + "\(Secrets.mask)."
        }
    }

    /// Every single value under the name of a secret.
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
    /// All single values as a file writes them.
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
    /// Whether it stands in a file and not on the command line.
    fileprivate var isOfFile: Bool {
        switch self {
        case .file, .profile, .builtIn: true
        case .commandLine, .option, .cell: false
        }
    }
}
