import SentioKit

/// Which params the rest of a file uses, directly or through other params.
struct ParamUsage {
    /// The keys of the file whose references count.
    static let all = ["stages", "expect", "sweep", "seed", "description", "pipeline", "headline"]

    /// By name of a param: the paths below it that are used; an empty path is the whole param.
    private var used: [String: Set<[String]>] = [:]
    private let params: SpecMap?

    /// - Parameter keys: the keys of the file whose references count.
    init(_ root: SpecNode, keys: [String]) {
        params = root.map?["params"]?.map
        var waiting: [[String]] = []
        for key in keys { if let node = root.map?[key] { Self.references(in: node, into: &waiting) } }
        while let path = waiting.popLast() {
            guard let name = path.first, let param = params?[name] else { continue }
            let rest = Array(path.dropFirst())
            guard used[name, default: []].insert(rest).inserted else { continue }
            var node = param
            for part in rest { if let child = node.child(part) { node = child } }
            Self.references(in: node, into: &waiting)
        }
    }

    /// Names of the params that are used.
    var names: [String] { used.keys.sorted() }

    /// Whether a path, a part of it, or something that it is part of is used.
    /// - Parameter path: below `params`.
    func uses(_ path: some Swift.Collection<String>) -> Bool {
        guard let name = path.first, let paths = used[name] else { return false }
        let rest = path.dropFirst()
        return paths.contains { zip($0, rest).allSatisfy { $0 == $1 } }
    }

    /// Whether something uses the whole mapping that a path is part of, so that an additional key has an effect.
    /// - Parameter path: below `params`.
    func takes(_ path: some Swift.Collection<String>) -> Bool {
        guard let name = path.first, let paths = used[name] else { return false }
        let rest = path.dropFirst()
        return paths.contains { $0.count < rest.count && zip($0, rest).allSatisfy { $0 == $1 } }
    }

    private static func references(in node: SpecNode, into found: inout [[String]]) {
        switch node.content {
        case .scalar(.string(let text)): found += Interpolation.references(in: text)
        case .scalar: break
        case .list(let nodes): for node in nodes { references(in: node, into: &found) }
        case .map(let map):
            for key in map.keys {
                guard let node = map[key] else { continue }
                references(in: node, into: &found)
                if key == exposing { found += names(in: node) }
            }
        }
    }

    /// The key under which a command stage lists params by name: `expose: [lr, model.dim]`.
    private static let exposing = "expose"

    private static func names(in node: SpecNode) -> [[String]] {
        if case .list(let nodes) = node.content { return nodes.flatMap(names) }
        return node.string.map { [$0.split(separator: ".").map(String.init)] } ?? []
    }
}
