import Foundation
import SentioKit

/// Kinds that do arithmetic on text files, so that the engine is tested without audio.
enum Toys {
    static let registry = StageRegistry(
        [
            SongsToy.self, ScaleToy.self, SumToy.self, FitToy.self, ScoreToy.self, RandomToy.self, WriteToy.self,
            ConstantToy.self,
            SpoilToy.self, MeasureToy.self, TreeToy.self, ListToy.self, AddToy.self, FoldersToy.self, ThreadsToy.self,
            StepsToy.self,
            WarningToy.self, PartsToy.self, PairToy.self,
        ], groups: [CopiesToy.self])

    /// As a binary that compares songs by these measures.
    static let measuring = StageRegistry([MeasureToy.self], measures: ["ccc", "r2"])

    static let numbers = ArtifactType("numbers", form: .collection)
    static let total = ArtifactType("total", form: .files)

    static func number(_ bytes: [UInt8]) throws -> Int {
        let text = String(decoding: bytes, as: UTF8.self).filter { $0 != "\n" }
        guard let number = Int(text) else { throw StageFailure("`\(text)` is not a number.") }
        return number
    }
}

/// A folder of text files, one number each.
struct SongsToy: Stage {
    static let kind = "toy-songs"
    static let version = 1
    static let summary = "Reads numbers."
    static let source = Parameter<String>("source", default: nil, "Folder.", isIdentity: false, path: PathRule())
    static let parameters: [any ParameterDefinition] = [source]
    static let inputs: [InputPort] = []
    static let numbers = OutputPort("numbers", Toys.numbers, "One per file.")
    static let labels = OutputPort("labels", .labels, "Their values.")
    static let outputs = [numbers, labels]
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }
    var sources: [SourceRequest] {
        [SourceRequest("songs", path: configuration[Self.source], form: .folder(extensions: ["txt"]))]
    }

    func run(_ context: StageContext) throws {
        let files = context.sourceFiles("songs").map {
            ($0.name.split(separator: ".").first.map(String.init) ?? $0.name, $0)
        }
        try context.writeCollection(
            Self.numbers, files.map { .init(id: $0.0, file: $0.1.name, blob: $0.1.blob, sources: [$0.1.blob.hash]) })
        let sources = Dictionary(files.map { ($0.0, [$0.1.blob.hash]) }, uniquingKeysWith: { first, _ in first })
        let table = Table(columns: ["song_id", "valence"], rows: files.map { [$0.0, "5"] })
        try context.writeTable(Self.labels, table, sources: sources)
    }
}

/// Names folders in any form.
struct FoldersToy: Stage {
    /// Whatever the file says.
    struct Anything: ParameterValue {
        let parameterValue: Value
        init?(parameter value: Value) { parameterValue = value }
        static let accepted = "anything"
        static let schema: Value = .map([:])
    }
    static let kind = "toy-folders"
    static let version = 1
    static let summary = "Names folders."
    static let source = Parameter<Anything>(
        "source", default: nil, "Folders.", isIdentity: false, path: PathRule(reserved: ["demo"]))
    static let parameters: [any ParameterDefinition] = [source]
    static let inputs: [InputPort] = []
    static let outputs: [OutputPort] = []
    init(_ configuration: Configuration) {}
    func run(_ context: StageContext) {}
}

/// Multiplies each number.
struct ScaleToy: ItemwiseStage {
    static let kind = "toy-scale"
    static let version = 1
    static let summary = "Multiplies."
    static let factor = Parameter("factor", default: 2, "Factor.")
    static let modulus = Parameter("modulus", default: 1_000_000, "Results are taken modulo this.")
    static let parameters: [any ParameterDefinition] = [factor, modulus]
    static let numbers = InputPort("numbers", Toys.numbers, "Numbers.")
    static let inputs = [numbers]
    static let numbersOutput = OutputPort("numbers", Toys.numbers, "Products.")
    static let outputs = [numbersOutput]
    static let fileExtension = "txt"
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }
    func makeWorker(_ shared: SharedInputs) -> any ItemWorker {
        Worker(factor: configuration[Self.factor], modulus: configuration[Self.modulus])
    }

    private final class Worker: ItemWorker {
        let factor: Int, modulus: Int
        init(factor: Int, modulus: Int) { (self.factor, self.modulus) = (factor, modulus) }
        func process(_ item: Item) throws -> [UInt8] {
            Array(String(try Toys.number(item.bytes(numbers)) * factor % modulus).utf8)
        }
    }
}

