public import SentioNumerics

/// The values of a model's parameters in one block of float32, in the order of the model's list.
///
/// Gradients and optimizer state have the same layout, so that an optimizer is a loop over one array. Several threads
/// may read it; only one may write, and then no other may read.
public final class ParameterSet {
    /// One parameter and where its values are.
    public struct Entry: Sendable {
        /// The name in the model, unique in the set.
        public let name: String
        /// Shape, initializer and role in training.
        public let parameter: Weight
        /// Where it starts in the block, in floats.
        public let offset: Int
        /// Number of values.
        public var count: Int { parameter.shape.count }
    }

    /// The parameters, in the model's order. One that layers share is listed once.
    public let entries: [Entry]
    /// The block of all values.
    public let values: AlignedFloats
    /// Length of the block in floats, padding included.
    public let count: Int
    private let positions: [ObjectIdentifier: Int]

    /// Draws each parameter from its initializer; without a seed all values are 0, to be loaded later.
    /// - Precondition: names are unique.
    public init(_ layer: some Layer, seed: UInt64?) {
        var entries: [Entry] = [], positions: [ObjectIdentifier: Int] = [:], names: Set<String> = [], offset = 0
        for (name, parameter) in layer.parameters {
            precondition(names.insert(name).inserted, "Two parameters are called \(name).")
            // A parameter that two layers share is stored once.
            guard positions[ObjectIdentifier(parameter)] == nil else { continue }
            positions[ObjectIdentifier(parameter)] = entries.count
            entries.append(Entry(name: name, parameter: parameter, offset: offset))
            offset += MemoryPlan.padded(parameter.shape.count)
        }
        self.entries = entries
        self.positions = positions
        count = offset
        values = AlignedFloats(count: offset)
        guard let seed else { return }
        for entry in entries { entry.parameter.initializer.fill(self[entry], seed: seed, name: entry.name) }
    }

    /// The values in a file. Names and shapes are checked before memory is allocated, because the layer's sizes may come
    /// from a stranger's file too.
    /// - Throws: as `load`.
    /// - Precondition: as `init(_:seed:)`.
    public convenience init(_ layer: some Layer, from file: SafetensorsFile) throws {
        for (name, parameter) in layer.parameters { try Self.check(name, parameter, in: file) }
        self.init(layer, seed: nil)
        try load(file)
    }

    private static func check(_ name: String, _ parameter: Weight, in file: SafetensorsFile) throws {
        guard let tensor = file.tensors[name] else {
            throw TrainingError.foreignState(reason: "`\(name)` is missing")
        }
        guard tensor.shape == parameter.shape.dims else {
            throw TrainingError.foreignState(
                reason: "`\(name)` is \(tensor.shape) where \(parameter.shape) is needed")
        }
    }

    /// Reads all values from a file.
    /// - Throws: `TrainingError.foreignState`, naming what is missing or of another shape; nothing is changed then.
    public func load(_ file: SafetensorsFile) throws {
        for entry in entries { try Self.check(entry.name, entry.parameter, in: file) }
        for entry in entries {
            if let tensor = file.tensors[entry.name] { _ = self[entry].update(from: tensor.values) }
        }
    }

    /// The same layout, with a copy of other values.
    init(like other: ParameterSet, values source: AlignedFloats) {
        entries = other.entries
        positions = other.positions
        count = other.count
        values = AlignedFloats(count: count)
        values.pointer.update(from: source.pointer, count: count)
    }

    /// The length of a model's block, without allocating one.
    static func length(of layer: some Layer) -> Int {
        var seen: Set<ObjectIdentifier> = []
        return layer.parameters.reduce(0) {
            seen.insert(ObjectIdentifier($1.parameter)).inserted ? $0 + MemoryPlan.padded($1.parameter.shape.count) : $0
        }
    }

    /// The number of trained values: "parameters" as papers count them.
    public var trainedCount: Int { entries.reduce(0) { $0 + ($1.parameter.isTrained ? $1.count : 0) } }

    /// The values of one parameter.
    public subscript(entry: Entry) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: values.pointer + entry.offset, count: entry.count)
    }

    func entry(named name: String) -> Entry? { entries.first { $0.name == name } }

    /// - Precondition: the parameter belongs to the set.
    func offset(of parameter: Weight) -> Int {
        guard let index = positions[ObjectIdentifier(parameter)] else {
            preconditionFailure("A parameter of shape \(parameter.shape) is used but not listed by its model.")
        }
        return entries[index].offset
    }
}
