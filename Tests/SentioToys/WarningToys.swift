import SentioKit

/// Passes numbers on; warns of those that are large, and of a limit that is odd.
struct WarningToy: ItemwiseStage {
    static let kind = "toy-warn"
    static let version = 1
    static let summary = "Warns."
    static let limit = Parameter("limit", default: 10, "Larger numbers are worth a warning.")
    static let parameters: [any ParameterDefinition] = [limit]
    static let numbers = InputPort("numbers", Toys.numbers, "Numbers.")
    static let inputs = [numbers]
    static let numbersOutput = OutputPort("numbers", Toys.numbers, "The same.")
    static let outputs = [numbersOutput]
    static let fileExtension = "txt"
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }

    func makeWorker(_ shared: SharedInputs) -> any ItemWorker { Worker(limit: configuration[Self.limit]) }
    func warnings(of inputs: PortMap<[String: Value]>) -> [String] {
        configuration[Self.limit] % 2 == 0 ? [] : ["The limit is odd."]
    }

    private final class Worker: ItemWorker {
        let limit: Int
        init(limit: Int) { self.limit = limit }

        func process(_ item: Item) throws -> [UInt8] {
            let bytes = item.bytes(numbers), number = try Toys.number(bytes)
            if number > limit { item.warn("above \(limit)") }
            if number > 10 * limit { item.warn("far above, at \(number)") }
            return bytes
        }
    }
}

/// Works in two parts with a checkpoint between them; fails after the first where `stop.txt` lies in its folder.
struct PartsToy: Stage {
    static let kind = "toy-parts"
    static let version = 1
    static let summary = "Works in parts."
    static let parameters: [any ParameterDefinition] = []
    static let inputs: [InputPort] = []
    static let total = OutputPort("total", Toys.total, "Nothing.")
    static let outputs = [total]
    init(_ configuration: Configuration) {}

    func run(_ context: StageContext) throws {
        if try context.services.loadCheckpoint(name: "part") == nil {
            context.services.warn("The first part is doubtful.")
            try context.services.saveCheckpoint([1], name: "part", at: CheckpointMark(unit: "part", done: 1, total: 2))
            if (try? context.store(contentsOf: context.workingDirectory + "/stop.txt")) != nil {
                throw StageFailure("Stopped.")
            }
        } else {
            context.services.remark("Goes on.")
        }
        context.services.warn("The second part is doubtful.")
        try context.write(Self.total, file: "total.txt", [])
    }
}
