/// What `config.json` of a network that predicts ratings calls the network.
enum NetworkFormat: String, CaseIterable {
    case ast = "sentio-ast"
    case crnn = "sentio-crnn"
    case fineTune = "sentio-finetune"
    /// Rates moments of songs.
    case sequence = "sentio-sequence"

    /// The version of `config.json`. A change that older versions of Sentio must not read raises it.
    static let version = 1
}
