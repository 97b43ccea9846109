/// How much lies on a port, or is foreseen to.
public struct Amount: Sendable, Equatable {
    /// Items of a collection, rows of a table; else files.
    public var items: Double
    /// Of all its files; nil where nobody can say.
    public var bytes: Double?
    /// What its readers are told: `n_mels`, `sample_rate`…
    public var attributes: [String: Value]

    public init(items: Double, bytes: Double? = nil, attributes: [String: Value] = [:]) {
        self.items = items
        self.bytes = bytes
        self.attributes = attributes
    }

    /// The amount of an artifact that is there.
    public init(_ manifest: Manifest) {
        let count = manifest.form == .table ? manifest.rows.count : manifest.entries.count
        self.init(items: Double(count), bytes: Double(manifest.totalBytes), attributes: manifest.attributes)
    }

    public var bytesPerItem: Double? { items > 0 ? bytes.map { $0 / items } : nil }
}
