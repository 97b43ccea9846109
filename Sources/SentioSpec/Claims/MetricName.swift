package import SentioKit

/// `score.test.ccc`: a stage and its metric. Both may contain dots; the longest stage name wins.
package struct MetricName: Sendable, Equatable {
    package let stage: String
    package let metric: String
    package var text: String { "\(stage).\(metric)" }

    init(stage: String, metric: String) {
        self.stage = stage
        self.metric = metric
    }

    package init(_ text: String, stages: Set<String>) throws(StageFailure) {
        var end = text.endIndex
        while let dot = text[..<end].lastIndex(of: ".") {
            let stage = String(text[..<dot])
            if stages.contains(stage), text.index(after: dot) < text.endIndex {
                self.stage = stage
                metric = String(text[text.index(after: dot)...])
                return
            }
            end = dot
        }
        let head = String(text.prefix { $0 != "." })
        if stages.contains(text) {
            throw StageFailure("`\(text)` is a stage; write one of its metrics, such as `\(text).test.ccc`.")
        }
        let hint = Suggestion.nearest(to: head, among: stages).map { " Did you mean `\($0)`?" } ?? ""
        throw StageFailure("`\(text)` does not start with a stage of this pipeline.\(hint)")
    }
}
