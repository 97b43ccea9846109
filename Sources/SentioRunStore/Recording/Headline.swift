import SentioKit

/// The few metrics of a run that a list shows.
///
/// Those that the pipeline's `expect:` lines name come first, for their author said that they matter. Then those of the
/// last stage that has any, shortest name first: `score.test.ccc` before `score.test.valence.ccc`.
enum Headline {
    static let limit = 6

    static func metrics(of stages: [StageOutcome], expected: [String] = []) -> [(name: String, value: Double)] {
        var all: [(name: String, value: Double)] = []
        for stage in stages.reversed() {
            let names = stage.metrics.keys.sorted { left, right in
                let depths = (parts(left), parts(right))
                return depths.0 == depths.1 ? left < right : depths.0 < depths.1
            }
            all += names.map { ("\(stage.stage).\($0)", stage.metrics[$0] ?? .nan) }
        }
        let named = all.filter { metric in expected.contains { words(of: $0).contains(Substring(metric.name)) } }
        guard let last = stages.last(where: { !$0.metrics.isEmpty }) else { return [] }
        let rest = all.prefix(last.metrics.count).filter { metric in !named.contains { $0.name == metric.name } }
        return Array((named + rest).prefix(limit))
    }

    private static func parts(_ name: String) -> Int { name.split(separator: ".").count }

    private static func words(of text: String) -> [Substring] {
        text.split { !($0.isLetter || $0.isNumber || "._-@=,".contains($0)) }
    }
}
