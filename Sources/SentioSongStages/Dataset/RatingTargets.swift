import SentioKit

/// The numeric columns that models predict, in order, each perhaps with its own scale: `[valence, arousal]`, or
/// `[valence, {tempo: [40, 220]}]`.
struct RatingTargets: ParameterValue, Equatable {
    struct Target: Equatable {
        let name: String
        /// Lowest and highest possible value; nil: the parameter `scale`.
        let scale: ClosedRange<Double>?
    }

    let targets: [Target]

    /// No columns of one's own: those of `dimensions`.
    init() { targets = [] }

    init?(parameter value: Value) {
        var targets: [Target] = []
        for element in value.list ?? [value] {
            if let name = String(parameter: element) {
                targets.append(Target(name: name, scale: nil))
                continue
            }
            guard let map = element.map, map.count == 1, let (name, range) = map.first else { return nil }
            let bounds = range.list?.compactMap(\.double) ?? []
            guard range.list?.count == 2, bounds.count == 2, bounds[0] < bounds[1] else { return nil }
            targets.append(Target(name: name, scale: bounds[0]...bounds[1]))
        }
        self.targets = targets
    }

    var parameterValue: Value {
        .list(
            targets.map { target in
                guard let scale = target.scale else { return .string(target.name) }
                return .map([target.name: [.double(scale.lowerBound), .double(scale.upperBound)]])
            })
    }

    static let accepted =
        "a list of columns, each a name or a name with its scale, such as [valence, {tempo: [40, 220]}]"
    static var schema: Value {
        let scale: Value = ["type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2]
        let own: Value = [
            "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": scale,
        ]
        return ["type": "array", "maxItems": .int(most), "items": ["anyOf": [String.schema, own]]]
    }

    /// Most targets of one dataset.
    static let most = 16
    /// Names that tables of labels and of scores use for something else.
    private static let taken: Set<String> = ["", "song_id", "set", "mean", "source"]

    var isEmpty: Bool { targets.isEmpty }
    var names: [String] { targets.map(\.name) }

    /// The problem with these targets, as a sentence; nil if there is none.
    var problem: String? {
        if targets.count > Self.most { return "name at most \(Self.most) columns; there are \(targets.count)." }
        let names = names, known = Set(names)
        if let name = names.first(where: Self.taken.contains) {
            return name.isEmpty
                ? "a target has no name." : "a target cannot be called `\(name)`, which tables of scores use."
        }
        guard known.count == names.count else { return "name each column only once." }
        if let name = names.first(where: { known.contains($0 + "_std") }) {
            return
                "`\(Excerpt.text(name))_std` cannot be a target beside `\(Excerpt.text(name))`, whose spread over "
                + "raters the labels keep under that name."
        }
        return nil
    }
}
