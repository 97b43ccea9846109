import SentioKit

/// A stage as the file declares it, with `${}` and `matrix:` resolved, before it is bound to its kind.
struct StageSpec: Sendable {
    struct Input: Sendable {
        let port: String
        /// `mels`, or `songs.audio`.
        let reference: String
        let origin: SpecOrigin
        let portOrigin: SpecOrigin
        /// The stage and output, if a group has resolved the reference already.
        var target: (stage: String, output: String)?
    }

    var name: String
    var origin: SpecOrigin
    /// nil for a stage that no group made.
    var group: GroupPlace?
    var uses: SpecNode?
    var inputs: [Input] = []
    /// Parameters by name: under `with:`, or directly at the stage for kinds that have them there.
    var parameters = SpecMap()
    var description: String?
    var onError = ItemFailurePolicy.fail
    var cores: Int?
    /// Parts with a reported fault: `uses`, `in`, `in.labels`, `with.n_mels`. They cause no further reports.
    var broken: Set<String> = []

    /// Whether an input is missing because of a reported fault.
    func isBroken(_ port: InputPort) -> Bool { broken.contains("in") || broken.contains("in.\(port.name)") }

    /// Its name in messages.
    var label: String { group?.label ?? name }
    /// Identifies stages that come from one place in the file and so share their faults.
    var fault: String { group?.fault ?? name }

    /// The message for an input that the kind does not have.
    func unknownInput(_ port: String, of kind: String, known: [String], hint: String) -> String {
        let inputs =
            switch known.count {
            case 0: "It takes no inputs."
            case 1: "Its only input is \(known[0])."
            default: "Its inputs are \(known.joined(separator: ", "))."
            }
        return "Stage `\(label)`: \(kind) has no input `\(port)`.\(hint) \(inputs)"
    }

    /// The message for a required input without a connection.
    func unconnected(_ port: InputPort, of kind: String) -> String {
        let types = port.types.map(\.name).joined(separator: " or ")
        return
            "Stage `\(label)`: the input `\(port.name)` (\(types)) of \(kind) is not connected; add "
            + "`in: { \(port.name): STAGE }`."
    }
}

/// What an item-wise stage does if an item fails.
public enum ItemFailurePolicy: String, Sendable {
    /// Finishes and keeps the other items, then fails and names the songs.
    case fail
    /// Leaves the failed songs out and names them in a warning.
    case skip
}

/// The keys of a stage that every kind has.
enum StageFields {
    static let common = ["uses", "in", "with", "matrix", "description", "on_error", "resources"]
    static let group = ["uses", "in", "with", "stages", "matrix", "description"]
}

/// The keys at the top of a pipeline file.
enum PipelineFields {
    static let all = [
        "pipeline", "description", "extends", "seed", "params", "profiles", "stages", "expect", "headline", "sweep",
        "claims",
    ]
}

/// A pipeline file, decoded.
struct PipelineSpec: Sendable {
    var name: String
    var description: String?
    var seed = 0
    var params = SpecMap()
    var stages: [StageSpec] = []
    var groups: [PipelineGroup] = []
    /// Groups with a reported fault. References to them cause no further reports.
    var brokenGroups: Set<String> = []
    var expectations: [SpecNode] = []
    var headline: SpecNode?
    var sweep: SweepSpec?
    var root: SpecNode
}
