import SentioKit
import SentioNumerics
import SentioSongStages

/// Finds the songs of a run on which a model's errors tell how sure it is.
///
/// These are the training songs with the out-of-fold predictions that the model's stage wrote, or else the validation
/// songs that the model has not seen. Test songs are never used: their scores would no longer be those of unseen songs.
struct CalibrationSongs {
    /// The hashes of the stage's inputs and outputs, by port.
    let inputs: [String: String]
    let outputs: [String: String]
    /// The output with its predictions.
    let predictions: OutputPort
    /// The rated dimensions.
    let dimensions: [String]
    /// A table of the run with its manifest; nil for an artifact of another form.
    let read: (ContentHash) throws -> (Table, Manifest)?

    enum Result {
        case found(ModelCalibration)
        /// Why there are none, as a sentence.
        case none(String)
    }

    private static let residuals = "residuals"
    private static let remedy =
        "Set `calibration_folds: 10` in its stage (`calibrate: true` in a stack), or `validation` in `split`, and run "
        + "the pipeline again."

    /// - Throws: what `read` throws, and `LearnError`.
    func find() throws -> Result {
        guard !dimensions.isEmpty else { return .none("The run did not record which dimensions the model rates.") }
        if let (table, _) = try table(outputs[Self.residuals]),
            let found = ResidualTable(table, dimensions: dimensions),
            found.truth.rows > 0
        {
            return .found(
                try ModelCalibration(
                    truth: found.truth, predictions: found.predictions,
                    source: "out of fold on \(IDList.songs(found.truth.rows, "training"))"))
        }
        return try validation()
    }

    private func validation() throws -> Result {
        guard let (labels, _) = try table(inputs["labels"]), let (split, _) = try table(inputs["split"]),
            let (predicted, manifest) = try table(outputs[predictions.name]),
            let set = split.column("set"), let song = split.column("song_id")
        else { return .none("No songs with ratings are known that the model was not fitted on. \(Self.remedy)") }
        let wanted = split.rows.filter { $0[set] == "validation" }.map { $0[song] }
        guard !wanted.isEmpty else {
            return .none(
                "The model has no errors on songs that it was not fitted on: the split has no validation songs. "
                    + Self.remedy)
        }
        let unseen = wanted.filter { id in
            manifest.row(id).map { row in
                row.fitted.map { set in row.sources.allSatisfy { !manifest.fittedSets[set].contains($0) } } ?? true
            } ?? false
        }
        guard !unseen.isEmpty else {
            return .none(
                "The model has no errors on songs that it has not seen: the fit used the "
                    + "\(IDList.songs(wanted.count, "validation")) of its split. \(Self.remedy)")
        }
        guard let truth = numbers(labels, unseen), let predictions = numbers(predicted, unseen) else {
            return .none("The validation songs of the run have no complete ratings. \(Self.remedy)")
        }
        return .found(
            try ModelCalibration(
                truth: truth, predictions: predictions, source: IDList.songs(unseen.count, "validation")))
    }

    /// The table of an artifact; nil where the run has none.
    private func table(_ hash: String?) throws -> (Table, Manifest)? {
        try hash.flatMap { ContentHash(hex: $0) }.flatMap { try read($0) }
    }

    /// The ratings of songs, songs × dimensions; nil where one is missing.
    private func numbers(_ table: Table, _ songs: [String]) -> Matrix? {
        let columns = dimensions.compactMap { table.column($0) }
        guard let id = table.column("song_id"), columns.count == dimensions.count else { return nil }
        let rows = Dictionary(table.rows.map { ($0[id], $0) }, uniquingKeysWith: { first, _ in first })
        let values = songs.flatMap { song in columns.compactMap { column in rows[song].flatMap { Double($0[column]) } }
        }
        guard values.count == songs.count * columns.count, values.allSatisfy(\.isFinite) else { return nil }
        return Matrix(rows: songs.count, columns: columns.count, values: values)
    }
}
