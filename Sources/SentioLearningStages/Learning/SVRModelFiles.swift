import Foundation
import SentioLearn

/// A fitted SVR as files: one machine per dimension in LIBSVM's text format, which `svm-predict` reads, and `svr.json`
/// with what that format cannot hold: `{"format": "sentio-svr", "version": 1, "training_songs": n, "features": […],
/// "targets": […], "machines": [file names], "scaler": {…}, "settings": […], "runs": […], "choice": {…} or absent}`.
/// The machines expect scaled features. With contexts also `"context": {"levels": […], "slopes": […]}` and `"columns":
/// n`: the machines then expect the columns that `SVRContext` appends, n in all.
struct SVRModelFiles: Codable {
    static let index = "svr.json"

    let format: String
    let version: Int
    let trainingSongs: Int
    let features: [String]
    let targets: [String]
    let machines: [String]
    let scaler: FittedScaler
    let settings: [SVRGrid.Candidate]
    let runs: [SVRFit.Run]
    let choice: SVRFit.Choice?
    let context: SVRContext?
    /// How many input columns a machine has; nil: as many as features.
    let columns: Int?

    enum CodingKeys: String, CodingKey {
        case format, version, features, targets, machines, scaler, settings, runs, choice, context, columns
        case trainingSongs = "training_songs"
    }

    /// Names and contents; keys sorted, so that equal models are equal bytes.
    static func encode(_ fit: SVRFit, trainingSongs: Int) throws -> [(name: String, bytes: [UInt8])] {
        let names = fileNames(fit.model.targets)
        let files = SVRModelFiles(
            format: "sentio-svr", version: 1, trainingSongs: trainingSongs, features: fit.model.features,
            targets: fit.model.targets,
            machines: names, scaler: fit.model.scaler, settings: fit.settings, runs: fit.runs, choice: fit.choice,
            context: fit.model.context, columns: fit.model.context == nil ? nil : fit.model.columns)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return [(index, Array(try encoder.encode(files)) + [0x0A])]
            + zip(names, fit.model.machines).map { ($0, Array($1.libsvmText.utf8)) }
    }

    /// Reads a model that `encode` wrote.
    /// - parameter read: the content of a file of the artifact.
    /// - throws: `LearnError.damagedModel` naming the file; what `read` throws.
    static func decode(_ read: (String) throws -> [UInt8]) throws -> SVRModel {
        let files: SVRModelFiles
        do {
            files = try JSONDecoder().decode(SVRModelFiles.self, from: Data(try read(index)))
        } catch is DecodingError {
            throw LearnError.damagedModel(reason: "\(index) is not the index of an SVR model")
        }
        guard files.format == "sentio-svr", files.version == 1 else {
            throw LearnError.damagedModel(
                reason: "\(index) has the format \(files.format) \(files.version), not sentio-svr 1")
        }
        let machines = try files.machines.map { name in
            do {
                return try SupportVectorMachine(
                    libsvmText: String(decoding: try read(name), as: UTF8.self),
                    featureCount: files.columns ?? files.features.count)
            } catch LearnError.damagedModel(let reason) {
                throw LearnError.damagedModel(reason: "in \(name), \(reason)")
            }
        }
        return try SVRModel(
            features: files.features, targets: files.targets, scaler: files.scaler, machines: machines,
            context: files.context)
    }

    /// `valence.libsvm`; a dimension whose name is not a valid file name is numbered: `dimension.2.libsvm`.
    private static func fileNames(_ targets: [String]) -> [String] {
        targets.enumerated().map { index, target in
            let isPlain =
                target.utf8.count <= 100
                && target.utf8.allSatisfy { byte in
                    byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                        || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                }
            return (isPlain && !target.isEmpty ? target : "dimension.\(index + 1)") + ".libsvm"
        }
    }
}
