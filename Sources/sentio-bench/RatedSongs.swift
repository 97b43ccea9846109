import Foundation
import SentioKit
import SentioLearn
import SentioNumerics

/// Songs with features and ratings, of files or generated, whose ratings of the first dimension are noisier the higher
/// they are.
struct RatedSongs {
    static let usage = "[--features FILE.csv] [--ratings FILE.csv] [--groups FILE.csv] [--songs N]"

    let features: Matrix
    let ratings: Matrix
    var dimensions: [String] { ["valence", "arousal"] }
    private let groups: [String?]

    /// `--features` has `song_id` and numbers, or is a folder with a `.npy` file for each song; `--ratings` has
    /// `valence_mean` and `arousal_mean`; `--groups` has `artist`.
    init(_ options: Options) throws {
        guard let path = try? options.text("features") else {
            self = RatedSongs(count: try options.integer("songs", default: 400))
            return
        }
        let ratings = try Self.columns(try options.text("ratings"), ["valence_mean", "arousal_mean"])
        let groups = try (try? options.text("groups")).map { try Self.columns($0, ["artist"]) } ?? [:]
        var rows: [(id: String, features: [Double], ratings: [Double])] = []
        for (id, values) in try Self.features(path) {
            guard let cells = ratings[id], cells.compactMap(Double.init).count == 2 else { continue }
            rows.append((id, values, cells.compactMap(Double.init)))
        }
        rows.sort { $0.id < $1.id }
        guard rows.count >= 20 else {
            throw OptionError(
                description: "Only \(rows.count) songs have features and ratings; at least 20 are needed.")
        }
        features = Matrix(rows.map(\.features))
        self.ratings = Matrix(rows.map(\.ratings))
        self.groups = rows.map { row in groups[row.id].flatMap { $0[0].isEmpty ? nil : $0[0] } }
    }

    private init(count: Int) {
        var random = Philox(key: 16, stream: 0)
        let made = Matrix(rows: count, columns: 8, values: (0..<count * 8).map { _ in random.nextNormal() })
        ratings = Matrix(
            (0..<count).map { row in
                let first = made[row, 0] + 0.5 * made[row, 1], second = made[row, 2] - 0.5 * made[row, 3]
                return [
                    5 + first + (0.3 + 0.4 * max(0, first)) * random.nextNormal(),
                    5 + second + 0.5 * random.nextNormal(),
                ]
            })
        features = made
        groups = [String?](repeating: nil, count: count)
    }

    private static func features(_ path: String) throws -> [String: [Double]] {
        var result: [String: [Double]] = [:]
        if Paths.isDirectory(path) {
            for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(".npy") {
                result[String(name.dropLast(4))] = try NpyFile.read(try FileBytes.read(path + "/" + name)).doubles
            }
            return result
        }
        let table = try CSVReader.read(try FileBytes.read(path))
        for row in table.rows {
            let values = row.dropFirst().compactMap(Double.init)
            guard values.count == table.columns.count - 1 else {
                throw OptionError(description: "Song \(row[0]) of \(path) has a feature that is not a number.")
            }
            result[row[0]] = values
        }
        return result
    }

    /// Cells by the first column. DEAM writes spaces after its commas.
    private static func columns(_ path: String, _ names: [String]) throws -> [String: [String]] {
        func plain(_ text: String) -> String { text.trimmingCharacters(in: .whitespaces) }
        let table = try CSVReader.read(try FileBytes.read(path)), known = table.columns.map(plain)
        let places = names.compactMap { known.firstIndex(of: $0) }
        guard places.count == names.count else {
            throw OptionError(description: "\(path) needs the columns \(names.joined(separator: ", ")).")
        }
        return Dictionary(
            table.rows.map { row in (plain(row[0]), places.map { plain(row[$0]) }) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Folds of some rows that keep groups together; at most as many as there are groups.
    func folds(_ count: Int, seed: UInt64, of rows: [Int]) throws -> CVFolds {
        let songs = rows.map { SplitSong(id: "\($0)", group: groups[$0]) }
        let planner = try SplitPlanner(songs: songs)
        return try planner.folds(count: min(count, planner.groupCount), seed: seed).cvFolds(for: songs.map(\.id))
    }

    /// Predictions for rows by a model per dimension.
    func byDimension(
        _ fitted: [Int], _ held: [Int],
        _ predict: (_ target: Int, _ features: Matrix, _ ratings: Matrix, _ held: Matrix) throws -> Matrix
    ) throws -> Matrix {
        let own = features.selecting(rows: fitted), other = features.selecting(rows: held)
        let columns = try dimensions.indices.map { target in
            try predict(target, own, Matrix(column: fitted.map { ratings[$0, target] }), other).column(0)
        }
        return Matrix(rows: columns.count, columns: held.count, values: columns.flatMap { $0 }).transposed()
    }
}
