import Foundation

/// What a workload measured: named numbers, printed in alphabetical order after the workload's name.
struct WorkloadResult {
    var numbers: [String: Double] = [:]

    func json(workload: String) throws -> String {
        let fields = numbers.sorted { $0.key < $1.key }.map { key, value in
            let whole = value.rounded() == value && abs(value) < 1e15
            return "\"\(key)\":" + (whole ? "\(Int(value))" : String(format: "%.9g", value))
        }
        return "{" + (["\"workload\":\"\(workload)\""] + fields).joined(separator: ",") + "}"
    }
}
