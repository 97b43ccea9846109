/// One family of frame-level descriptors, in one file. A new family: a file here, a line in
/// `HandcraftedFeatures.families`, its names in `HandcraftedFeatures.descriptors`.
protocol DescriptorFamily: Sendable {
    /// Rows this family writes, by descriptor name.
    static var names: [String] { get }
    /// Throws `AudioError.setting` when the sample rate or FFT cannot carry the family.
    init(_ settings: HandcraftedFeatures.Settings) throws
    /// Rows of scratch it keeps for the length of one clip.
    var scratchRows: Int { get }
    /// Called for each block of 16 frames, in order, from the one shared STFT.
    func consume(_ block: SpectrumBlock, _ rows: DescriptorRows)
    /// Called once all blocks are through, in the order of the families; rows of earlier families are final.
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