/// Adds all numbers up.
struct SumToy: Stage {
    static let kind = "toy-sum"
    static let version = 1
    static let summary = "Adds up."
    static let parameters: [any ParameterDefinition] = []
    static let numbers = InputPort("numbers", Toys.numbers, "Numbers.")
    static let inputs = [numbers]
    static let total = OutputPort("total", Toys.total, "The sum.")
    static let outputs = [total]
    init(_ configuration: Configuration) {}

    func run(_ context: StageContext) throws {
        let numbers = context.collection(Self.numbers)
        let total = try numbers.ids.reduce(0) { try $0 + Toys.number(try numbers.read($1)) }
        context.services.metric("total", Double(total))
        context.services.series("half", step: 0, Double(total) / 2)
        try context.write(Self.total, file: "total.txt", Array(String(total).utf8))
    }
}

/// "Trains" on some songs and "predicts" all.
struct FitToy: Stage {
    static let kind = "toy-fit"
    static let version = 1
    static let summary = "Fits."
    static let train = Parameter<[String]>("train", default: nil, "Training songs.")
    static let parameters: [any ParameterDefinition] = [train]
    static let numbers = InputPort("numbers", Toys.numbers, "Numbers.")
    static let inputs = [numbers]
    static let predictions = OutputPort("predictions", .predictions, "For every song.")
    static let outputs = [predictions]
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }

    func run(_ context: StageContext) throws {
        let numbers = context.collection(Self.numbers)
        for id in configuration[Self.train] { _ = try numbers.read(id) }
        let seen = context.lineage()
        let rows = try numbers.ids.map { [$0, String(try Toys.number(try numbers.read($0)))] }
        try context.writeTable(Self.predictions, Table(columns: ["song_id", "valence"], rows: rows), fitted: seen)
    }
}

/// Scores some songs.
struct ScoreToy: Stage {
    static let kind = "toy-score"
    static let version = 1
    static let summary = "Scores."
    static let test = Parameter<[String]>("test", default: nil, "Test songs.")
    static let parameters: [any ParameterDefinition] = [test]
    static let predictions = InputPort("predictions", .predictions, "Predictions.")
    static let inputs = [predictions]
    static let scores = OutputPort("scores", .scores, "Scores.")
    static let outputs = [scores]
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }

    func run(_ context: StageContext) throws {
        let rows = try context.table(Self.predictions).rowsToScore(for: configuration[Self.test], columns: ["valence"])
        context.services.metric("test.ccc", Double(rows.count))
        try context.write(Self.scores, file: "scores.json", Array("{}".utf8))
    }
}

/// Writes its seed.
struct RandomToy: Stage {
    static let kind = "toy-random"
    static let version = 1
    static let summary = "Draws."
    static let parameters: [any ParameterDefinition] = []
    static let inputs: [InputPort] = []
    static let total = OutputPort("total", Toys.total, "The seed.")
    static let outputs = [total]
    init(_ configuration: Configuration) {}
    var drawsRandomNumbers: Bool { true }
    func run(_ context: StageContext) throws {
        try context.write(Self.total, file: "seed.txt", Array(String(context.seed).utf8))
    }
}

/// Leaves a file in the user's folder, as `command` does.
struct WriteToy: Stage {
    static let kind = "toy-write"
    static let version = 1
    static let summary = "Writes a file."
    static let out = Parameter<String>("out", default: nil, "File to write.")
    static let dep = Parameter<String?>("dep", default: .some(nil), "File to copy.")
    static let parameters: [any ParameterDefinition] = [out, dep]
    static let inputs: [InputPort] = []
    static let outputs: [OutputPort] = []
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }
    var outputs: [OutputPort] { [OutputPort("out", .files, "The file.", workspacePath: configuration[Self.out])] }
    var sources: [SourceRequest] { configuration[Self.dep].map { [SourceRequest("dep", path: $0)] } ?? [] }

    func run(_ context: StageContext) throws {
        let path = context.workingDirectory + "/" + configuration[Self.out]
        let bytes = try context.sourceFiles("dep").first.map { try context.read($0) } ?? Array("made\n".utf8)
        try TestFiles.write(String(decoding: bytes, as: UTF8.self), to: path)
        try context.writeFiles(
            outputs[0], [(configuration[Self.out], try context.store(contentsOf: path))],
            attributes: ["layout": "file"])
    }
}

/// Waits for stages named by `after`, writes what it is told, or fails.
struct ConstantToy: Stage {
    static let kind = "toy-constant"
    static let version = 1
    static let summary = "Writes a text."
    static let text = Parameter("text", default: "x", "Text; `fail` fails.")
    static let parameters: [any ParameterDefinition] = [text]
    static let after = InputPort("after", anyOf: [Toys.total, .scores], isRequired: false, "Anything.")
    static let inputs = [after]
    static let total = OutputPort("total", Toys.total, "The text.")
    static let outputs = [total]
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }

    func run(_ context: StageContext) throws {
        let text = configuration[Self.text]
        if text == "fail" { throw StageFailure("It was told to fail.") }
        if text == "forget" { return }
        try context.write(Self.total, file: "total.txt", Array(text.utf8))
    }
}

