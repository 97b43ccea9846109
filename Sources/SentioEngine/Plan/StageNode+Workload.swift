import SentioKit
import SentioSpec

extension StageNode {
    /// How much there is to do, with a pace.
    /// - parameter inputs: by port; those of sources by their name after `source:`.
    func workload(of inputs: [String: Amount]) -> Workload {
        var load =
            stage.workload(of: inputs)
            ?? Workload(["items": inputs.values.reduce(0) { $0 + $1.items }], isProportional: false)
        let pace = load.pace ?? JSON.text(.map(configuration.identity.mapValues(\.recordable)))
        load.pace = String(Hashing.content(pace).hex.prefix(12))
        return load
    }

    static func source(_ name: String) -> String { "source:" + name }

    /// How many cores it gets if all are free.
    func cores(of jobs: Int) -> Int {
        switch cores {
        case .all: jobs
        case .exactly(let count): min(max(1, count), jobs)
        }
    }
}
