/// Consecutive frames of one format, starting with the Info frame if there is one. Concatenated files have several
/// tracks.
struct MP3Track {
    /// Bytes between two frames that are neither a frame nor a tag.
    struct Gap: Equatable {
        let range: Range<Int>
        /// Audio frames before it.
        let frames: Int
    }

    let first: MP3FrameHeader
    let info: MP3InfoFrame?
    /// Number of audio frames, without the Info frame and without a truncated last frame.
    var frames = 0
    /// The bytes of the frames, the Info frame included.
    var runs: [Range<Int>] = []
    var gaps: [Gap] = []
    /// Offset of a last frame that extends beyond the end of the file.
    var cutOffFrame: Int?

    var seconds: Double { seconds(frames) }
    func seconds(_ frames: Int) -> Double { Double(frames * first.samples) / Double(first.sampleRate) }

    /// Frames that the Info frame declares beyond those present; negative if there are more.
    var missingFrames: Int? { info?.declaredFrames.map { $0 - frames } }
    /// Whether the declared number is 0 or too small: libmpg123 would stop there, or trim in the wrong place.
    var hasWrongCount: Bool { info?.countOffset != nil && (missingFrames ?? -1) < 0 }
    /// Whether the declared number proves that every frame is present.
    var isComplete: Bool { (missingFrames ?? 1) <= 0 }

    /// Bytes that the Info frame declares beyond those present; nil if it declares none.
    var missingBytes: Int? {
        guard let declared = info?.declaredBytes, declared > 0 else { return nil }
        return declared - runs.reduce(0) { $0 + $1.count }
    }

    /// The fewest samples per channel that a decoder must return.
    var leastSamples: Int {
        let trimmed = (hasWrongCount ? info?.trimmedDelay : info?.trimmedSamples) ?? 0
        return max(0, frames * first.samples - trimmed)
    }

    mutating func add(_ range: Range<Int>) {
        if let last = runs.indices.last, runs[last].upperBound == range.lowerBound {
            runs[last] = runs[last].lowerBound..<range.upperBound
        } else {
            runs.append(range)
        }
    }

    /// The frames alone. A wrong number of frames is corrected. The padding is then no longer removed, because it
    /// followed a different last frame.
    func rebuilt(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var file: [UInt8] = []
        file.reserveCapacity(runs.reduce(0) { $0 + $1.count })
        for run in runs { file.append(contentsOf: bytes[run]) }
        guard hasWrongCount, let info, let at = info.countOffset, at + 4 <= file.count else { return file }
        for i in 0..<4 { file[at + i] = UInt8(truncatingIfNeeded: frames >> (24 - 8 * i)) }
        if let gaps = info.gaps, gaps.offset + 3 <= file.count {
            file[gaps.offset + 1] &= 0xF0
            file[gaps.offset + 2] = 0
        }
        return file
    }
}
