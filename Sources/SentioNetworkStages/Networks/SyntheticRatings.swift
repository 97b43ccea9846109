import SentioBase
import SentioKit

/// The ratings stored with labeled spectrograms: attributes `dimensions`, `scale` and `ratings`, a map of ids to
/// numbers in the order of the dimensions.
struct SyntheticRatings {
    let dimensions: [String]
    let scale: ClosedRange<Double>
    /// By id, in the order of `dimensions`; real songs among the items have none.
    let values: [String: [Double]]
    private let port: InputPort

    /// - throws: `StageFailure` if they are missing or malformed.
    init(_ collection: InputCollection) throws {
        port = collection.port
        let attributes = collection.attributes
        dimensions = attributes["dimensions"]?.list?.compactMap(\.string) ?? []
        let bounds = attributes["scale"]?.list?.compactMap(\.double) ?? []
        guard !dimensions.isEmpty, bounds.count == 2, bounds[0] < bounds[1], let ratings = attributes["ratings"]?.map
        else {
            throw StageFailure(
                "The spectrograms on `\(port)` carry no usable ratings: the attributes `dimensions`, `scale` [low, "
                    + "high] and `ratings` are needed."
            )
        }
        scale = bounds[0]...bounds[1]
        var values: [String: [Double]] = [:]
        for (id, value) in ratings.sorted(by: { $0.key < $1.key }) where collection.contains(id) {
            let numbers = value.list?.compactMap(\.double) ?? []
            guard numbers.count == dimensions.count, value.list?.count == numbers.count,
                numbers.allSatisfy(scale.contains)
            else {
                throw StageFailure(
                    "The ratings of \(Excerpt.text(id)) on `\(port)` are \(Excerpt.text(JSON.text(value))), not "
                        + "\(dimensions.count) numbers from \(NumberText.short(scale.lowerBound)) to "
                        + "\(NumberText.short(scale.upperBound))."
                )
            }
            values[id] = numbers
        }
        self.values = values
    }

    /// The index of a dimension in `values`.
    func place(of dimension: String) -> Int? { dimensions.firstIndex(of: dimension) }

    /// - throws: `StageFailure` if the labels have other dimensions or another scale.
    func require(dimensions wanted: [String], scale labels: ClosedRange<Double>) throws {
        guard Set(wanted) == Set(dimensions), labels == scale else {
            func text(_ names: [String], _ range: ClosedRange<Double>) -> String {
                "\(names.joined(separator: " and ")) from \(NumberText.short(range.lowerBound)) to "
                    + "\(NumberText.short(range.upperBound))"
            }
            throw StageFailure(
                "The spectrograms on `\(port)` are rated in \(text(dimensions, scale)), the labels in "
                    + "\(text(wanted, labels)). Make them with a generator that was trained on these labels."
            )
        }
    }

    /// The attributes for a subset of the items.
    func attributes(of ids: [String]) -> [String: Value] {
        let kept = ids.compactMap { id in values[id].map { (id, Value.list($0.map { .double($0) })) } }
        return [
            "dimensions": .list(dimensions.map { .string($0) }),
            "scale": [.double(scale.lowerBound), .double(scale.upperBound)],
            "ratings": .map(Dictionary(uniqueKeysWithValues: kept)),
        ]
    }
}
