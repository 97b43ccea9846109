/// A SHA-256 digest as a parsed value, never a string.
///
/// All 64 hexadecimal digits are stored; messages show `short`, the first 12.
public struct ContentHash: Hashable, Sendable, Comparable, CustomStringConvertible {
    let word0: UInt64
    let word1: UInt64
    let word2: UInt64
    let word3: UInt64

    /// The digest in 32 bytes, most significant first.
    /// - Precondition: `bytes` has exactly 32 bytes.
    public init(bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 32, "A content hash has 32 bytes, not \(bytes.count).")
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        word0 = word(0)
        word1 = word(1)
        word2 = word(2)
        word3 = word(3)
    }

    /// Parses 64 lowercase hexadecimal digits; nil for anything else.
    public init?(hex: some StringProtocol) {
        var copy = String(hex)
        let parsed = copy.withUTF8 { ContentHash(hexBytes: UnsafeRawBufferPointer($0)) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Parses 64 lowercase hexadecimal digits given as ASCII bytes; nil for anything else.
    public init?(hexBytes: UnsafeRawBufferPointer) {
        guard hexBytes.count == 64 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for index in 0..<64 {
            let digit: UInt64
            switch hexBytes[index] {
            case 0x30...0x39: digit = UInt64(hexBytes[index] - 0x30)
            case 0x61...0x66: digit = UInt64(hexBytes[index] - 0x61 + 10)
            default: return nil
            }
            switch index / 16 {
            case 0: words.0 = words.0 << 4 | digit
            case 1: words.1 = words.1 << 4 | digit
            case 2: words.2 = words.2 << 4 | digit
            default: words.3 = words.3 << 4 | digit
            }
        }
        (word0, word1, word2, word3) = words
    }

    /// The 32 bytes, most significant first.
    public var bytes: [UInt8] {
        [word0, word1, word2, word3].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
    }

    /// 64 lowercase hexadecimal digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            var position = 0
            for word in [word0, word1, word2, word3] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: (word >> UInt64(shift)) & 15)
                    buffer[position] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
                    position += 1
                }
            }
            return 64
        }
    }

    /// The first 12 hexadecimal digits, for messages.
    public var short: String { String(hex.prefix(12)) }

    /// The first 64 bits, for seeding a counter-based generator.
    public var leadingBits: UInt64 { word0 }

    public var description: String { hex }

    public func hash(into hasher: inout Hasher) { hasher.combine(word0) }

    public static func < (left: ContentHash, right: ContentHash) -> Bool {
        (left.word0, left.word1, left.word2, left.word3) < (right.word0, right.word1, right.word2, right.word3)
    }
}

/// The hash of everything that can change a stage's result.
public struct StageKey: Hashable, Sendable, CustomStringConvertible {
    /// SHA-256 of the `KeyParts`.
    public let hash: ContentHash
    /// A key that was stored; `Hashing.stageKey` computes one.
    public init(_ hash: ContentHash) { self.hash = hash }
    public var description: String { hash.hex }
}

/// The hash of everything that can change one item of an item-wise stage.
public struct ItemKey: Hashable, Sendable, CustomStringConvertible {
    /// SHA-256 of the shared parts and the item's blobs.
    public let hash: ContentHash
    /// A key that was stored; `Hashing.itemKey` computes one.
    public init(_ hash: ContentHash) { self.hash = hash }
    public var description: String { hash.hex }
}
