import SentioKit

extension PipelineFile {
    /// The tree of a cell of a sweep: the file without its `sweep:` block, overridden with the values of the cell.
    /// - Throws: `PipelineErrors` for a name that does not exist.
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
