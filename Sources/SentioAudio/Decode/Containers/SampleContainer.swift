/// A file with a header and plain samples behind it: WAV, RF64, AIFF, CAF, AU.
protocol SampleContainer {
    var layout: SampleLayout { get }
    /// The same sound in a file whose sizes are true and which holds nothing else; `ranges` lie in `bytes`.
    func rebuilt(_ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>]) throws -> [UInt8]
}

/// Where a container keeps its sound, and what its header says of it.
struct SampleLayout {
    /// The bytes of sound that are there, in order.
    var pieces: [Range<Int>] = []
    /// What the header says about their number; nil where its writer never knew.
    var declaredBytes: Int? = 0
    /// What the header says about the number of frames, where it says it twice.
    var declaredFrames: Int?
    /// One sample of every channel; nil for codecs whose bytes do not tell.
    var frameBytes: Int?
    var sampleRate = 0
    /// What follows the sound and is neither a chunk nor a tag.
    var rest: Range<Int>?
    /// libsndfile has to be given a file with other sizes.
    var needsRebuilding = false

    var foundBytes: Int { pieces.reduce(0) { $0 + $1.count } }
    var foundFrames: Int? { frameBytes.map { foundBytes / $0 } }

    func seconds(_ bytes: Int) -> Double? {
        guard let frameBytes, sampleRate > 0 else { return nil }
        return Double(bytes / frameBytes) / Double(sampleRate)
    }

    mutating func add(_ range: Range<Int>, declared: Int?) {
        if !pieces.isEmpty || declared == nil { needsRebuilding = true }
        if !range.isEmpty { pieces.append(range) }
        declaredBytes = declared.flatMap { size in declaredBytes.map { $0.addingReportingOverflow(size) } }.flatMap {
            $0.overflow ? nil : $0.partialValue
        }
    }
}

/// Finds the container of some bytes.
enum SampleContainers {
    /// nil where it is none of ours: then libsndfile decides alone.
    static func container(_ bytes: UnsafeRawBufferPointer) throws -> (any SampleContainer)? {
        let fields = ByteFields(bytes)
        let end = TrailingTags.start(bytes)
        switch fields.name(0) {
        case "RIFF", "RIFX", "RF64", "BW64": return fields.has("WAVE", at: 8) ? try WAVContainer(fields, end: end) : nil
        case "FORM":
            return fields.has("AIFF", at: 8) || fields.has("AIFC", at: 8) ? try AIFFContainer(fields, end: end) : nil
        case "caff": return try CAFContainer(fields, end: end)
        case ".snd": return try AUContainer(fields, end: end)
        default: return nil
        }
    }
}

/// A container's header against what is there.
enum SampleContainerCheck {
    /// Less than this may be missing or left over with a warning: writers miscount by the size of their header.
    static let tolerance = 0.01

    /// Throws `AudioError.truncatedData`, `.truncatedSamples` or `.soundBehindTheEnd`. What is less than a frame is
    /// nothing.
    static func check(_ layout: SampleLayout, _ bytes: UnsafeRawBufferPointer) throws -> [AudioWarning] {
        var warnings: [AudioWarning] = []
        let (found, offset) = (layout.foundBytes, layout.pieces.first?.lowerBound ?? bytes.count)
        let least = layout.frameBytes ?? 2
        if let declared = layout.declaredBytes, declared - found >= least {
            let seconds = layout.seconds(found)
            guard let missing = layout.seconds(declared - found), missing < tolerance, found > 0 else {
                throw AudioError.truncatedData(
                    foundBytes: found, declaredBytes: declared, offset: offset, seconds: seconds)
            }
            warnings.append(.fewerBytes(found: found, declared: declared, seconds: seconds ?? 0))
        }
        if let declared = layout.declaredFrames, let found = layout.foundFrames, declared > found,
            layout.sampleRate > 0,
            Double(declared - found) / Double(layout.sampleRate) >= tolerance
        {
            throw AudioError.truncatedSamples(
                foundFrames: found, declaredFrames: declared, offset: bytes.count,
                seconds: Double(found) / Double(layout.sampleRate))
        }
        if let rest = layout.rest, rest.count >= max(8, least), !ByteFields(bytes).isZero(rest) {
            let seconds = layout.seconds(found)
            guard let length = layout.seconds(rest.count), length < tolerance else {
                throw AudioError.soundBehindTheEnd(
                    declaredBytes: found, restBytes: rest.count, offset: rest.lowerBound, seconds: seconds)
            }
            warnings.append(.skippedBytes(count: rest.count, offset: rest.lowerBound, seconds: seconds ?? 0))
        }
        return warnings
    }
}
