import SentioKit

extension PipelineFile {
    /// The tree of a sweep's cell: the file without its `sweep:` block, with the values of the cell laid over it.
    /// - throws: `PipelineErrors` for a name of nothing.
    package func cell(_ settings: [SweepSetting], of root: SpecNode) throws -> SpecNode {
        var root = root
        if var map = root.map {
            map.remove("sweep")
            root.content = .map(map)
        }
        for setting in settings {
            do throws(StageFailure) {
                var value = SpecNode(.scalar(setting.value), setting.origin)
                value.written = setting.written
                Self.put(
                    value, at: try Self.locate(setting.name, in: root) { ParamUsage(root, keys: ParamUsage.all) }[...],
                    in: &root)
            } catch {
                throw PipelineErrors(diagnostic("Sweep: \(error)", at: setting.origin))
            }
        }
        return root
    }
}
