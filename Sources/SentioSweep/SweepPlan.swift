public import SentioEngine
public import SentioKit

/// What a sweep would do, and what it would cost, from the records of earlier runs.
public struct SweepPlan: Sendable {
    /// Stages to run and their cost.
    public struct Price: Sendable, Equatable {
        /// Stages of all cells, each counted once even if several cells share it.
        public var stages = 0
        /// Stages with a cached result.
        public var hits = 0
        /// Stages that would run at most: a stage does not run if its inputs turn out unchanged.
        public var pending: Int { stages - hits }
        /// Estimated cost of the pending stages, from the records of their kinds.
        public var sum = PriceSum()
        /// Bytes that the pending stages produced when they last ran.
        public var bytes = 0
    }

    /// In the order of the sweep.
    public let cells: [SweepCellPlan]
    /// The cost of all cells together.
    public let price: Price

    init(cells: [SweepCellPlan], workspace: Workspace, pipeline: String) {
        self.cells = cells
        price = Self.price(cells, workspace, pipeline)
    }

    /// Number of cells that are done.
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

    /// Bytes that a stage produced when it last ran.
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
