public import SentioNumerics

/// The values of a model's parameters in one block of float32, in the order of the model's list.
///
/// Gradients and optimizer state have the same layout, so an optimizer is a loop over one array. Owned by one thread at
/// a time, or read by several.
public final class ParameterSet {
    public struct Entry: Sendable {
        public let name: String
        public let parameter: Weight
        /// Where it starts in the block, in floats.
        public let offset: Int
        public var count: Int { parameter.shape.count }
    }

    public let entries: [Entry]
    public let values: AlignedFloats
    /// Length of the block, padding included.
    public let count: Int
    private let positions: [ObjectIdentifier: Int]

    /// Each parameter as its initializer draws it; without a seed all 0, for values that are loaded.
    /// - Precondition: no name occurs twice.
    public init(_ layer: some Layer, seed: UInt64?) {
        var entries: [Entry] = [], positions: [ObjectIdentifier: Int] = [:], names: Set<String> = [], offset = 0
        for (name, parameter) in layer.parameters {
            precondition(names.insert(name).inserted, "Two parameters are called \(name).")
            // A parameter that two layers share has one place.
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

    /// Takes all values from a file.
    /// - Throws: `TrainingError.foreignState` naming what is missing or of another shape; nothing is changed then.
    public func load(_ file: SafetensorsFile) throws {
        for entry in entries {
            guard let tensor = file.tensors[entry.name] else {
                throw TrainingError.foreignState(reason: "`\(entry.name)` is missing")
            }
            guard tensor.shape == entry.parameter.shape.dims else {
                throw TrainingError.foreignState(
                    reason: "`\(entry.name)` is \(tensor.shape) where \(entry.parameter.shape) is needed")
            }
        }
        for entry in entries {
            if let tensor = file.tensors[entry.name] { _ = self[entry].update(from: tensor.values) }
        }
    }

    /// The same layout with a copy of other values.
    init(like other: ParameterSet, values source: AlignedFloats) {
        entries = other.entries
        positions = other.positions
        count = other.count
        values = AlignedFloats(count: count)
        values.pointer.update(from: source.pointer, count: count)
    }

    /// The length of a model's block, without making one.
    static func length(of layer: some Layer) -> Int {
        var seen: Set<ObjectIdentifier> = []
        return layer.parameters.reduce(0) {
            seen.insert(ObjectIdentifier($1.parameter)).inserted ? $0 + MemoryPlan.padded($1.parameter.shape.count) : $0
        }
    }

    /// How many numbers are trained.
    public var trainedCount: Int { entries.reduce(0) { $0 + ($1.parameter.isTrained ? $1.count : 0) } }

    /// The values of one parameter.
    public subscript(entry: Entry) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: values.pointer + entry.offset, count: entry.count)
    }

    public func entry(named name: String) -> Entry? { entries.first { $0.name == name } }

    /// - Precondition: the parameter belongs to the set.
    func offset(of parameter: Weight) -> Int {
        guard let index = positions[ObjectIdentifier(parameter)] else {
            preconditionFailure("A parameter of shape \(parameter.shape) is used but not listed by its model.")
        }
        return entries[index].offset
    }
}
