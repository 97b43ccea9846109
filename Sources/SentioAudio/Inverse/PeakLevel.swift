/// How loud made sound is in a file.
public enum PeakLevel {
    /// The loudest a sample is where the level is set.
    public static let peak: Float = 0.9

    /// The samples at the level that a file has.
    ///
    /// - Parameter normalises: whether the loudest sample becomes 0.9; otherwise only what is beyond -1...1 is made
    ///   softer.
    public static func scaled(_ samples: [Float], normalises: Bool) -> [Float] {
        let loudest = samples.reduce(0) { max($0, abs($1)) }
        guard loudest > 0 && (normalises || loudest > 1) else { return samples }
        let scale = peak / loudest
        return samples.map { $0 * scale }
    }
}
