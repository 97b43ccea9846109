import CFFTW

/// The forward transform of `RealFFT` in float64, for spectra in which faint bins matter beside loud ones: float32
/// loses everything about 140 dB below the loudest. Same layout, planning, caching and threading.
public final class DoubleRealFFT: @unchecked Sendable {
    /// Length of a transform, in samples.
    public let size: Int
    /// Number of transforms per execution.
    public let count: Int
    /// Number of complex values of a spectrum.
    public var bins: Int { size / 2 + 1 }
    /// Distance between real rows, in doubles; a multiple of 8.
    public let realStride: Int
    /// Distance between complex rows, in doubles; a multiple of 8.
    public let complexStride: Int

    private let plan: fftw_plan

    /// To be called by `FFTPlanCache` only, which holds its lock.
    init(size: Int, count: Int) {
        self.size = size
        self.count = count
        realStride = (size + 7) / 8 * 8
        complexStride = (2 * (size / 2 + 1) + 7) / 8 * 8
        let real = AlignedDoubles(count: realStride * count)
        let complex = AlignedDoubles(count: complexStride * count)
        var length = CInt(size)
        guard
            let plan = fftw_plan_many_dft_r2c(
                1, &length, CInt(count), real.pointer, nil, 1, CInt(realStride),
                UnsafeMutableRawPointer(complex.pointer).assumingMemoryBound(to: fftw_complex.self), nil, 1,
                CInt(complexStride / 2), RealFFT.estimate)
        else { preconditionFailure("FFTW could not plan \(count) transforms of length \(size).") }
        self.plan = plan
    }

    /// The plan for `count` transforms of length `size`, created on first use.
    ///
    /// - Precondition: as `RealFFT.shared`.
    public static func shared(size: Int, count: Int = 1) -> DoubleRealFFT {
        precondition((1...1 << 24).contains(size), "An FFT needs a length between 1 and 2^24, not \(size).")
        precondition((1...1 << 16).contains(count), "An FFT batch needs a count between 1 and 65536, not \(count).")
        return FFTPlanCache.doublePlan(size: size, count: count)
    }

    /// Transforms the rows of `real` into those of `spectrum`.
    ///
    /// - Precondition: `real` has count * realStride doubles, `spectrum` count * complexStride.
    public func forward(_ real: AlignedDoubles, into spectrum: AlignedDoubles) {
        precondition(
            real.count >= count * realStride && spectrum.count >= count * complexStride,
            "An FFT of \(count) x \(size) needs \(count * realStride) real and \(count * complexStride) complex "
                + "doubles; "
                + "it got \(real.count) and \(spectrum.count).")
        let pairs = UnsafeMutableRawPointer(spectrum.pointer).assumingMemoryBound(to: fftw_complex.self)
        fftw_execute_dft_r2c(plan, real.pointer, pairs)
    }
}
