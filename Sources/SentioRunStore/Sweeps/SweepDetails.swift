public import SentioKit

/// One row of a list of sweeps.
public struct SweepSummary: Sendable, Equatable {
    public var id: String
    /// The name that the user gave the sweep.
    public var name: String?
    /// The name of the pipeline.
    public var pipeline: String
    /// The path of the pipeline file.
    public var file: String
    /// The profile of the pipeline, if one was chosen.
    public var profile: String?
    /// Time of the first start, in seconds since 1970.
    public var createdAt: Double
    /// Time of the latest start, in seconds since 1970.
    public var declaredAt: Double
    /// Number of wanted cells.
    public var cells: Int
    /// Number of wanted cells with a successful run.
    public var done: Int
    /// Number of wanted cells whose last run failed.
    public var failed: Int

    /// The JSON object that `--json` prints.
    public var value: Value {
        [
            "sweep": .string(id), "name": name.map(Value.string) ?? .null, "pipeline": .string(pipeline),
            "file": .string(file),
            "profile": profile.map(Value.string) ?? .null, "created_at": .double(createdAt),
            "declared_at": .double(declaredAt),
            "cells": .int(cells), "done": .int(done), "failed": .int(failed),
        ]
    }
}

/// A sweep with its cells: the parameters, replicate and runs of each.
public struct SweepDetails: Sendable, Equatable {
    /// The attributes that lists of sweeps show.
    public var summary: SweepSummary
    /// See `SweepDeclaration.spec`.
    public var spec: Value
    /// The cells in execution order, followed by those that are no longer wanted.
    public var cells: [SweepCellDetails]

    /// Names of the swept parameters, in the order of the file.
    public var parameters: [String] {
        cells.first { $0.isWanted }.map { $0.parameters.map(\.name) } ?? []
    }

    /// The JSON object that `--json` prints.
    public var value: Value {
        var entries = summary.value.map ?? [:]
        entries["spec"] = spec
        // In a summary `cells` is their number; here it is the cells.
        entries["wanted"] = entries["cells"]
        entries["cells"] = .list(cells.map(\.value))
        return .map(entries)
    }
}

/// A cell of a sweep and its runs.
public struct SweepCellDetails: Sendable, Equatable {
    /// A run of the cell.
    public struct Run: Sendable, Equatable {
        /// The id of the run.
        public let id: String
        /// The status of the run.
        public let status: RunStatus
        /// For a failed run, the first stage that failed and its error message.
        public let message: String?
    }

    /// Index in execution order.
    public var position: Int
    /// The swept parameters as text; see `SweepDeclaration.Cell.arm`.
    public var arm: String
    /// The index of the replicate.
    public var replicate: Int
    /// The swept parameters in the order of the file.
    public var parameters: [SweepDeclaration.Parameter]
    /// Whether the sweep, as last started, includes this cell.
    public var isWanted: Bool
    /// The id of the newest successful run of the cell, which tables and statistics use.
    public var run: String?
    /// The newest run of the cell, whatever its status.
    public var last: Run?

    /// The JSON object that `--json` prints.
    public var value: Value {
        [
            "position": .int(position), "arm": .string(arm), "replicate": .int(replicate),
            "parameters": .map(
                Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })),
            "wanted": .bool(isWanted), "run": run.map(Value.string) ?? .null,
            "last": last.map {
                [
                    "run": .string($0.id), "status": .string($0.status.rawValue),
                    "message": $0.message.map(Value.string) ?? .null,
                ]
            } ?? .null,
        ]
    }
}
