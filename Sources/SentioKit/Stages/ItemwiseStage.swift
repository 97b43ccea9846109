/// A stage kind that is a pure function of one item (one song): decode, mel-extract, handcrafted-features.
///
/// The engine owns caching and parallelism: it finds the items without a record, makes one warm worker per thread,
/// and commits each finished item at once. The kind has one output, a collection, and its required collection inputs
/// are joined by item id; inputs of other forms are shared by all items.
public protocol ItemwiseStage: StageKind {
    /// State that one thread keeps from item to item: plans, filters, scratch memory.
    func makeWorker(_ shared: SharedInputs) throws -> any ItemWorker
    /// What readers of the output must know, from the parameters and the attributes of the inputs.
    func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value]
    /// What the user should know about the output as a whole, from the parameters and the attributes of the inputs.
    /// What concerns a single item goes through `Item.warn`. Default: nothing.
    func warnings(of inputs: PortMap<[String: Value]>) -> [String]
    /// The extension of an exported item, without dot.
    static var fileExtension: String { get }
}

extension ItemwiseStage {
    /// It runs again on new songs.
    public static var application: Application { .again }
    /// `npy`.
    public static var fileExtension: String { "npy" }
    /// Every core that `--jobs` allows.
    public var resources: Resources { Resources(cores: .all) }
    /// None.
    public func attributes(of inputs: PortMap<[String: Value]>) throws -> [String: Value] { [:] }
    /// None.
    public func warnings(of inputs: PortMap<[String: Value]>) -> [String] { [] }

    /// Proportional to the songs, and to their bytes where these are known.
    public func workload(of inputs: PortMap<Amount>) -> Workload? {
        let items = Self.inputs.compactMap { port in port.isCollection ? inputs[port] : nil }
        guard let leading = items.min(by: { $0.items < $1.items }) else { return nil }
        var amounts = ["songs": leading.items]
        if let bytes = leading.bytes, bytes > 0 { amounts["bytes"] = bytes }
        return Workload(amounts)
    }

    /// Song by song.
    public var execution: StageExecution { .itemwise(self) }
}

/// Processes one item after another, always on the same thread.
public protocol ItemWorker: AnyObject {
    /// - Returns: The bytes of the output item.
    /// - Throws: Anything whose description is a sentence: it is shown with the item's id, and the other items
    ///   continue.
    func process(_ item: Item) throws -> [UInt8]
}

/// One item as its worker sees it.
public struct Item: Sendable {
    /// For messages: it is not part of the key and must not change the result.
    public let id: String
    /// The stream of random numbers that belongs to this item alone.
    public let seed: UInt64
    private let noted = ItemWarnings()
    private let bytesByPort: PortMap<[UInt8]>
    private let filesByPort: PortMap<String>

    /// An item with its content and file name on each collection port.
    public init(id: String, seed: UInt64 = 0, bytes: PortMap<[UInt8]>, files: PortMap<String> = [:]) {
        self.id = id
        self.seed = seed
        bytesByPort = bytes
        filesByPort = files
    }

    /// The content of the item on a collection port.
    /// - Precondition: The port is a connected collection port of the kind.
    public func bytes(_ port: InputPort) -> [UInt8] {
        guard let bytes = bytesByPort[port] else { preconditionFailure("No item on port `\(port)`.") }
        return bytes
    }

    /// Warns the user about the output of this item. The sentence must follow from the item's content and the
    /// parameters alone: the item's record keeps it, and it is repeated, with the item's id, when the item comes from
    /// the cache.
    public func warn(_ sentence: String) { noted.add(sentence) }

    /// The warnings so far, each once.
    public var warnings: [String] { noted.sentences }

    /// The file name of the item on a collection port: `3.mp3`. For messages, like `id`.
    public func file(_ port: InputPort) -> String { filesByPort[port] ?? id }
}

/// What all items of an item-wise stage share.
public struct SharedInputs: Sendable {
    /// The attributes of each input.
    public let attributes: PortMap<[String: Value]>
    /// The content of each input that is not a collection: its first file.
    public let files: PortMap<[UInt8]>

    /// What the engine hands to `ItemwiseStage.makeWorker`.
    public init(attributes: PortMap<[String: Value]> = [:], files: PortMap<[UInt8]> = [:]) {
        self.attributes = attributes
        self.files = files
    }
}
