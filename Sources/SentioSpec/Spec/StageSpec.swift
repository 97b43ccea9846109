import SentioKit

/// A stage as the file says it, with `${}` and `matrix:` resolved, before its kind has looked at it.
struct StageSpec: Sendable {
    struct Input: Sendable {
        let port: String
        /// `mels`, or `songs.audio`.
        let reference: String
        let origin: SpecOrigin
        let portOrigin: SpecOrigin
        /// Where a group has looked the reference up: the stage, and its output.
        var target: (stage: String, output: String)?
    }

    var name: String
    var origin: SpecOrigin
    /// Set where the stage comes out of a group.
    var group: GroupPlace?
    var uses: SpecNode?
    var inputs: [Input] = []
    /// Parameters by name: under `with:`, or at the stage for kinds that have them there.
    var parameters = SpecMap()
    var description: String?
    var onError = ItemFailurePolicy.fail
    var cores: Int?
    /// What of it has a fault that is reported: `uses`, `in`, `in.labels`, `with.n_mels`. Nothing is said of it a
    /// second time.
    var broken: Set<String> = []

    /// Whether an input is missing because of a fault that is reported.
    func isBroken(_ port: InputPort) -> Bool { broken.contains("in") || broken.contains("in.\(port.name)") }

    /// What sentences call it.
    var label: String { group?.label ?? name }
    /// Stages with the same fault have one place in the file.
    var fault: String { group?.fault ?? name }
}

/// What becomes of an item-wise stage when an item fails.
public enum ItemFailurePolicy: String, Sendable {
    /// The other items are finished and kept; then the stage fails and names the songs.
    case fail
    /// The failed songs are left out and named in a warning.
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
    /// Groups whose faults are reported: what refers to them is not reported too.
    var brokenGroups: Set<String> = []
    var expectations: [SpecNode] = []
    var headline: SpecNode?
    var sweep: SweepSpec?
    var root: SpecNode
}
