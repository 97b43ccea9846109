import Foundation

/// Slaney's mel scale (Auditory Toolbox, librosa's default): linear below 1000 Hz, logarithmic above.
enum MelScale {
    private static let hzPerMel = 200.0 / 3
    private static let breakHz = 1000.0
    private static let breakMel = breakHz / hzPerMel
    private static let logStep = log(6.4) / 27

    static func mel(hz: Double) -> Double {
        hz < breakHz ? hz / hzPerMel : breakMel + log(hz / breakHz) / logStep
    }

    static func hz(mel: Double) -> Double {
        mel < breakMel ? mel * hzPerMel : breakHz * exp(logStep * (mel - breakMel))
    }
}
