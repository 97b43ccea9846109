import SentioKit

/// What it takes to make results again that were removed: a stage's own seconds, and those of the stages before it that
/// are gone too.
struct RecreationPrices {
    private let records: [StageRecord]
    /// Who makes an artifact.
    private var makers: [ContentHash: [Int]] = [:]
    /// Of item-wise stages, seconds for a byte that they leave; nil where none ran.
    let itemSecondsPerByte: Double?

    init(_ records: [StageRecord]) {
        self.records = records
        var seconds = 0.0, bytes = 0.0
        for (index, record) in records.enumerated() {
            for output in record.outputs.values { makers[output.hash, default: []].append(index) }
            // Bytes in are about bytes out: good enough to tell songs from trainings.
            if record.items != nil, let amount = record.work?.load.amounts["bytes"] {
                seconds += record.cost
                bytes += amount
            }
        }
        itemSecondsPerByte = bytes > 0 ? seconds / bytes : nil
    }

    func itemSeconds(_ bytes: Int) -> Double? { itemSecondsPerByte.map { $0 * Double(bytes) } }

    /// - parameter gone: what was removed already.
    func seconds(_ index: Int, gone: Set<StageKey>) -> Double {
        var counted: Set<Int> = []
        return seconds(index, gone, &counted)
    }

    /// Each stage counts once, however many need it.
    private func seconds(_ index: Int, _ gone: Set<StageKey>, _ counted: inout Set<Int>) -> Double {
        guard counted.insert(index).inserted else { return 0 }
        var sum = records[index].cost
        for input in records[index].parts.inputs.values {
            guard let makers = makers[input], makers.allSatisfy({ gone.contains(records[$0].key) }) else { continue }
            // One of several that make it is enough.
            if let cheapest = makers.min(by: { records[$0].cost < records[$1].cost }) {
                sum += seconds(cheapest, gone, &counted)
            }
        }
        return sum
    }
}
