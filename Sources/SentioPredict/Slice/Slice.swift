public import SentioKit

/// The part of a training pipeline that leads from sound to rating, as a run recorded it: the stages that are repeated
/// on new songs, and the models that these stages apply.
///
/// It is written as a pipeline file of its own and run by the engine, so training and prediction share their code,
/// their parameters and the cache.
public struct Slice: Sendable, Equatable {
    /// The stage that supplies the sound files.
    public static let songs = "songs"

    /// A stage that is run on new songs.
    public struct Stage: Sendable, Equatable {
        /// Unique in the slice.
        public var name: String
        /// The name of its kind.
        public var kind: String
        /// Its parameters, including defaults.
        public var parameters: [String: Value]
        /// For each input the output that it reads: `decode.waveforms`.
        public var inputs: [String: String]

        /// A stage of a slice.
        public init(name: String, kind: String, parameters: [String: Value], inputs: [String: String]) {
            self.name = name
            self.kind = kind
            self.parameters = parameters
            self.inputs = inputs
        }
    }

    /// An artifact that is used as the run stored it: a model, or pretrained weights.
    public struct Stored: Sendable, Equatable {
        /// The name of the stage that supplies it, unique in the slice.
        public var name: String
        /// The name of its type.
        public var type: String
        /// False for an artifact that no song reached.
        public var carriesSongData: Bool

        /// A stored artifact of a slice.
        public init(name: String, type: String, carriesSongData: Bool) {
            self.name = name
            self.type = type
            self.carriesSongData = carriesSongData
        }
    }

    /// In the order in which they depend on each other.
    public var stages: [Stage]
    /// Artifacts that the stages read.
    public var stored: [Stored]
    /// The stage whose output holds the ratings.
    public var rater: String
    /// The name of that output.
    public var predictions: String

    /// A slice of these parts.
    public init(stages: [Stage], stored: [Stored], rater: String, predictions: String) {
        self.stages = stages
        self.stored = stored
        self.rater = rater
        self.predictions = predictions
    }
}
