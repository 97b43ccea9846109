/// Checks the granule positions of the pages against the packets present.
struct OggTiming {
    /// The tolerance is 1/100 s, because copies from containers that count milliseconds have rounded positions.
    static let toleranceFraction = 100

    /// Expected samples per channel at the granule rate; nil if the packets cannot be measured.
    private(set) var samples: Int?

    /// - Throws: `AudioError.damaged` where a position jumps ahead: audio is missing although no page is.
    init(_ stream: OggStream, _ file: UnsafeRawBufferPointer, after before: Double) throws {
        guard var lengths = try PacketLengths(stream, file) else { return }
        var position = 0
        var base: Int?
        var lastGranule: (granule: Int, page: Int)?
        var page = -1
        let pages = stream.pages
        let lastTimed = pages.lastIndex { $0.granule != nil } ?? 0

        func settle() throws {
            guard page >= 0, let granule = pages[page].granule, granule > 0 || position > 0 else { return }
            guard let start = base else {
                // A first position that is too small trims the start, or, on the last page, the end.
                base = page == lastTimed ? max(0, granule - position) : granule - position
                lastGranule = (granule, page)
                return
            }
            if granule - start - position > stream.codec.granuleRate / Self.toleranceFraction {
                throw AudioError.damaged(
                    reason:
                        "the position jumps to \(SecondsText.of(before + stream.seconds(granule))), but the packets "
                        + "end at \(SecondsText.of(before + stream.seconds(start + position))); audio is missing",
                    offset: pages[page].offset, seconds: before + stream.seconds(lastGranule?.granule ?? 0))
            }
            lastGranule = (granule, page)
        }

        try stream.forEachPacket(file) { packet in
            if packet.page != page {
                try settle()
                page = packet.page
            }
            guard let length = lengths.next(packet, file) else { return true }
            position += length
            return true
        }
        try settle()
        guard let last = lastGranule?.granule else {
            samples = 0
            return
        }
        samples = max(0, last - max(0, base ?? 0) - lengths.skip)
    }
}
