import Foundation

/// The measurements of a workload: named numbers and texts, printed in alphabetical order after its name.
struct WorkloadResult {
    var numbers: [String: Double] = [:]
    /// Must not contain quotes or control characters.
    var texts: [String: String] = [:]

    func json(workload: String) throws -> String {
        let values = numbers.mapValues { value in
            value.rounded() == value && abs(value) < 1e15 ? "\(Int(value))" : String(format: "%.9g", value)
        }
        let fields = values.merging(texts.mapValues { "\"\($0)\"" }) { $1 }.sorted { $0.key < $1.key }.map {
            "\"\($0)\":\($1)"
        }
        return "{" + (["\"workload\":\"\(workload)\""] + fields).joined(separator: ",") + "}"
    }
}
