import SentioNN

/// The matrix product of a linear layer, x Wᵀ, by default that of the feed-forward layers in the published transformer.
enum GemmWorkload: Workload {
    static let name = "gemm"
    static let usage =
        "[--rows N] [--inputs N] [--outputs N] [--batch N] [--threads T] [--precision float32|bf16] [--runs N]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let rows = try options.integer("rows", default: 1289), inputs = try options.integer("inputs", default: 384)
        let outputs = try options.integer("outputs", default: 1536), layer = Linear(inputs, outputs, bias: false)
        return try LayerStep(options: options, shape: "\(rows)x\(inputs)x\(outputs)")
            .run([rows, inputs], weights: layer.parameters, isTraining: false) { layer($0) }
    }
}
