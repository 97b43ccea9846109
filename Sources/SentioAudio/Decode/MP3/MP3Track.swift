/// Frames of one format that follow one another, with the Info frame in front if there is one. Files that were joined
/// from several have several tracks.
struct MP3Track {
    /// Bytes between two frames that are neither a frame nor a tag.
    struct Gap: Equatable {
        let range: Range<Int>
        /// Frames of sound before it.
        let frames: Int
    }

    let first: MP3FrameHeader
    let info: MP3InfoFrame?
    /// Frames of sound, without the Info frame; a last one that is cut off is not counted.
    var frames = 0
    /// Where the frames lie, the Info frame included.
    var runs: [Range<Int>] = []
    var gaps: [Gap] = []
    /// Offset of a last frame that ends beyond the end.
    var cutOffFrame: Int?

    var seconds: Double { seconds(frames) }
    func seconds(_ frames: Int) -> Double { Double(frames * first.samples) / Double(first.sampleRate) }

    /// Frames that the Info frame promises and that are not there; negative where there are more.
    var missingFrames: Int? { info?.declaredFrames.map { $0 - frames } }
    /// The Info frame's number is 0 or too small: libmpg123 would stop there, or not know where to cut.
    var hasWrongCount: Bool { info?.countOffset != nil && (missingFrames ?? -1) < 0 }
    /// The number proves that every frame is there.
    var isComplete: Bool { (missingFrames ?? 1) <= 0 }

    /// Bytes that the Info frame promises beyond those that are there; nil where it promises none.
    var missingBytes: Int? {
        guard let declared = info?.declaredBytes, declared > 0 else { return nil }
        return declared - runs.reduce(0) { $0 + $1.count }
    }

    /// Samples a channel that a decoder must give at least.
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

    /// The frames alone. A number of frames that was wrong is put right, and the encoder's padding, which lay behind
    /// another frame, is no longer cut.
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
