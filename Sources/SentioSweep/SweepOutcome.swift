public import SentioKit

/// How a cell ended.
public struct SweepCellOutcome: Sendable {
    /// Whether a cell has a result, and where it is from.
    public enum State: String, Sendable {
        /// It ran now and computed something.
        case done
        /// Nothing had to be computed.
        case cached
        /// Its run failed.
        case failed
        /// It has not run, or was interrupted.
        case missing
    }

    /// The cell.
    public let cell: SweepCell
    /// How it ended.
    public let state: State
    /// The run that it rests on; for a failed cell, the failed run.
    public var run: String?
    /// Why it failed or is missing.
    public var message: String?
    /// Stages that were executed now; 0 if it did not run.
    public var executed = 0
    /// Wall-clock seconds of its run now.
    public var seconds = 0.0
    /// By stage and name; nil if the cell has not finished.
    public var metrics: [String: [String: Double]]?
    /// Exit code of its run.
    var exitCode: Int32 = 0

    /// Whether it has a result.
    public var isFinished: Bool { state == .done || state == .cached }

    /// As in the list `cells` of `sweep.finished`.
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

/// How a sweep ended.
public struct SweepOutcome: Sendable {
    /// Id of the sweep.
    public let sweep: String
    /// `failed` if any cell failed; failed claims do not count.
    public let status: RunStatus
    /// Wall-clock seconds.
    public let seconds: Double
    /// In the order of the sweep.
    public let cells: [SweepCellOutcome]
    /// Its claims; empty if it was interrupted.
    public let expectations: [Expectation]

    /// 0 done · 1 a cell failed · 5 a lock was not obtained · 6 a claim or an expectation of a run failed · 7 leakage.
    public var exitCode: Int32 {
        let codes = Set(cells.map(\.exitCode))
        for code: Int32 in [7, 5, 1] where codes.contains(code) { return code }
        return codes.contains(6) || expectations.contains { !$0.holds } ? 6 : 0
    }

    /// The event `sweep.finished`.
    public var value: Value {
        [
            "event": "sweep.finished", "schema": 1, "sweep": .string(sweep), "status": .string(status.rawValue),
            "seconds": .double(seconds),
            "done": .int(cells.count(where: \.isFinished)), "cells": .list(cells.map(\.value)),
            "expectations": .list(expectations.map(\.value)),
        ]
    }
}
