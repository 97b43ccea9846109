public import SentioKit

/// A line of a list of sweeps.
public struct SweepSummary: Sendable, Equatable {
    public var id: String
    public var name: String?
    public var pipeline: String
    public var file: String
    public var profile: String?
    /// When it was first started and when last, in seconds since 1970.
    public var createdAt: Double
    public var declaredAt: Double
    /// Cells that are wanted, how many of them have a run that succeeded, and of how many the last run failed.
    public var cells: Int
    public var done: Int
    public var failed: Int

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

/// A sweep with its cells: which runs belong to it, and the parameters and the replicate of each.
public struct SweepDetails: Sendable, Equatable {
    public var summary: SweepSummary
    /// See `SweepDeclaration.spec`.
    public var spec: Value
    /// In the order in which they run; those that are no longer wanted last.
    public var cells: [SweepCellDetails]

    /// Names of the swept parameters, in the order of the file.
    public var parameters: [String] {
        cells.first { $0.isWanted }.map { $0.parameters.map(\.name) } ?? []
    }

    public var value: Value {
        var entries = summary.value.map ?? [:]
        entries["spec"] = spec
        // `cells` of a summary is their number; here they are the cells.
        entries["wanted"] = entries["cells"]
        entries["cells"] = .list(cells.map(\.value))
        return .map(entries)
    }
}

/// A cell of a sweep and what became of it.
public struct SweepCellDetails: Sendable, Equatable {
    public struct Run: Sendable, Equatable {
        public let id: String
        public let status: RunStatus
        /// For a failed run, the first stage that failed and what it said.
        public let message: String?
    }

    public var position: Int
    public var arm: String
    public var replicate: Int
    public var parameters: [SweepDeclaration.Parameter]
    /// Whether the sweep asks for it as it was last started.
    public var isWanted: Bool
    /// The newest run of the cell that succeeded: what tables and statistics use.
    public var run: String?
    /// The newest run, however it ended.
    public var last: Run?

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
