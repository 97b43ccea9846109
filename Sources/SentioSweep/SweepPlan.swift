public import SentioEngine
public import SentioKit

/// What a sweep would do, and its price, from the records of earlier runs.
public struct SweepPlan: Sendable {
    public struct Price: Sendable, Equatable {
        /// Stages of all cells, each counted once however many cells share it.
        public var stages = 0
        /// Those whose result is there.
        public var hits = 0
        /// Those that would run; at most, for a stage whose inputs come out as before does not.
        public var pending: Int { stages - hits }
        /// What the pending ones are foreseen to take, each by the records of its kind.
        public var sum = PriceSum()
        /// Bytes that the pending ones left last time, as far as they ran.
        public var bytes = 0
    }

    public let cells: [SweepCellPlan]
    public let price: Price

    init(cells: [SweepCellPlan], workspace: Workspace, pipeline: String) {
        self.cells = cells
        price = Self.price(cells, workspace, pipeline)
    }

    public var done: Int { cells.count { $0.isDone } }

    private static func price(_ cells: [SweepCellPlan], _ workspace: Workspace, _ pipeline: String) -> Price {
        var price = Price(), seen: Set<ContentHash> = [], sizes: [String: Int] = [:]
        for cell in cells {
            for stage in cell.stages {
                guard let signature = cell.signatures[stage.stage], seen.insert(signature).inserted else { continue }
                price.stages += 1
                guard stage.isStale else {
                    price.hits += 1
                    continue
                }
                price.sum.add(stage.price)
                let size = sizes[stage.stage] ?? Self.bytes(left: stage.stage, workspace, pipeline)
                sizes[stage.stage] = size
                price.bytes += size
            }
        }
        return price
    }

    /// What a stage left when it ran last.
    private static func bytes(left stage: String, _ workspace: Workspace, _ pipeline: String) -> Int {
        guard let record = try? workspace.records.latest(pipeline: pipeline, stage: stage) else { return 0 }
        return record.outputs.values.reduce(0) { sum, output in
            sum + output.size + ((try? workspace.entryBlobs(output)) ?? []).reduce(0) { $0 + $1.size }
        }
    }
}

extension SweepPlan {
    /// As `sweep --plan --json` prints it.
    public var value: Value {
        [
            "price": [
                "stages": .int(price.stages), "hits": .int(price.hits), "pending": .int(price.pending),
                "seconds": .double(price.sum.price.seconds),
                "range": [.double(price.sum.price.low), .double(price.sum.price.high)],
                "unknown": .int(price.sum.unknown), "bytes": .int(price.bytes),
            ],
            "done": .int(done), "cells": .list(cells.map(\.value)),
        ]
    }
}

extension SweepCellPlan {
    var value: Value {
        var fields = cell.fields
        switch state {
        case .done(let run):
            fields["state"] = "done"
            fields["run"] = .string(run)
        case .failed(let message):
            fields["state"] = "failed"
            fields["message"] = .string(message)
        case .missing(let reason):
            fields["state"] = "missing"
            fields["message"] = .string(reason)
        }
        fields["pending"] = .list(stages.filter(\.isStale).map { .string($0.stage) })
        return .map(fields)
    }
}

extension SweepCell {
    var fields: [String: Value] {
        [
            "arm": .string(arm), "replicate": .int(replicate),
            "parameters": .map(
                Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })),
        ]
    }
}
