import SentioKit

/// Options of the command line that override the `sweep:` block before it is decoded.
public struct SweepOptions: Sendable, Equatable {
    /// `ratio=0,0.5,1`: values of a parameter, instead of those in the block.
    public var matrix: [String] = []
    /// `grid`, `random`, `sobol` or `list`; nil: as in the block.
    public var method: String?
    /// Number of replicates; nil: as in the block.
    public var replicates: Int?
    /// Maximum number of settings; nil: as in the block.
    public var runCap: Int?

    /// Options that leave the block as it is.
    public init() {}

    var isEmpty: Bool { self == SweepOptions() }
}

extension PipelineFile {
    /// Applies the options to the `sweep:` block, adding one if the file has none.
    /// - Throws: `Diagnostic`.
    func apply(_ options: SweepOptions, to root: SpecNode) throws -> SpecNode {
        var sweep = root.map?["sweep"]?.map ?? SpecMap()
        func set(_ key: String, _ content: SpecNode.Content, _ text: String, in map: inout SpecMap) {
            let origin = SpecOrigin.option(text)
            map.set(key, SpecMap.Entry(node: SpecNode(content, origin), keyOrigin: origin))
        }
        if let method = options.method { set("method", .scalar(.string(method)), "--method \(method)", in: &sweep) }
        if let cap = options.runCap { set("run_cap", .scalar(.int(cap)), "--run-cap \(cap)", in: &sweep) }
        if let count = options.replicates {
            let text = "--replicates \(count)"
            if var replicates = sweep["replicates"]?.map, let entry = sweep.entries["replicates"] {
                set("count", .scalar(.int(count)), text, in: &replicates)
                sweep.set(
                    "replicates",
                    SpecMap.Entry(node: SpecNode(.map(replicates), entry.node.origin), keyOrigin: entry.keyOrigin))
            } else {
                set("replicates", .scalar(.int(count)), text, in: &sweep)
            }
        }
        var parameters = sweep["parameters"]?.map ?? SpecMap()
        for argument in options.matrix {
            let text = "--matrix \(argument)", origin = SpecOrigin.option(text)
            guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
                throw Diagnostic("\(text): write it as name=value,value,…")
            }
            let list = String(argument[argument.index(after: equals)...])
            let values: SpecNode
            do throws(StageFailure) { values = try Self.value(list.hasPrefix("[") ? list : "[\(list)]", origin) } catch
            {
                throw Diagnostic("\(text): \(error)")
            }
            guard case .list = values.content else {
                throw Diagnostic("\(text): the values cannot be read; write them as name=value,value,…")
            }
            var own = SpecMap()
            own.set("values", SpecMap.Entry(node: values, keyOrigin: origin))
            set(String(argument[..<equals]), .map(own), text, in: &parameters)
        }
        if !options.matrix.isEmpty {
            let origin = sweep.entries["parameters"]?.node.origin ?? .option("--matrix")
            sweep.set("parameters", SpecMap.Entry(node: SpecNode(.map(parameters), origin), keyOrigin: origin))
        }
        guard var map = root.map else { return root }
        let origin = map["sweep"]?.origin ?? .option("sweep")
        map.set("sweep", SpecMap.Entry(node: SpecNode(.map(sweep), origin), keyOrigin: origin))
        return SpecNode(.map(map), root.origin)
    }
}
