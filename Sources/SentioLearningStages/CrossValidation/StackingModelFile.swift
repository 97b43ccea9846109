import Foundation
import SentioKit
import SentioLearn

/// The meta-model of a stack as a JSON file: `{"format": "sentio-stacking", "version": 1, "model": {…}}`.
struct StackingModelFile: Codable {
    static let name = "stacking.json"
    private static let known = "sentio-stacking"

    var format = known
    var version = 1
    let model: StackingModel

    /// Keys sorted, so that equal models are equal bytes.
    static func encode(_ model: StackingModel) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Array(try encoder.encode(StackingModelFile(model: model))) + [0x0A]
    }

    /// Reads a model that `encode` wrote.
    /// - throws: `LearnError.damagedModel`.
    static func decode(_ bytes: [UInt8]) throws -> StackingModel {
        let file: StackingModelFile
        do { file = try JSONDecoder().decode(StackingModelFile.self, from: Data(bytes)) } catch is DecodingError {
            throw LearnError.damagedModel(reason: "\(name) does not hold the model of a stack")
        }
        guard file.format == known, file.version == 1 else {
            throw LearnError.damagedModel(
                reason: "\(name) has the format \(Excerpt.text(file.format)) \(file.version), not \(known) 1")
        }
        let model = file.model
        return try StackingModel(
            method: model.method, bases: model.bases, targets: model.targets, weights: model.weights,
            intercepts: model.intercepts, alphas: model.alphas)
    }
}
