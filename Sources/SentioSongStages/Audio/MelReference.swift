package import SentioAudio
package import SentioKit

/// The power at 0 dB: `max`, the song's maximum (which removes loudness differences between songs), or a fixed power.
package enum MelReference: ParameterValue {
    case maximum
    case power(Double)

    package init?(parameter value: Value) {
        if value.string == "max" {
            self = .maximum
        } else if let power = value.double, power > 0, power.isFinite {
            self = .power(power)
        } else {
            return nil
        }
    }

    package var parameterValue: Value {
        switch self {
        case .maximum: "max"
        case .power(let power): .double(power)
        }
    }

    package static var accepted: String { "max or a number above 0" }
    package static var schema: Value { ["anyOf": [["const": "max"], ["type": "number", "exclusiveMinimum": 0]]] }

    package var setting: LogMelSpectrogram.Reference {
        switch self {
        case .maximum: .maximum
        case .power(let power): .power(power)
        }
    }
}
