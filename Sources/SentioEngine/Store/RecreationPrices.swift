import SentioKit

/// The cost of computing removed results again: the seconds of a stage, and those of removed stages that it depends on.
struct RecreationPrices {
    private let records: [StageRecord]
    /// The records that produce an artifact.
    private var producers: [ContentHash: [Int]] = [:]
    /// Seconds per byte of item-wise stages; nil if none ran.
    let itemSecondsPerByte: Double?

    init(_ records: [StageRecord]) {
        self.records = records
        var seconds = 0.0, bytes = 0.0
        for (index, record) in records.enumerated() {
            for output in record.outputs.values { producers[output.hash, default: []].append(index) }
            // Input bytes approximate output bytes well enough to tell item-wise work from training.
            if record.items != nil, let amount = record.work?.load.amounts["bytes"] {
                seconds += record.cost
                bytes += amount
            }
        }
        itemSecondsPerByte = bytes > 0 ? seconds / bytes : nil
    }

    func itemSeconds(_ bytes: Int) -> Double? { itemSecondsPerByte.map { $0 * Double(bytes) } }

    /// - Parameter gone: records that are already removed.
    func seconds(_ index: Int, gone: Set<StageKey>) -> Double {
        var counted: Set<Int> = []
        return seconds(index, gone, &counted)
    }

    /// Counts each stage once, even if several depend on it.
    private func seconds(_ index: Int, _ gone: Set<StageKey>, _ counted: inout Set<Int>) -> Double {
        guard counted.insert(index).inserted else { return 0 }
        var sum = records[index].cost
        for input in records[index].parts.inputs.values {
            guard let producers = producers[input], producers.allSatisfy({ gone.contains(records[$0].key) }) else {
                continue
            }
            // If several produce it, one is enough.
            if let cheapest = producers.min(by: { records[$0].cost < records[$1].cost }) {
                sum += seconds(cheapest, gone, &counted)
            }
        }
        return sum
    }
}
