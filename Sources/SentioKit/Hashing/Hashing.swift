// All hashing of Sentio is in this file. Every pre-image is a canonical, type-tagged encoding:
//
//   value  := tag byte, then its content
//     n                      null                 t | f              true, false
//     i <8 bytes, big-endian> an integral number  d <8 bytes, IEEE>  any other number (1, 1.0 and 1e0 are `i`)
//     s <length> <UTF-8>     string               b <length> <bytes> bytes (a content hash is `b` of 32)
//     l <count> <values>     list                 m <count> (<string> <value>)…  map, keys in byte order
//   lengths and counts are 8 bytes, big-endian.
//
// A key is SHA-256 over a list whose first element is its record type and whose second is `Hashing.schema`, so that a
// stage key can never equal an item key or the hash of a file. HashingTests pins the pre-images by literal hex: if this
// file changes what it hashes, a test fails before the caches of all users do.

import COpenSSL

/// Incremental SHA-256 by OpenSSL, which uses the processor's SHA instructions.
public struct SHA256Hasher: ~Copyable {
    private let context: OpaquePointer

    /// Fetched once. OpenSSL's cleanup at exit is disabled: it would free the algorithm under a thread that still reads
    /// ahead when the run is done.
    private static nonisolated(unsafe) let algorithm: OpaquePointer? = {
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
        return EVP_MD_fetch(nil, "SHA256", nil)
    }()

    /// Starts with no bytes.
    public init() {
        guard let context = EVP_MD_CTX_new(), let algorithm = Self.algorithm,
            EVP_DigestInit_ex(context, algorithm, nil) == 1
        else {
            preconditionFailure("OpenSSL could not set up SHA-256; is the process out of memory?")
        }
        self.context = context
    }

    /// Appends bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        EVP_DigestUpdate(context, base, bytes.count)
    }

    /// The digest of all bytes; call it once.
    public mutating func finalize() -> ContentHash {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            EVP_DigestFinal_ex(context, digest.baseAddress, nil)
            return ContentHash(bytes: UnsafeRawBufferPointer(digest))
        }
    }

    deinit { EVP_MD_CTX_free(context) }
}

/// Every hash that identifies content, a stage's work or a source of random numbers.
public enum Hashing {
    /// Increment this when the pre-images change on purpose. All older records then count as missing.
    public static let schema = 1

    // MARK: Content

    /// SHA-256 of bytes: the address of a blob.
    public static func content(_ bytes: UnsafeRawBufferPointer) -> ContentHash {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// SHA-256 of bytes: the address of a blob.
    public static func content(_ bytes: [UInt8]) -> ContentHash {
        bytes.withUnsafeBytes { content($0) }
    }

    /// SHA-256 of a string's UTF-8.
    public static func content(_ text: String) -> ContentHash { content(Array(text.utf8)) }

    // MARK: Keys

    /// The key of a stage, from the schema, the kind and its version, the decoded configuration with its defaults, the
    /// content of each input and source, and the seed.
    public static func stageKey(_ parts: KeyParts) -> StageKey {
        var encoder = CanonicalEncoder(record: "stage")
        parts.encode(into: &encoder)
        return StageKey(encoder.hash())
    }

    /// The key of one item: the same parts, with the item's own blobs in place of their collections.
    /// - Parameter seededID: the item's id if the stage draws random numbers, because each item has its own stream;
    ///   else nil.
    public static func itemKey(_ parts: KeyParts, blobs: [ContentHash], seededID: String?) -> ItemKey {
        itemKey(prefix: itemKeyPrefix(parts), blobs: blobs, seededID: seededID)
    }

    /// The part that all item keys of a stage share, so that 100,000 items encode the configuration only once.
    public static func itemKeyPrefix(_ parts: KeyParts) -> ContentHash {
        var encoder = CanonicalEncoder(record: "items")
        parts.encode(into: &encoder)
        return encoder.hash()
    }

    /// The key of one item; see `itemKey(_:blobs:seededID:)`.
    public static func itemKey(prefix: ContentHash, blobs: [ContentHash], seededID: String?) -> ItemKey {
        var encoder = CanonicalEncoder(record: "item")
        encoder.add(prefix)
        encoder.add(blobs)
        if let seededID { encoder.add(.string(seededID)) } else { encoder.add(.null) }
        return ItemKey(encoder.hash())
    }

    /// The hash of files outside the store, by relative names and contents. Their location does not matter.
    public static func sources(_ files: [(name: String, hash: ContentHash)]) -> ContentHash {
        var encoder = CanonicalEncoder(record: "sources")
        encoder.beginList(count: files.count)
        for file in files.sorted(by: { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }) {
            encoder.add(.string(file.name))
            encoder.add(file.hash)
        }
        return encoder.hash()
    }

    /// The seed of one consumer of random numbers. Adding a stage, an item or a thread does not change any other seed.
    public static func seed(run: Int, stage: String, item: String? = nil, replicate: Int = 0) -> UInt64 {
        var encoder = CanonicalEncoder(record: "seed")
        encoder.add(.int(run))
        encoder.add(.string(stage))
        if let item { encoder.add(.string(item)) } else { encoder.add(.null) }
        encoder.add(.int(replicate))
        return encoder.hash().leadingBits
    }
}

/// What a stage key is computed from. The record keeps it, so that `why` can name the part that changed.
public struct KeyParts: Sendable, Equatable {
    /// Name of the stage kind.
    public var kind: String
    /// The kind's version, incremented when its results change.
    public var version: Int
    /// Decoded, with defaults, without parameters that cannot change the result (paths, threads).
    public var configuration: [String: Value]
    /// Content hash by input port; for item keys, only the inputs that all items share.
    public var inputs: [String: ContentHash]
    /// Content hash of files outside the store, by the name of the request.
    public var sources: [String: ContentHash]
    /// Present if and only if the stage draws random numbers.
    public var seed: UInt64?

