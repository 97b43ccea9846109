import ArgumentParser
import SentioKit
import SentioSpec

extension Pipeline {
    /// Checks that all names are stages of the pipeline.
    /// - Throws: exit code 64 if one is not.
    func requireStages(_ names: [String]) throws {
        for name in names where graph.stages(named: name).isEmpty {
            let known = graph.nodes.map { $0.group?.row ?? $0.name }.reduce(into: [String]()) {
                if $0.last != $1 { $0.append($1) }
            }
            let hint =
                Suggestion.nearest(to: name, among: known).map { " Did you mean `\($0)`?" }
                ?? " Its stages are \(known.prefix(30).joined(separator: ", "))."
            throw ValidationError("The pipeline has no stage `\(name)`.\(hint)")
        }
    }
}
