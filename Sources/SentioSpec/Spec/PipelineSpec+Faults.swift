import SentioKit

extension PipelineSpec {
    /// The stages and groups of the file of which nothing could be made, by their paths: `cv.ridge`.
    /// - parameter bound: the names of the others.
    func stagesWithout(_ bound: [String]) -> Set<String> {
        let bound = Set(bound)
        return Set((stages.map(\.name).filter { !bound.contains($0) } + brokenGroups).map { StageName($0).path })
    }
}

extension SpecNode {
    /// Whether a text names one of these stages, or a part or a metric of one.
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
