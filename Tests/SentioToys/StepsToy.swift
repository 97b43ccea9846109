import SentioKit

/// Counts epochs with a checkpoint after each; fails after the one that a file `stop` in the folder names.
struct StepsToy: Stage {
    static let kind = "toy-steps"
    static let version = 1
    static let summary = "Counts."
    static let epochs = Parameter("epochs", default: 10, in: 1...1000, "How many.")
    static let goesOn = Parameter("goes_on", default: false, "Whether more epochs go on from fewer.")
    static let parameters: [any ParameterDefinition] = [epochs, goesOn]
    static let inputs: [InputPort] = []
    static let total = OutputPort("total", Toys.total, "How many were counted in this attempt.")
    static let outputs = [total]
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }
    var continuesOver: Set<String> { configuration[Self.goesOn] ? ["epochs"] : [] }
    var length: Int? { configuration[Self.epochs] }
    func workload(of inputs: PortMap<Amount>) -> Workload? {
        Workload(["epochs": Double(configuration[Self.epochs])], pace: "")
    }

    func run(_ context: StageContext) throws {
        let wanted = configuration[Self.epochs]
        var done = 0
        func mark() -> CheckpointMark { CheckpointMark(unit: "epoch", done: Double(done), total: Double(wanted)) }
        if let bytes = try context.services.loadCheckpoint(name: "state"), let found = try? Toys.number(bytes),
            found <= wanted
        {
            done = found
            context.services.goesOn(from: mark())
        }
        let stop = TestFiles.number(context.workingDirectory + "/stop")
        while done < wanted {
            done += 1
            try context.services.saveCheckpoint(Array("\(done)".utf8), name: "state", at: mark())
            if done == stop { throw StageFailure("It was told to stop after \(done).") }
        }
        try context.write(Self.total, file: "total.txt", Array("\(done)".utf8))
    }
}