    /// By default without sources and seed.
    public init(
        kind: String, version: Int, configuration: [String: Value], inputs: [String: ContentHash],
        sources: [String: ContentHash] = [:], seed: UInt64? = nil
    ) {
        self.kind = kind
        self.version = version
        self.configuration = configuration
        self.inputs = inputs
        self.sources = sources
        self.seed = seed
    }

    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        encoder.add(.string(kind))
        encoder.add(.int(version))
        encoder.add(.map(configuration))
        encoder.add(inputs)
        encoder.add(sources)
        if let seed { encoder.add(.int(Int(bitPattern: UInt(seed)))) } else { encoder.add(.null) }
    }
}

/// Writes the canonical encoding described at the top of this file.
struct CanonicalEncoder {
    private(set) var bytes: [UInt8] = []

    init(record: String) {
        bytes.reserveCapacity(512)
        add(.string(record))
        add(.int(Hashing.schema))
    }

    func hash() -> ContentHash { Hashing.content(bytes) }

    mutating func add(_ value: Value) {
        switch value {
        case .null: tag("n")
        case .bool(let flag): tag(flag ? "t" : "f")
        case .int(let number): add(integer: number)
        case .double(let number): add(number)
        case .string(let text): add(text)
        case .list(let values):
            beginList(count: values.count)
            for value in values { add(value) }
        case .map(let entries):
            beginMap(count: entries.count)
            for key in Self.sorted(entries.keys) {
                add(key)
                add(entries[key] ?? .null)
            }
        }
    }

    mutating func add(_ hash: ContentHash) {
        tag("b")
        append(32)
        bytes.append(contentsOf: hash.bytes)
    }

    mutating func add(_ hashes: [ContentHash]) {
        beginList(count: hashes.count)
        for hash in hashes { add(hash) }
    }

    mutating func add(_ hashes: [String: ContentHash]) {
        beginMap(count: hashes.count)
        for key in Self.sorted(hashes.keys) {
            add(key)
            if let hash = hashes[key] { add(hash) }
        }
    }

    mutating func beginList(count: Int) {
        tag("l")
        append(UInt64(count))
    }

    private mutating func beginMap(count: Int) {
        tag("m")
        append(UInt64(count))
    }

    private mutating func add(_ text: String) {
        tag("s")
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func add(integer: Int) {
        tag("i")
        append(UInt64(bitPattern: Int64(integer)))
    }

    private mutating func add(_ number: Double) {
        if let integer = Int(exactly: number) { return add(integer: integer) }
        tag("d")
        append(number.isNaN ? Double.nan.bitPattern : number.bitPattern)
    }

    private mutating func tag(_ scalar: Unicode.Scalar) { bytes.append(UInt8(ascii: scalar)) }

    private mutating func append(_ word: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
        }
    }

    private static func sorted(_ keys: some Sequence<String>) -> [String] {
        keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
