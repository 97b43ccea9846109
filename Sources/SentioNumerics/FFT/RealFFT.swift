import CFFTW

/// `count` one-dimensional real Fourier transforms of length `size` in single precision, by FFTW.
///
/// Forward: from rows of `size` reals, `realStride` floats apart, to rows of `bins` = size/2 + 1 complex pairs (re, im,
/// re, im ...), `complexStride` floats apart; not scaled, like numpy.fft.rfft. Inverse: the other way, not scaled
/// either; divide by `size` for numpy.fft.irfft.
///
/// Plans use FFTW_ESTIMATE, so that all processes on a machine use the same algorithm and get the same bits. They are
/// cached for the life of the process (see `RealFFT.shared`); executing a plan is thread-safe.
public final class RealFFT: @unchecked Sendable {
    /// Length of a transform, in samples.
    public let size: Int
    /// Number of transforms per execution.
    public let count: Int
    /// Number of complex values of a spectrum.
    public var bins: Int { size / 2 + 1 }
    /// Distance between real rows, in floats; a multiple of 16, so that every row is aligned.
    public let realStride: Int
    /// Distance between complex rows, in floats; a multiple of 16.
    public let complexStride: Int

    /// FFTW_ESTIMATE, a macro that Swift does not import.
    static let estimate: UInt32 = 1 << 6

    private let forwardPlan: fftwf_plan
    private let inversePlan: fftwf_plan

    /// To be called by `FFTPlanCache` only, which holds its lock: FFTW's planner is not thread-safe.
    init(size: Int, count: Int) {
        self.size = size
        self.count = count
        realStride = (size + 15) / 16 * 16
        complexStride = (2 * (size / 2 + 1) + 15) / 16 * 16
        let real = AlignedFloats(count: realStride * count)
        let complex = AlignedFloats(count: complexStride * count)
        let pairs = UnsafeMutableRawPointer(complex.pointer).assumingMemoryBound(to: fftwf_complex.self)
        var length = CInt(size)
        let howMany = CInt(count)
        let realDistance = CInt(realStride)
        let complexDistance = CInt(complexStride / 2)
        guard
            let forward = fftwf_plan_many_dft_r2c(
                1, &length, howMany, real.pointer, nil, 1, realDistance, pairs, nil, 1, complexDistance,
                Self.estimate),
            let inverse = fftwf_plan_many_dft_c2r(
                1, &length, howMany, pairs, nil, 1, complexDistance, real.pointer, nil, 1, realDistance,
                Self.estimate)
        else { preconditionFailure("FFTW could not plan \(count) transforms of length \(size).") }
        forwardPlan = forward
        inversePlan = inverse
    }

    /// The plan for `count` transforms of length `size`, created on first use.
    ///
    /// - Precondition: 1 <= size <= 2^24 and 1 <= count <= 2^16.
    public static func shared(size: Int, count: Int = 1) -> RealFFT {
        precondition((1...1 << 24).contains(size), "An FFT needs a length between 1 and 2^24, not \(size).")
        precondition((1...1 << 16).contains(count), "An FFT batch needs a count between 1 and 65536, not \(count).")
        return FFTPlanCache.plan(size: size, count: count)
    }

    /// Transforms the rows of `real` into the rows of `spectrum` from `row` on.
    ///
    /// - Precondition: `real` has count * realStride floats, `spectrum` (row + count) * complexStride.
    public func forward(_ real: AlignedFloats, into spectrum: AlignedFloats, row: Int = 0) {
        precondition(row >= 0, "An FFT cannot write to row \(row).")
        check(real, spectrum, row)
        let pairs = UnsafeMutableRawPointer(spectrum.pointer + row * complexStride).assumingMemoryBound(
            to: fftwf_complex.self)
        fftwf_execute_dft_r2c(forwardPlan, real.pointer, pairs)
    }

    /// Transforms the rows of `spectrum` into those of `real`, and overwrites `spectrum`.
    ///
    /// - Precondition: `real` has count * realStride floats, `spectrum` count * complexStride.
    public func inverse(_ spectrum: AlignedFloats, into real: AlignedFloats) {
        check(real, spectrum, 0)
        let pairs = UnsafeMutableRawPointer(spectrum.pointer).assumingMemoryBound(to: fftwf_complex.self)
        fftwf_execute_dft_c2r(inversePlan, pairs, real.pointer)
    }

    private func check(_ real: AlignedFloats, _ spectrum: AlignedFloats, _ row: Int) {
        precondition(
            real.count >= count * realStride && spectrum.count >= (row + count) * complexStride,
            "An FFT of \(count) x \(size) needs \(count * realStride) real and \((row + count) * complexStride) "
                + "complex floats; "
                + "it got \(real.count) and \(spectrum.count).")
    }
}
