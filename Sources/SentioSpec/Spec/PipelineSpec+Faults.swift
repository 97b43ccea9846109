import SentioKit

extension PipelineSpec {
    /// Paths (`cv.ridge`) of the stages and groups of the file that could not be bound.
    /// - Parameter bound: names of the stages that could.
    func stagesWithout(_ bound: [String]) -> Set<String> {
        let bound = Set(bound)
        return Set((stages.map(\.name).filter { !bound.contains($0) } + brokenGroups).map { StageName($0).path })
    }
}

extension SpecNode {
    /// Whether a text mentions one of these stages, or a member or metric of one.
    func names(_ stages: Set<String>) -> Bool {
        guard !stages.isEmpty, let string else { return false }
        return string.split { " (),".contains($0) }.contains { word in
            var name = word.prefix { $0 != "@" }
            while !stages.contains(String(name)) {
                guard let dot = name.lastIndex(of: ".") else { return false }
                name = name[..<dot]
            }
            return true
        }
    }
}
