/// A family of frame-level descriptors. To add one, write a file here, add a line to `HandcraftedFeatures.families` and
/// its names to `HandcraftedFeatures.descriptors`.
protocol DescriptorFamily: Sendable {
    /// The descriptors that this family computes, one row each.
    static var names: [String] { get }
    /// - Throws: `AudioError.setting` if the sample rate or the FFT size is unsuitable.
    init(_ settings: HandcraftedFeatures.Settings) throws
    /// Number of scratch rows that it needs for one clip.
    var scratchRows: Int { get }
    /// Called for each block of 16 frames of the shared STFT, in order.
    func consume(_ block: SpectrumBlock, _ rows: DescriptorRows)
    /// Called after all blocks, in the order of the families; the rows of earlier families are final.
    func finish(_ samples: UnsafeBufferPointer<Float>, _ rows: DescriptorRows, _ workspace: DescriptorWorkspace)
}

extension DescriptorFamily {
    var scratchRows: Int { 0 }
    func consume(_ block: SpectrumBlock, _ rows: DescriptorRows) {}
    func finish(_ samples: UnsafeBufferPointer<Float>, _ rows: DescriptorRows, _ workspace: DescriptorWorkspace) {}
}

/// The rows of one clip: descriptors [descriptor][stride] and the family's own scratch [row][stride].
struct DescriptorRows {
    let frames: Int
    /// `frames` rounded up to whole blocks.
    let stride: Int
    let base: UnsafeMutablePointer<Float>
    let scratch: UnsafeMutablePointer<Float>

    func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * stride }
    func row(_ name: String) -> UnsafeMutablePointer<Float> { row(HandcraftedFeatures.row(of: name)) }
    func scratchRow(_ index: Int) -> UnsafeMutablePointer<Float> { scratch + index * stride }
}
