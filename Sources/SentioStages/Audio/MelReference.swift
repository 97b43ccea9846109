import SentioAudio
import SentioKit

/// What 0 dB is: `max`, the loudest value of the song (loudness between songs is lost), or a fixed power.
enum MelReference: ParameterValue {
    case maximum
    case power(Double)

    init?(parameter value: Value) {
        if value.string == "max" {
            self = .maximum
        } else if let power = value.double, power > 0, power.isFinite {
            self = .power(power)
        } else {
            return nil
        }
    }

    var parameterValue: Value {
        switch self {
        case .maximum: "max"
        case .power(let power): .double(power)
        }
    }

    static var accepted: String { "max or a number above 0" }
    static var schema: Value { ["anyOf": [["const": "max"], ["type": "number", "exclusiveMinimum": 0]]] }

    var setting: LogMelSpectrogram.Reference {
        switch self {
        case .maximum: .maximum
        case .power(let power): .power(power)
        }
    }
}
