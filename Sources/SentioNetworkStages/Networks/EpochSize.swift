import SentioKit

/// The number of samples in an epoch.
enum EpochSize: ParameterValue, Equatable {
    /// As many as there are training items.
    case all
    /// As many as the split has training songs.
    case real
    case count(Int)

    init?(parameter value: Value) {
        switch value {
        case .string("all"): self = .all
        case .string("real"): self = .real
        default:
            guard let count = value.int, (1...10_000_000).contains(count) else { return nil }
            self = .count(count)
        }
    }

    var parameterValue: Value {
        switch self {
        case .all: "all"
        case .real: "real"
        case .count(let count): .int(count)
        }
    }

    static let accepted = "all, real, or a whole number from 1 to 10000000"
    static let schema: Value = [
        "anyOf": [["enum": ["all", "real"]], ["type": "integer", "minimum": 1, "maximum": 10_000_000]]
    ]
}
