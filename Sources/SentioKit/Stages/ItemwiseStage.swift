/// A stage kind that is a pure function of one item (one song): decode, mel-extract, handcrafted-features.
///
/// The engine owns caching and parallelism: it finds the items without a record, makes one warm worker per thread,
/// and commits each finished item at once. The kind has one output, a collection, and its required collection inputs
/// are joined by item id; inputs of other forms are shared by all items.
public protocol ItemwiseStage: StageKind {
    /// State that one thread keeps from item to item: plans, filters, scratch memory.
    func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker
    /// What readers of the output must know, from the parameters and the attributes of the inputs (by port).
    func attributes(of inputs: [String: [String: Value]]) throws -> [String: Value]
    /// What the user should know of the output as a whole, from the parameters and the attributes of the inputs (by
    /// port). What concerns one item goes through `Item.warn`. Default: nothing.
    func warnings(of inputs: [String: [String: Value]]) -> [String]
    /// The extension of an exported item, without dot.
    static var fileExtension: String { get }
}

extension ItemwiseStage {
    public static var fileExtension: String { "npy" }
    public var resources: Resources { Resources(cores: .all) }
    public func attributes(of inputs: [String: [String: Value]]) throws -> [String: Value] { [:] }
    public func warnings(of inputs: [String: [String: Value]]) -> [String] { [] }

    /// In proportion to songs, and to their bytes where these are known.
    public func workload(of inputs: [String: Amount]) -> Workload? {
        let items = Self.inputs.compactMap { port in inputs[port.name].flatMap { port.isCollection ? $0 : nil } }
        guard let leading = items.min(by: { $0.items < $1.items }) else { return nil }
        var amounts = ["songs": leading.items]
        if let bytes = leading.bytes, bytes > 0 { amounts["bytes"] = bytes }
        return Workload(amounts)
    }

    public var execution: StageExecution { .itemwise(self) }
}

/// Works on one item after another, always on the same thread.
public protocol ItemWorker: AnyObject {
    /// - returns: the bytes of the output item.
    /// - throws: anything; the sentence is shown with the item's id, and the other items go on.
    func process(_ item: Item) throws -> [UInt8]
}

/// One item as its worker sees it.
public struct Item: Sendable {
    /// For messages: it is not part of the key, and must not change the result.
    public let id: String
    /// The stream of random numbers that belongs to this item alone.
    public let seed: UInt64
    private let noted = ItemWarnings()
    private let bytesByPort: [String: [UInt8]]
    private let filesByPort: [String: String]

    public init(id: String, seed: UInt64 = 0, bytes: [String: [UInt8]], files: [String: String] = [:]) {
        self.id = id
        self.seed = seed
        bytesByPort = bytes
        filesByPort = files
    }

    /// The content of the item on a collection port.
    /// - precondition: the port is a connected collection port of the kind.
    public func bytes(_ port: String) -> [UInt8] {
        guard let bytes = bytesByPort[port] else { preconditionFailure("No item on port `\(port)`.") }
        return bytes
    }

    /// A sentence about the output of this item that the user should see. It must follow from the item's content and
    /// the parameters alone: the item's record keeps it, and it is said again, with the item's id, when the record
    /// answers.
    public func warn(_ sentence: String) { noted.add(sentence) }

    /// What was warned of so far, each sentence once.
    public var warnings: [String] { noted.sentences }

    /// The file name of the item on a collection port: `3.mp3`. For messages, like `id`.
    public func file(_ port: String) -> String { filesByPort[port] ?? id }
}

/// What all items of an item-wise stage share: the attributes of each input, and inputs that are not collections.
public struct SharedInputs: Sendable {
    public let attributes: [String: [String: Value]]
    public let files: [String: [UInt8]]

    public init(attributes: [String: [String: Value]] = [:], files: [String: [UInt8]] = [:]) {
        self.attributes = attributes
        self.files = files
    }
}
