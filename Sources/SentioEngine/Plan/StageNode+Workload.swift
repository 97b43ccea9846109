import SentioKit
import SentioSpec

extension StageNode {
    /// How much there is to do, with a pace. Amounts are by port, those of sources by `PortMap.key(ofSource:)`.
    func workload(of inputs: [String: Amount]) -> Workload {
        var load =
            stage.workload(of: PortMap(inputs))
            ?? Workload(["items": inputs.values.reduce(0) { $0 + $1.items }], isProportional: false)
        let pace = load.pace ?? JSON.text(.map(configuration.identity.mapValues(\.recordable)))
        load.pace = String(Hashing.content(pace).hex.prefix(12))
        return load
    }

    /// How many cores it gets if all are free.
    func cores(of jobs: Int) -> Int {
        switch cores {
        case .all: jobs
        case .exactly(let count): min(max(1, count), jobs)
        }
    }
}
