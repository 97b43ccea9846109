import Foundation
import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Tells whether a song is like those that a model was fitted on, by their features. As a JSON file:
/// `{"format": "sentio-training-reference", "version": 1, "features": […], "spread": {…}, "limits": {…}, "songs": n}`.
struct TrainingReference: Codable, Equatable {
    static let name = "reference.json"
    private static let known = "sentio-training-reference"

    var format = known
    var version = 1
    /// Names of the features.
    let features: [String]
    /// Their means and standard deviations.
    let spread: TrainingSpread
    /// How far a song may be from them.
    let limits: NoveltyLimits
    /// Number of training songs whose distances gave the limits; 0: the limits are the usual ones.
    let songs: Int

    init(features: [String], spread: TrainingSpread, limits: NoveltyLimits = .usual, songs: Int = 0) {
        self.features = features
        self.spread = spread
        self.limits = limits
        self.songs = songs
    }

    /// Keys sorted, so that equal references are equal bytes.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Array(try encoder.encode(self)) + [0x0A]
    }

    /// Reads a reference that `encoded` wrote.
    /// - throws: `LearnError.damagedModel`.
    static func decode(_ bytes: [UInt8]) throws -> TrainingReference {
        let file: TrainingReference
        do { file = try JSONDecoder().decode(TrainingReference.self, from: Data(bytes)) } catch is DecodingError {
            throw LearnError.damagedModel(reason: "\(name) does not describe training songs")
        }
        guard file.format == known, file.version == 1 else {
            throw LearnError.damagedModel(
                reason: "\(name) has the format \(Excerpt.text(file.format)) \(file.version), not \(known) 1")
        }
        guard file.spread.isValid(features: file.features.count) else {
            throw LearnError.damagedModel(reason: "the means and deviations in \(name) do not match its features")
        }
        return file
    }

    /// Warnings about the songs that are unlike the training songs.
    /// - parameter table: songs × the features of the reference, in their order.
    func warnings(_ table: Matrix, songs: [String]) -> [String] {
        NoveltyWarning.warnings(
            songs.enumerated().compactMap { row, song in
                let deviations = spread.standardized(Array(table.row(row)))
                guard limits.isExceeded(by: TrainingSpread.distance(ofStandardized: deviations)) else { return nil }
                return (song, NoveltyWarning.sentence(deviations, features: features))
            })
    }
}
