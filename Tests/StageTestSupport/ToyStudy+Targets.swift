import SentioKit
import SentioNumerics
import SentioTesting

extension ToyStudy {
    /// A target of the songs: a share of their first two features, from 20 % to 80 % of its scale.
    package struct Target {
        package let name: String
        package let scale: ClosedRange<Double>
        /// The first feature's share; the second's is the rest.
        package let share: Double

        package init(_ name: String, _ scale: ClosedRange<Double>, share: Double) {
            self.name = name
            self.scale = scale
            self.share = share
        }
    }

    /// Other labels for the same songs, as a dataset stage writes them for `targets`; metadata columns follow.
    package mutating func relabel(_ targets: [Target], metadata: [String: (Int) -> String] = [:]) throws {
        let extra = metadata.keys.sorted()
        let rows = try ids.enumerated().map { index, id in
            let x = try NpyFile.read(try harness.store.read(features.entries[index].blob)).doubles
            let values = targets.flatMap { target -> [String] in
                let level = 0.2 + 0.6 * (target.share * x[0] + (1 - target.share) * x[1])
                let width = target.scale.upperBound - target.scale.lowerBound
                return ["\(target.scale.lowerBound + width * level)", "\(width / 8)"]
            }
            return [id] + values + extra.map { metadata[$0]?(index) ?? "" }
        }
        let columns = ["song_id"] + targets.flatMap { [$0.name, $0.name + "_std"] } + extra
        var attributes: [String: Value] = ["dimensions": .list(targets.map { .string($0.name) })]
        let scales = targets.map { Value.list([.double($0.scale.lowerBound), .double($0.scale.upperBound)]) }
        if Set(targets.map(\.scale)).count > 1 {
            attributes["scales"] = .list(scales)
        } else {
            attributes["scale"] = scales[0]
        }
        labels = Manifest(
            type: .labels, attributes: attributes,
            entries: [
                Manifest.Entry(
                    id: "table", file: "labels.csv", blob: harness.write(Table(columns: columns, rows: rows)))
            ],
            rows: labels.rows)
    }
}
