import SentioKit

/// Adds up any number of totals.
struct AddToy: Stage {
    static let kind = "toy-add"
    static let version = 1
    static let summary = "Adds totals."
    static let copies = Parameter("copies", default: 0, "How many.")
    static let parameters: [any ParameterDefinition] = [copies]
    static let inputs: [InputPort] = []
    static let notation = StageNotation(furtherInputs: .of([Toys.total]))
    static let total = OutputPort("total", Toys.total, "The sum.")
    static let outputs = [total]
    init(_ configuration: Configuration) {}

    func run(_ context: StageContext) throws {
        let total = try context.connectedInputs.reduce(0) { try $0 + Toys.number(try context.file($1)) }
        try context.write(Self.total, file: "total.txt", Array(String(total).utf8))
    }
}

/// Runs its members once for each multiple of its numbers, which they see as `part`, and adds up their totals.
struct CopiesToy: StageGroup {
    static let kind = "toy-copies"
    static let summary = "Copies."
    static let copies = Parameter("copies", default: 2, in: 1...1_000_000, "How many.")
    static let parameters: [any ParameterDefinition] = [copies]
    static let numbers = InputPort("numbers", Toys.numbers, "Numbers.")
    static let inputs = [numbers]
    static let outputs = AddToy.outputs
    static let part = OutputPort("part", Toys.numbers, "A multiple.")
    static let provided = [part]
    static let reserved = ["parts"]
    let configuration: Configuration
    init(_ configuration: Configuration) { self.configuration = configuration }

    func expand(_ members: [GroupMember]) throws(StageFailure) -> GroupExpansion {
        let totals = members.compactMap { member in member.output(Toys.total).map { (name: member.name, output: $0) } }
        guard !totals.isEmpty else { throw StageFailure("nothing to add up.") }
        let labels = (0..<configuration[Self.copies]).map { "copy=\($0)" }
        let parts = labels.enumerated().map { index, label in
            GroupExpansion.Made(
                "part@\(label)", ScaleToy.self, inputs: [(ScaleToy.numbers, .input(Self.numbers))],
                parameters: [ScaleToy.factor.name: .int(index + 1)])
        }
        let sums = totals.map { member in
            GroupExpansion.Made(
                member.name, AddToy.self,
                inputs: labels.map {
                    (InputPort($0, Toys.total), .member(member.name, copy: $0, output: member.output))
                },
                parameters: [AddToy.copies.name: .int(labels.count)])
        }
        let whole = GroupExpansion.Made(
            "", AddToy.self,
            inputs: totals.map { (InputPort($0.name, Toys.total), .made($0.name, output: AddToy.total)) })
        return GroupExpansion(
            copies: labels.map {
                .init($0, provided: [Self.part: .made("part@\($0)", output: ScaleToy.numbersOutput)])
            },
            made: parts + sums + [whole])
    }
}
