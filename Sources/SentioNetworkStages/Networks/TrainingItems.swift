import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// What a network is trained on: the split's training songs, or the items of `training`.
struct TrainingItems {
    /// In byte order.
    let ids: [String]
    /// Empty if the network has another input.
    let spectrograms: [SongSpectrogram]
    /// In rating units [items, dimensions].
    let ratings: Matrix
    /// Weight of each item in the loss.
    let weights: [Double]
    /// Whether an item is a song of the split.
    let isReal: [Bool]

    var realCount: Int { isReal.count { $0 } }
    var syntheticCount: Int { isReal.count - realCount }

    /// `93 songs`, `93 songs and 40 synthetic items`.
    var text: String {
        let items = syntheticCount == 1 ? "1 synthetic item" : "\(syntheticCount) synthetic items"
        return syntheticCount == 0
            ? IDList.songs(realCount) : realCount == 0 ? items : "\(IDList.songs(realCount)) and \(items)"
    }
}

extension NetworkTraining {
    /// Songs of some sets with spectrogram and labels.
    func ratedSongs(in sets: [SplitSet]) -> [String] {
        let wanted = Set(split.songs(in: sets))
        return songs.filter { wanted.contains($0) }
    }

    /// In rating units [songs, dimensions].
    func ratings(of songs: [String]) throws -> Matrix {
        try labels.matrix(for: songs, columns: dimensions)
    }

    /// Reads what to train on; the items enter the stage's ledger, and nothing else does.
    /// - throws: `StageFailure`, `BlobStoreError`.
    func trainingItems() throws -> TrainingItems {
        if context.isConnected(Self.training) { return try wiredItems() }
        let chosen = try trainingSongs()
        return try items(chosen, spectrograms: try reader.open(chosen, frames: 0))
    }

    /// The split's training songs.
    /// - throws: `StageFailure` where there are none.
    func trainingSongs() throws -> [String] {
        let chosen = ratedSongs(in: recipe.fitOn)
        guard !chosen.isEmpty else {
            throw StageFailure("The split leaves no song with \(item) and labels to train on.")
        }
        return chosen
    }

    /// Songs of the split as training items.
    func items(_ songs: [String], spectrograms: [SongSpectrogram] = []) throws -> TrainingItems {
        TrainingItems(
            ids: songs, spectrograms: spectrograms, ratings: try ratings(of: songs), weights: try weights(songs),
            isReal: songs.map { _ in true })
    }

    private func weights(_ songs: [String]) throws -> [Double] {
        guard let tau = recipe.noiseTau, !songs.isEmpty else { return songs.map { _ in 1 } }
        return try RaterNoise.weights(
            labels, songs: songs, dimensions: dimensions, tau: tau, raters: recipe.raters, scale: scale)
    }

    private func wiredItems() throws -> TrainingItems {
        let reader = SpectrogramReader(context, Self.training),
            rated = try SyntheticRatings(reader.collection)
        try rated.require(dimensions: dimensions, scale: try LabelTable.scale(labels.attributes, port: Self.labels))
        let real = try realSongs(reader.collection, rated)
        let known = Set(real), ids = reader.collection.ids.filter { known.contains($0) || rated.values[$0] != nil }
        guard !ids.isEmpty else {
            throw StageFailure("The collection on `training` has no item with ratings to train on.")
        }
        let spectrograms = try reader.open(ids, frames: 0)
        try requireUnseen()
        let cells = try ratings(of: real), weighed = try weights(real)
        let places = dimensions.compactMap { rated.place(of: $0) }
        var ratings: [Double] = [], weights: [Double] = [], row = 0
        for id in ids {
            if let values = rated.values[id] {
                ratings += places.map { values[$0] }
                // The mean weight of the real songs.
                weights.append(1)
            } else {
                ratings += cells.row(row)
                weights.append(weighed[row])
                row += 1
            }
        }
        return TrainingItems(
            ids: ids, spectrograms: spectrograms,
            ratings: Matrix(rows: ids.count, columns: dimensions.count, values: ratings),
            weights: weights, isReal: ids.map { rated.values[$0] == nil })
    }

    /// The items that are rated by `labels`, in byte order.
    private func realSongs(_ collection: InputCollection, _ rated: SyntheticRatings) throws -> [String] {
        let unrated = collection.ids.filter { rated.values[$0] == nil }
        let fitted = Set(split.songs(in: recipe.fitOn)), all = Set(split.ids)
        let others = unrated.filter { all.contains($0) && !fitted.contains($0) }
        guard others.isEmpty else {
            throw StageFailure(
                "`training` holds \(IDList.songs(others.count)) that the split keeps for validation or test: "
                    + "\(IDList.text(others)). Mix only training songs of this split, with the same `fit_on`."
            )
        }
        let strange = unrated.filter { !all.contains($0) }
        guard strange.isEmpty else {
            throw StageFailure(
                "`training` holds items that are not songs of the split and have no ratings of their own: "
                    + "\(IDList.text(strange))."
            )
        }
        let silent = unrated.filter { !labels.contains($0) }
        if !silent.isEmpty {
            context.services.warn(
                "\(IDList.songs(silent.count)) on `training` without labels left out: \(IDList.text(silent)).")
        }
        return unrated.filter { labels.contains($0) }
    }

    /// Items carry the lineage of their generator, and a recording may appear under another id.
    private func requireUnseen() throws {
        let seen = context.lineage(), fitted = Set(split.songs(in: recipe.fitOn))
        // A recording may appear in the split twice; `split` puts both into one set.
        let leaked = split.ids.filter { id in
            let recordings = labels.sources(of: id) + (split.copies[id] ?? [])
            return !fitted.contains(id) && recordings.contains(where: seen.contains)
        }
        guard leaked.isEmpty else {
            throw StageFailure(
                "`training` has seen \(IDList.songs(leaked.count)) that the split keeps for validation or test, "
                    + "directly or through the generator: \(IDList.text(leaked)). Train the generator and mix with "
                    + "this split."
            )
        }
    }

    /// Loss weights in the order of the dimensions; empty: equal weights.
    var dimensionWeights: [Double] { recipe.lossWeights?.inOrder(of: dimensions) ?? [] }
}
