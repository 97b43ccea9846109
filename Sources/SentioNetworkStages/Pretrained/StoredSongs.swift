import SentioKit
import SentioNN
import SentioNumerics
import Synchronization

/// Songs as the activations of a network's frozen layers, computed once and kept in memory, because every epoch would
/// recompute them.
///
/// Whole layers are kept as bfloat16, which halves their size (210 kB per patch of musicnn's front end) and changes a
/// value by at most 0.4 %; vectors are kept as they are.
struct StoredSongs: PatchSongs {
    let ids: [String]
    let shape: Shape
    /// The index of each song's first patch, then the total number.
    private let starts: [Int]
    private let values: [Values]

    /// The numbers of a patch.
    private enum Values {
        case float32([Float])
        /// The upper halves of singles.
        case bfloat16([UInt16])

        init(_ values: UnsafeBufferPointer<Float>, isRounded: Bool) {
            self = isRounded ? .bfloat16(values.map(Self.rounded)) : .float32(Array(values))
        }

        /// To the nearest, ties to even; activations are finite.
        private static func rounded(_ value: Float) -> UInt16 {
            let bits = value.bitPattern
            return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
        }

        func put(_ share: Float, into target: UnsafeMutableBufferPointer<Float>, adding: Bool) {
            switch self {
            case .float32(let values):
                for index in values.indices { target[index] = share * values[index] + (adding ? target[index] : 0) }
            case .bfloat16(let values):
                for index in values.indices {
                    let value = Float(bitPattern: UInt32(values[index]) << 16)
                    target[index] = share * value + (adding ? target[index] : 0)
                }
            }
        }
    }

    /// Whether activations of a shape are rounded.
    private static func isRounded(_ shape: Shape) -> Bool { shape.rank > 1 }

    /// Bytes of the activations of one patch.
    static func bytes(_ shape: Shape) -> Int { shape.count * (isRounded(shape) ? 2 : 4) }

    /// Computes the activations of all patches that predict.
    /// - parameter tellsProgress: whether the patches that are done are reported.
    /// - throws: what the songs throw; `StageCancelled`.
    init(
        _ songs: WaveformSongs, shape: Shape, _ frozen: FrozenActivations, services: any StageServices,
        tellsProgress: Bool = true
    ) throws {
        let patches = songs.patches, isRounded = Self.isRounded(shape)
        let found = Mutex((done: 0, values: [Values?](repeating: nil, count: patches.count)))
        try frozen.run(count: patches.count) { index, target in
            if services.isCancelled { throw StageCancelled() }
            try songs.put(patches[index].patch, of: patches[index].song, share: 1, into: target, adding: false)
        } keep: { index, activations in
            let values = Values(activations, isRounded: isRounded)
            let done = found.withLock {
                $0.values[index] = values
                $0.done += 1
                return $0.done
            }
            if tellsProgress {
                services.progress(done: done, of: patches.count, note: "patches through the frozen layers")
            }
        }
        ids = songs.ids
        self.shape = shape
        values = found.withLock { $0.values.compactMap(\.self) }
        starts = songs.ids.indices.reduce(into: [0]) { $0.append($0[$0.count - 1] + songs.patchCount(of: $1)) }
    }

    func patchCount(of song: Int) -> Int { starts[song + 1] - starts[song] }

    func put(_ patch: Int, of song: Int, share: Float, into target: UnsafeMutableBufferPointer<Float>, adding: Bool) {
        values[starts[song] + patch].put(share, into: target, adding: adding)
    }

    /// One of the stored patches. Gain does not apply to stored activations.
    func putAny(
        of song: Int, gain: Double, share: Float, into target: UnsafeMutableBufferPointer<Float>, adding: Bool,
        _ random: inout Philox
    ) {
        put(random.nextInt(below: patchCount(of: song)), of: song, share: share, into: target, adding: adding)
    }
}
