public import SentioKit

/// What became of a cell.
public struct SweepCellOutcome: Sendable {
    public enum State: String, Sendable {
        /// It ran now, and something was computed.
        case done
        /// There was nothing to compute.
        case cached
        case failed
        case missing
    }

    public let cell: SweepCell
    public let state: State
    /// The run that stands for it; for a failed cell the one that failed.
    public var run: String?
    /// Why it failed, or is missing.
    public var message: String?
    /// Of the run just now; 0 where it did not run.
    public var executed = 0
    public var seconds = 0.0
    /// By stage; nil where the cell has not finished.
    public var metrics: [String: [String: Double]]?
    /// Of its run.
    var exitCode: Int32 = 0

    public var isFinished: Bool { state == .done || state == .cached }

    public var value: Value {
        var fields = cell.fields
        fields["state"] = .string(state.rawValue)
        fields["run"] = run.map(Value.string) ?? .null
        fields["message"] = message.map(Value.string) ?? .null
        fields["executed"] = .int(executed)
        fields["seconds"] = .double(seconds)
        fields["metrics"] =
            metrics.map { .map($0.filter { !$0.value.isEmpty }.mapValues { .map($0.mapValues(Value.double)) }) }
            ?? .null
        return .map(fields)
    }
}

/// A sweep that is over, or was stopped.
public struct SweepOutcome: Sendable {
    public let sweep: String
    public let status: RunStatus
    public let seconds: Double
    public let cells: [SweepCellOutcome]
    public let expectations: [Expectation]

    /// 0 done · 1 a cell failed · 5 a lock was not obtained · 6 a claim, or an expectation of a run, failed · 7
    /// leakage.
    public var exitCode: Int32 {
        let codes = Set(cells.map(\.exitCode))
        for code: Int32 in [7, 5, 1] where codes.contains(code) { return code }
        return codes.contains(6) || expectations.contains { !$0.holds } ? 6 : 0
    }

    public var value: Value {
        [
            "event": "sweep.finished", "schema": 1, "sweep": .string(sweep), "status": .string(status.rawValue),
            "seconds": .double(seconds),
            "done": .int(cells.count(where: \.isFinished)), "cells": .list(cells.map(\.value)),
            "expectations": .list(expectations.map(\.value)),
        ]
    }
}