/// Says on how many threads it runs; asks for all, and waits for them.
struct ThreadsToy: Stage {
    static let kind = "toy-threads"
    static let version = 1
    static let summary = "Counts threads."
    static let number = Parameter("number", default: 0, "Tells stages apart.")
    static let parameters: [any ParameterDefinition] = [number]
    static let after = InputPort("after", Toys.total, isRequired: false, "Anything.")
    static let inputs = [after]
    static let total = OutputPort("total", Toys.total, "Nothing.")
    static let outputs = [total]
    init(_ configuration: Configuration) {}
    var resources: Resources { Resources(cores: .all, waitsForCores: true) }

    func run(_ context: StageContext) throws {
        context.services.metric("threads", Double(context.threads))
        try context.write(Self.total, file: "total.txt", [])
    }
}

/// Rewrites its own source while it runs, as a user does who edits a script during a long run; `quit` throws.
struct SpoilToy: Stage {
    static let kind = "toy-spoil"
    static let version = 1
    static let summary = "Spoils."
    static let dep = Parameter<String>("dep", default: nil, "File, or `quit`.")
    static let parameters: [any ParameterDefinition] = [dep]
    static let inputs: [InputPort] = []
    static let total = OutputPort("total", Toys.total, "The text.")
    static let outputs = [total]
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }
    var sources: [SourceRequest] {
        configuration[Self.dep] == "quit" ? [] : [SourceRequest("dep", path: configuration[Self.dep])]
    }

    func run(_ context: StageContext) throws {
        if configuration[Self.dep] == "quit" { throw StageCancelled() }
        try TestFiles.write("after\n", to: context.workingDirectory + "/" + configuration[Self.dep])
        try context.write(Self.total, file: "total.txt", Array("x".utf8))
    }
}

/// Measures what is no number.
struct MeasureToy: Stage {
    static let kind = "toy-measure"
    static let version = 1
    static let summary = "Measures."
    static let factor = Parameter("factor", default: 1.0, "Any number.")
    static let other = Parameter("other", default: 1.0, "Any number.")
    static let parameters: [any ParameterDefinition] = [factor, other]
    static let inputs: [InputPort] = []
    static let total = OutputPort("total", Toys.total, "Nothing.")
    static let outputs = [total]
    init(_ configuration: Configuration) {}

    func run(_ context: StageContext) throws {
        for (name, value) in [("more", Double.infinity), ("less", -Double.infinity), ("none", Double.nan)] {
            context.services.metric(name, value)
            context.services.series(name, step: 1, value)
        }
        try context.write(Self.total, file: "total.txt", [])
    }
}

/// Leaves a folder with a file per name, and keeps all that it finds there, as a command does.
struct TreeToy: Stage {
    static let kind = "toy-tree"
    static let version = 1
    static let summary = "Leaves a folder."
    static let names = Parameter<[String]>("names", default: nil, "Files to leave.")
    static let parameters: [any ParameterDefinition] = [names]
    static let inputs: [InputPort] = []
    static let tree = OutputPort("tree", .files, "The folder.", workspacePath: "tree")
    static let outputs = [tree]
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }

    func run(_ context: StageContext) throws {
        let folder = context.workingDirectory + "/tree"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in configuration[Self.names] { try TestFiles.write(name, to: folder + "/" + name) }
        let found = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        try context.writeFiles(
            Self.tree, try found.map { ($0, try context.store(contentsOf: folder + "/" + $0)) },
            attributes: ["layout": "folder"])
    }
}

/// Writes the names and contents of what a file or folder holds.
struct ListToy: Stage {
    static let kind = "toy-list"
    static let version = 1
    static let summary = "Lists."
    static let folder = Parameter<String>("folder", default: nil, "File or folder.", isIdentity: false)
    static let parameters: [any ParameterDefinition] = [folder]
    static let inputs: [InputPort] = []
    static let total = OutputPort("total", Toys.total, "The names.")
    static let outputs = [total]
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }
    var sources: [SourceRequest] { [SourceRequest("folder", path: configuration[Self.folder], form: .fileOrFolder)] }

    func run(_ context: StageContext) throws {
        let lines = try context.sourceFiles("folder").map {
            $0.name + "=" + String(decoding: try context.read($0), as: UTF8.self)
        }
        try context.write(Self.total, file: "list.txt", Array(lines.joined(separator: "\n").utf8))
    }
}
