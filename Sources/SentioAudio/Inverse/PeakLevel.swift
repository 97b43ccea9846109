/// The peak level of synthesized audio.
public enum PeakLevel {
    static let peak: Float = 0.9

    /// Scales samples for a file.
    ///
    /// - Parameter normalises: whether to scale the peak to 0.9 in any case; otherwise only if it exceeds 1.
    public static func scaled(_ samples: [Float], normalises: Bool) -> [Float] {
        let loudest = samples.reduce(0) { max($0, abs($1)) }
        guard loudest > 0 && (normalises || loudest > 1) else { return samples }
        let scale = peak / loudest
        return samples.map { $0 * scale }
    }
}
