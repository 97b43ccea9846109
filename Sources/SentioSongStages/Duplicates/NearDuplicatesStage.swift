import SentioAudio
import SentioBase
package import SentioKit
import SentioNumerics

/// Finds songs that are copies of the same recording despite different loudness, encoding or excerpt.
///
/// Outputs: `duplicates`, all songs with their group, empty for a song without copies, for the input of that name of
/// `split`, `cross-validate` and `evaluate`; `pairs`, CSV with the similarity, the second of `song_a` at which `song_b`
/// begins, the seconds compared and, with `labels`, the differences between their ratings. Groups are the connected
/// components of the pairs: two excerpts that share nothing are in one group if a third contains both. Metrics:
/// `pairs`, `groups`, `songs`, and `difference.valence`… (mean over pairs, in rating units), which shows how noisy the
/// ratings of one recording are. Memory: about 31 kB for a song of 45 s. Deterministic.
package struct NearDuplicatesStage: Stage {
    package static let kind = "near-duplicates"
    package static let version = 1
    package static let summary = "Finds copies of the same recording in different files by acoustic fingerprints."

    static let threshold = Parameter(
        "threshold", default: 0.9, in: 0.75...1,
        "Fraction of reliable fingerprint bits that must agree. Unrelated songs reach 0.68; lower it to 0.8 for copies "
            + "in strong noise.",
        source: "measured on DEAM, Emotify and GTZAN clips")
    static let overlap = Parameter(
        "overlap", default: 3.0, in: 2...600, "Shortest passage that two songs must share.", unit: "s",
        source: "Haitsma and Kalker 2002")

    package static let parameters: [any ParameterDefinition] = [threshold, overlap]
    static let fingerprints = InputPort("fingerprints", .fingerprints, "From `fingerprint`.")
    static let labels = InputPort(
        "labels", .labels, isRequired: false, "Ratings, to report how much they differ between copies of a recording.")
    package static let inputs = [fingerprints, labels]
    static let duplicates = OutputPort("duplicates", .duplicates, "song_id, group.")
    static let pairs = OutputPort(
        "pairs", .duplicatePairs, "song_a, song_b, similarity, offset_seconds, overlap_seconds.")
    package static let outputs = [duplicates, pairs]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package var resources: Resources { Resources(cores: .all) }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [Self.fingerprints]) }

    package func run(_ context: StageContext) throws {
        let collection = context.collection(Self.fingerprints)
        let ids = collection.ids
        let fingerprints = try ids.map { try Self.fingerprint(try collection.read($0), of: $0) }
        let comparison = FingerprintComparison(
            threshold: configuration[Self.threshold], shortestOverlap: configuration[Self.overlap])
        let unheard = zip(ids, fingerprints).filter { $0.1.soundingCount < comparison.shortestOverlap }.map(\.0)
        if !unheard.isEmpty {
            context.services.warn(
                "\(IDList.songs(unheard.count)) \(unheard.count == 1 ? "has" : "have") less than "
                    + "\(NumberText.short(configuration[Self.overlap])) s of sound and cannot be compared, so copies "
                    + "of \(unheard.count == 1 ? "it" : "them") go undetected: \(IDList.text(unheard))."
            )
        }
        let pairs = try Self.pairs(FingerprintIndex(fingerprints, comparison: comparison), context)
        try writeGroups(pairs, ids, context)
        try writePairs(pairs, ids, context)
        context.services.metric("songs", Double(ids.count))
        context.services.metric("songs.not_compared", Double(unheard.count))
        context.services.metric("pairs", Double(pairs.count))
        guard !pairs.isEmpty else {
            context.services.log("No two of \(IDList.songs(ids.count)) are the same recording.")
            return
        }
        let named = IDList.text(pairs.map { "\(ids[$0.first]) and \(ids[$0.second])" })
        context.services.warn(
            "\(NumberText.count(pairs.count, "pair")) of songs \(pairs.count == 1 ? "is" : "are") the same recording: "
                + "\(named). To keep them together, connect this stage to `duplicates` of `split` or "
                + "`cross-validate`."
        )
    }

    private static func fingerprint(_ bytes: [UInt8], of id: String) throws -> AcousticFingerprint {
        let array = try NpyFile.read(bytes)
        guard case .int64(let packed) = array.values, array.shape.count == 1 else {
            throw StageFailure("The fingerprint of song \(id) is not int64 [frames]. Compute it with `fingerprint`.")
        }
        return AcousticFingerprint(packed: packed)
    }

    private static func pairs(_ index: FingerprintIndex, _ context: StageContext) throws -> [FingerprintPair] {
        let count = index.fingerprints.count, threads = max(1, min(context.threads, count))
        let workspaces = (0..<threads).map { _ in index.makeWorkspace() }
        var found = [[FingerprintPair]](repeating: [], count: count)
        found.withUnsafeMutableBufferPointer { found in
            Parallel.forEachUnchecked(count, threads: threads) { song, lane in
                if !context.services.isCancelled { found[song] = index.pairs(of: song, workspaces[lane]) }
            }
        }
        try context.checkCancelled()
        return found.flatMap { $0 }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    }

    private func writeGroups(_ pairs: [FingerprintPair], _ ids: [String], _ context: StageContext) throws {
        var sets = DisjointSets(count: ids.count)
        for pair in pairs { sets.join(pair.first, pair.second) }
        let roots = ids.indices.map { sets.root($0) }
        let sizes = Dictionary(roots.map { ($0, 1) }, uniquingKeysWith: +)
        var names: [Int: String] = [:]
        let rows = zip(ids, roots).map { id, root -> [String] in
            guard let size = sizes[root], size > 1 else { return [id, ""] }
            let name = names[root] ?? String(names.count + 1)
            names[root] = name
            return [id, name]
        }
        try context.writeTable(Self.duplicates, Table(columns: ["song_id", "group"], rows: rows), fitted: Lineage())
        context.services.metric("groups", Double(names.count))
    }

    private func writePairs(_ pairs: [FingerprintPair], _ ids: [String], _ context: StageContext) throws {
        let labels = context.isConnected(Self.labels) ? try context.table(Self.labels) : nil
        let dimensions = labels.map { LabelTable.dimensions($0.attributes) } ?? []
        var sums = [Double](repeating: 0, count: dimensions.count), rated = 0
        let rows = try pairs.map { pair -> [String] in
            let (first, second, match) = (ids[pair.first], ids[pair.second], pair.match)
            var row = [
                first, second, NumberText.fixed(match.similarity, 4), NumberText.fixed(match.offsetSeconds, 2),
                NumberText.fixed(match.overlapSeconds, 2),
            ]
            guard let labels, labels.contains(first), labels.contains(second) else {
                return row + dimensions.map { _ in "" }
            }
            let ratings = try labels.matrix(for: [first, second], columns: dimensions)
            rated += 1
            for column in dimensions.indices {
                let difference = (ratings[0, column] - ratings[1, column]).magnitude
                sums[column] += difference
                row.append(NumberText.rounded(difference, to: 4))
            }
            return row
        }
        let columns =
            ["song_a", "song_b", "similarity", "offset_seconds", "overlap_seconds"]
            + dimensions.map { $0 + "_difference" }
        try context.write(Self.pairs, file: "pairs.csv", Array(Table(columns: columns, rows: rows).csv.utf8))
        guard rated > 0 else { return }
        for (dimension, sum) in zip(dimensions, sums) {
            context.services.metric("difference.\(dimension)", sum / Double(rated))
        }
    }
}
