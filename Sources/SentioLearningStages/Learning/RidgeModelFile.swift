import Foundation
import SentioKit
import SentioLearn

/// A fitted ridge model as a JSON file:
/// `{"format": "sentio-ridge", "version": 1, "training_songs": n, "model": {…}, "choice": {…} or absent}`.
/// `model.coefficients` is targets × features for scaled features (`rows`, `columns`, `values` row after row).
struct RidgeModelFile: Codable {
    static let name = "ridge.json"
    private static let format = "sentio-ridge"

    let format: String
    let version: Int
    let trainingSongs: Int
    let model: RidgeModel
    let choice: RidgeFit.Choice?

    enum CodingKeys: String, CodingKey {
        case format, version, model, choice
        case trainingSongs = "training_songs"
    }

    /// Keys sorted, so that equal models are equal bytes.
    static func encode(_ fit: RidgeFit, trainingSongs: Int) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let file = RidgeModelFile(
            format: format, version: 1, trainingSongs: trainingSongs, model: fit.model, choice: fit.choice)
        return Array(try encoder.encode(file)) + [0x0A]
    }

    /// Reads a model that `encode` wrote.
    /// - throws: `LearnError.damagedModel`.
    static func decode(_ bytes: [UInt8]) throws -> RidgeModel {
        let file: RidgeModelFile
        do { file = try JSONDecoder().decode(RidgeModelFile.self, from: Data(bytes)) } catch is DecodingError {
            throw LearnError.damagedModel(reason: "\(name) does not hold a ridge model")
        }
        guard file.format == format, file.version == 1 else {
            throw LearnError.damagedModel(
                reason: "\(name) has the format \(Excerpt.text(file.format)) \(file.version), not \(format) 1")
        }
        return file.model
    }
}
