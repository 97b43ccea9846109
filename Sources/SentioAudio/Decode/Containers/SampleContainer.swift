/// A file of plain samples after a header: WAV, RF64, AIFF, CAF, AU.
protocol SampleContainer {
    var layout: SampleLayout { get }
    /// The same audio in a file with correct sizes and nothing else; `ranges` lie in `bytes`.
    func rebuilt(_ bytes: UnsafeRawBufferPointer, _ ranges: [Range<Int>]) throws -> [UInt8]
}

/// Where a container stores its audio, and what its header says about it.
struct SampleLayout {
    /// The bytes of audio present, in order.
    var pieces: [Range<Int>] = []
    /// The number of bytes according to the header; nil if it was never written.
    var declaredBytes: Int? = 0
    /// The number of frames, if the header gives it in addition.
    var declaredFrames: Int?
    /// Size of a frame (one sample of every channel); nil for codecs whose frames have no fixed size.
    var frameBytes: Int?
    var sampleRate = 0
    /// Bytes after the audio that are neither a chunk nor a tag.
    var rest: Range<Int>?
    /// Whether libsndfile needs a copy of the file with corrected sizes.
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

/// Detects the container of a file.
enum SampleContainers {
    /// nil if it is none of these; then the file is left to libsndfile.
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

/// Checks a container's header against the bytes present.
enum SampleContainerCheck {
    /// Seconds. If less than this is missing or left over, there is a warning only: some writers miscount by the size
    /// of their header.
    static let tolerance = 0.01

    /// A difference of less than a frame is ignored.
    /// - Throws: `AudioError.truncatedData`, `.truncatedSamples` or `.dataBeyondDeclaredEnd`.
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
                throw AudioError.dataBeyondDeclaredEnd(
                    declaredBytes: found, restBytes: rest.count, offset: rest.lowerBound, seconds: seconds)
            }
            warnings.append(.skippedBytes(count: rest.count, offset: rest.lowerBound, seconds: seconds ?? 0))
        }
        return warnings
    }
}
