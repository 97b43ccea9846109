import SentioKit
import SentioLearn
import SentioNumerics

/// A fitted model that rates songs by their features, read back from its artifact.
///
/// A new kind that learns from features is one such type and one line in `all`.
protocol FeatureModel: Sendable {
    /// The artifact that holds it.
    static var type: ArtifactType { get }
    /// What it is called in messages: `ridge model`.
    static var title: String { get }

    /// - parameter read: the content of a file of the artifact.
    /// - throws: `LearnError.damagedModel`; what `read` throws.
    init(_ read: (_ file: String) throws -> [UInt8]) throws

    /// Names of the features, in the order in which it takes them.
    var features: [String] { get }
    /// The rated dimensions, in order.
    var dimensions: [String] { get }
    /// The contexts that it tells apart; nil where it knows none.
    var contexts: [String]? { get }
    /// Whether a feature of a song may be missing.
    var missing: MissingValues { get }
    /// Mean and standard deviation of each feature in the training songs; nil where the model does not know them.
    var spread: TrainingSpread? { get }

    /// Ratings [songs, dimensions] for features [songs, features].
    /// - throws: `LearnError`.
    func predict(_ features: Matrix, songs: [String], contexts: SongContexts?) throws -> Matrix
}

/// The models of features that `apply` knows.
enum FeatureModels {
    static let all: [any FeatureModel.Type] = [StoredRidge.self, StoredSVR.self, StoredTrees.self]
}

/// What `ridge` fitted.
struct StoredRidge: FeatureModel {
    static let type = RidgeStage.modelType
    static let title = "ridge model"
    private let model: RidgeModel

    init(_ read: (String) throws -> [UInt8]) throws { model = try RidgeModelFile.decode(try read(RidgeModelFile.name)) }

    var features: [String] { model.features }
    var dimensions: [String] { model.targets }
    var contexts: [String]? { model.context?.levels }
    var missing: MissingValues { .refused }
    var spread: TrainingSpread? { model.scaler.spread }

    func predict(_ features: Matrix, songs: [String], contexts: SongContexts?) throws -> Matrix {
        try model.predict(features, songs: songs, contexts: contexts)
    }
}

/// What `svr` fitted.
struct StoredSVR: FeatureModel {
    static let type = SVRStage.modelType
    static let title = "SVR model"
    private let model: SVRModel

    init(_ read: (String) throws -> [UInt8]) throws { model = try SVRModelFiles.decode(read) }

    var features: [String] { model.features }
    var dimensions: [String] { model.targets }
    var contexts: [String]? { model.context?.levels }
    var missing: MissingValues { .refused }
    var spread: TrainingSpread? { model.scaler.spread }

    func predict(_ features: Matrix, songs: [String], contexts: SongContexts?) throws -> Matrix {
        try model.predict(features, songs: songs, contexts: contexts)
    }
}

/// What `gbdt` fitted; its last columns are the indicators of contexts.
struct StoredTrees: FeatureModel {
    static let type = GBDTStage.modelType
    static let title = "tree model"
    private let model: GBDTModel
    let contexts: [String]?

    init(_ read: (String) throws -> [UInt8]) throws {
        model = try XGBoostModelFile(try read(GBDTStage.modelFile)).model
        contexts = ContextColumn.levels(ofColumns: model.features)
    }

    var features: [String] { Array(model.features.dropLast(contexts?.count ?? 0)) }
    var dimensions: [String] { model.targets }
    var missing: MissingValues { .allowed }
    /// Trees do not scale. Their ratings stay among those of the training songs however far a song is from these.
    var spread: TrainingSpread? { nil }

    func predict(_ features: Matrix, songs: [String], contexts known: SongContexts?) throws -> Matrix {
        try model.predict(
            GBDTStage.columns(
                features, known ?? contexts.map { SongContexts(songs.map { _ in nil }, levels: $0) }, contexts),
            songs: songs)
    }
}
