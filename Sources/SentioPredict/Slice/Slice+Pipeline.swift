package import SentioKit
import SentioSongStages

extension Slice {
    /// The folder of a stored artifact, relative to the pipeline file.
    static func folder(of stored: String) -> String { "artifacts/\(stored)" }

    /// The slice as a pipeline file: JSON, which is YAML too. `files` is a placeholder that each prediction sets.
    package var pipeline: Value {
        var all: [String: Value] = [
            Self.songs: [
                "uses": .string(SoundFilesStage.kind), "with": [SoundFilesStage.files.name: ["song.mp3"]],
            ]
        ]
        for artifact in stored {
            all[artifact.name] = [
                "uses": .string(StoredArtifactStage.kind),
                "with": [
                    StoredArtifactStage.folder.name: .string(Self.folder(of: artifact.name)),
                    StoredArtifactStage.type.name: .string(artifact.type),
                    StoredArtifactStage.carriesSongData.name: .bool(artifact.carriesSongData),
                ],
            ]
        }
        for stage in stages {
            var value: [String: Value] = [
                "uses": .string(stage.kind), "in": .map(stage.inputs.mapValues { .string($0) }),
            ]
            if !stage.parameters.isEmpty { value["with"] = .map(stage.parameters) }
            all[stage.name] = .map(value)
        }
        return ["pipeline": "predict", "stages": .map(all)]
    }

    /// For `bundle.json`.
    var value: Value {
        [
            "rater": .string(rater), "predictions": .string(predictions),
            "stored": .list(
                stored.map {
                    [
                        "name": .string($0.name), "type": .string($0.type),
                        "carries_song_data": .bool($0.carriesSongData),
                    ]
                }),
            "stages": .list(
                stages.map {
                    [
                        "name": .string($0.name), "kind": .string($0.kind), "with": .map($0.parameters),
                        "in": .map($0.inputs.mapValues { .string($0) }),
                    ]
                }),
        ]
    }

    private static let most = 1000

    /// Reads what `value` wrote; nil where it is something else. `check` says whether it may be run.
    init?(_ value: Value?) {
        guard let map = value?.map, let rater = map["rater"]?.string, let predictions = map["predictions"]?.string,
            let stored = map["stored"]?.list, let stages = map["stages"]?.list,
            stored.count <= Self.most, stages.count <= Self.most
        else { return nil }
        self.init(stages: [], stored: [], rater: rater, predictions: predictions)
        for entry in stored {
            guard let name = entry["name"]?.string, let type = entry["type"]?.string,
                let carries = entry["carries_song_data"]?.bool
            else { return nil }
            self.stored.append(Stored(name: name, type: type, carriesSongData: carries))
        }
        for entry in stages {
            guard let name = entry["name"]?.string, let kind = entry["kind"]?.string, let with = entry["with"]?.map,
                let inputs = entry["in"]?.map
            else { return nil }
            let names = inputs.compactMapValues(\.string)
            guard names.count == inputs.count else { return nil }
            self.stages.append(Stage(name: name, kind: kind, parameters: with, inputs: names))
        }
    }

    /// Refuses what a slice of our own never holds. A bundle comes from strangers: none of its stages may run a program
    /// or read a file outside its folder.
    /// - Throws: `PredictError`.
    package func check(_ registry: StageRegistry) throws {
        let names = stages.map(\.name) + stored.map(\.name)
        let isPlain = names.allSatisfy { name in
            !name.isEmpty && name.utf8.count <= 100
                && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        }
        guard isPlain, Set(names + [Self.songs]).count == names.count + 1 else {
            throw PredictError("The bundle is damaged: the names of its stages are not unique plain words.")
        }
        guard stages.contains(where: { $0.name == rater }) else {
            throw PredictError(
                "The bundle is damaged: it has no stage `\(Excerpt.text(rater))`, which is to rate songs.")
        }
        let appliers = Set(
            registry.kinds.compactMap { name -> String? in
                if case .model(let application)? = registry[name]?.application { application.kind } else { nil }
            })
        for stage in stages {
            guard let kind = registry[stage.kind] else {
                throw PredictError(
                    "The bundle uses the stage kind `\(Excerpt.text(stage.kind))`, which this program does not have. "
                        + "Update Sentio, or use the program that wrote the bundle.")
            }
            var isAllowed = appliers.contains(kind.kind)
            if case .again = kind.application { isAllowed = true }
            guard isAllowed else {
                throw PredictError(
                    "The bundle is refused: its stage `\(stage.name)` (\(kind.kind)) is not of a kind that applies a "
                        + "model to songs.")
            }
            if let path = kind.parameters.first(where: { $0.path != nil && stage.parameters[$0.name] != nil }) {
                throw PredictError(
                    "The bundle is refused: its stage `\(stage.name)` names a file of the machine in `\(path.name)`.")
            }
        }
    }
}
