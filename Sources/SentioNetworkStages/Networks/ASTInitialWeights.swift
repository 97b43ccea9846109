import Foundation
import SentioKit
import SentioNN
import SentioNumerics
import SentioSongStages

/// Weights of a Vision Transformer, DeiT or AST that a new network starts from.
///
/// Names are timm's; a prefix such as `module.v.` (AST's own checkpoints) does not matter. Patch kernels [D, C, p, p]
/// are averaged over their channels; positions are interpolated between the two grids; the classification head is
/// dropped, and so is DeiT's distillation token with its position. Parameters that do not fit keep their random
/// initialization.
struct ASTInitialWeights {
    private let tensors: [String: SafetensorsFile.Tensor]

    private static let prefixes = ["module.", "model.", "base_model.", "encoder.", "vit.", "v."]

    /// - throws: `StageFailure` for a file that is not safetensors or holds no transformer.
    init(_ bytes: [UInt8], path: String) throws {
        let file: SafetensorsFile
        do { file = try SafetensorsFile(bytes: bytes) } catch let error as SafetensorsError {
            throw StageFailure("`init` cannot be read from \(path). \(error)")
        }
        var tensors: [String: SafetensorsFile.Tensor] = [:]
        for (name, tensor) in file.tensors {
            var short = name
            while let prefix = Self.prefixes.first(where: { short.hasPrefix($0) }) { short.removeFirst(prefix.count) }
            tensors[short] = tensor
        }
        guard tensors.keys.contains(where: { $0.hasPrefix("blocks.") }) else {
            throw StageFailure(
                "`init`, \(path), has no tensor called `blocks.…`, so it is not a Vision Transformer with timm's "
                    + "parameter names. It has \(IDList.text(file.tensors.keys.sorted()))."
            )
        }
        self.tensors = tensors
    }

    /// Values for a network's parameters, by name. Logs, for each tensor, whether and how it was used.
    func values(for model: AudioSpectrogramTransformer, log: (String) -> Void) -> [String: [Float]] {
        var values: [String: [Float]] = [:], used: Set<String> = [], notes: [String] = []
        for (name, parameter) in model.parameters where !name.hasPrefix("head") {
            guard let tensor = tensors[name] else {
                notes.append("init: \(name) is not in the file; initialized at random")
                continue
            }
            let adapted: (values: [Float], how: String)?
            switch name {
            case "pos_embed": adapted = positions(tensor, model.configuration)
            case "patch_embed.proj.weight": adapted = kernels(tensor, parameter.shape)
            default: adapted = tensor.shape == parameter.shape.dims ? (tensor.values, "as it is") : nil
            }
            guard let adapted, adapted.values.allSatisfy(\.isFinite) else {
                notes.append("init: \(name) \(tensor.shape) does not fit \(parameter.shape); initialized at random")
                continue
            }
            values[name] = adapted.values
            used.insert(name)
            notes.append("init: \(name) \(tensor.shape) used, \(adapted.how)")
        }
        for name in tensors.keys.sorted()
        where !used.contains(name) && !notes.contains(where: { $0.hasPrefix("init: \(name) ") }) {
            notes.append("init: \(name) \(tensors[name]?.shape ?? []) skipped")
        }
        for line in notes { log(line) }
        return values
    }

    private func kernels(_ tensor: SafetensorsFile.Tensor, _ wanted: Shape) -> ([Float], String)? {
        let (width, size) = (wanted[0], wanted[1])
        if tensor.shape == wanted.dims { return (tensor.values, "as it is") }
        guard tensor.shape.count == 4, tensor.shape[0] == width, tensor.shape[2] * tensor.shape[3] == size,
            tensor.shape[1] > 0
        else {
            return nil
        }
        let channels = tensor.shape[1]
        let means = (0..<width * size).map { index -> Float in
            let (row, column) = (index / size, index % size)
            return (0..<channels).reduce(Float(0)) { $0 + tensor.values[(row * channels + $1) * size + column] }
                / Float(channels)
        }
        return (means, channels == 1 ? "flattened" : "averaged over \(channels) channels")
    }

    /// The class token's position embedding and, for every patch, the bilinear interpolation of the file's grid.
    private func positions(_ tensor: SafetensorsFile.Tensor, _ configuration: AudioSpectrogramTransformer.Configuration)
        -> (
            [Float], String
        )?
    {
        let width = configuration.width, extra = tensors["dist_token"] == nil ? 1 : 2
        guard tensor.shape.count == 3, tensor.shape[0] == 1, tensor.shape[2] == width, tensor.shape[1] > extra else {
            return nil
        }
        let patches = tensor.shape[1] - extra, side = Int(Double(patches).squareRoot().rounded())
        // Images are square; AST's 128 mels in steps of 10 are 12 rows.
        let to = configuration.grid, from: (rows: Int, columns: Int)
        if patches == to.rows * to.columns {
            from = to
        } else if side * side == patches {
            from = (side, side)
        } else if patches % 12 == 0 {
            from = (12, patches / 12)
        } else {
            return nil
        }
        func value(_ row: Int, _ column: Int, _ axis: Int) -> Float {
            tensor.values[(extra + row * from.columns + column) * width + axis]
        }
        /// The two neighboring indices and the weight of the second, as PyTorch interpolates without aligned corners.
        func neighbours(_ index: Int, _ to: Int, _ from: Int) -> (Int, Int, Float) {
            let place = min(max((Double(index) + 0.5) * Double(from) / Double(to) - 0.5, 0), Double(from - 1)),
                low = Int(place)
            return (low, min(low + 1, from - 1), Float(place - Double(low)))
        }
        var values = Array(tensor.values[0..<width])
        values.reserveCapacity((1 + to.rows * to.columns) * width)
        for row in 0..<to.rows {
            let (top, bottom, down) = neighbours(row, to.rows, from.rows)
            for column in 0..<to.columns {
                let (left, right, across) = neighbours(column, to.columns, from.columns)
                for axis in 0..<width {
                    let upper = value(top, left, axis) * (1 - across) + value(top, right, axis) * across
                    let lower = value(bottom, left, axis) * (1 - across) + value(bottom, right, axis) * across
                    values.append(upper * (1 - down) + lower * down)
                }
            }
        }
        return (
            values,
            from == to ? "as it is" : "interpolated from \(from.rows) x \(from.columns) to \(to.rows) x \(to.columns)"
        )
    }
}
