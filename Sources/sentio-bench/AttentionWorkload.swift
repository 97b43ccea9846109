import SentioNN

/// Attention alone, forward and backward, by default as in the published transformer.
enum AttentionWorkload: Workload {
    static let name = "attention"
    static let usage =
        "[--tokens N] [--width N] [--heads N] [--dropout P] [--batch N] [--threads T] [--precision float32|bf16] "
        + "[--runs N]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let tokens = try options.integer("tokens", default: 1289), width = try options.integer("width", default: 384)
        let heads = try options.integer("heads", default: 6),
            dropout = try options.number("dropout", default: 0.1, in: 0...0.95)
        guard width % heads == 0 else {
            throw OptionError(description: "The width, \(width), is not a multiple of the number of heads, \(heads).")
        }
        return try LayerStep(options: options, shape: "\(tokens)x\(width)", dropout: dropout).run(
            [1, tokens, 3 * width], isTraining: true
        ) {
            attention($0, heads: heads, dropout: Float(dropout))
        }
    }
}
