import SentioKit

/// Adds the numbers of a song in two collections.
struct PairToy: ItemwiseStage {
    static let kind = "toy-pair"
    static let version = 1
    static let summary = "Adds pairs."
    static let parameters: [any ParameterDefinition] = []
    static let left = InputPort("left", Toys.numbers, "Numbers.")
    static let right = InputPort("right", Toys.numbers, "Numbers.")
    static let inputs = [left, right]
    static let numbers = OutputPort("numbers", Toys.numbers, "Sums.")
    static let outputs = [numbers]
    static let fileExtension = "txt"
    init(_ configuration: Configuration) {}
    func makeWorker(_ shared: SharedInputs) -> any ItemWorker { Worker() }

    private final class Worker: ItemWorker {
        func process(_ item: Item) throws -> [UInt8] {
            Array(String(try Toys.number(item.bytes(left)) + Toys.number(item.bytes(right))).utf8)
        }
    }
}
