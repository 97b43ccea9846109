import SentioKit
import SentioNN
import SentioNumerics
@testable import SentioNetworkStages
import SentioTesting
import StageTestSupport
import Testing

@Suite struct ASTInitialWeightsTests {
    let harness = StageHarness()

    private static func network() -> AudioSpectrogramTransformer {
        var c = AudioSpectrogramTransformer.Configuration()
        (c.mels, c.frames, c.patch, c.stride, c.width, c.heads, c.depth, c.hidden) = (4, 8, 2, 2, 4, 2, 1, 8)
        return AudioSpectrogramTransformer(c)
    }

    /// A checkpoint with a grid of 3 x 3, three channels, two blocks and a classification head.
    private static func vit(prefix: String = "", distilled: Bool = false) -> SafetensorsFile {
        var file = SafetensorsFile()
        func add(_ name: String, _ shape: [Int], _ value: (Int) -> Float) {
            file.tensors[prefix + name] = .init(shape: shape, values: (0..<shape.reduce(1, *)).map(value))
        }
        add("cls_token", [1, 1, 4]) { Float($0) }
        if distilled { add("dist_token", [1, 1, 4]) { _ in 7 } }
        let extra = distilled ? 2 : 1
        // Row, column, 1 and 2 on the four axes: an interpolation keeps planes.
        add("pos_embed", [1, extra + 9, 4]) { index in
            let patch = index / 4 - extra
            return patch < 0 ? -5 : [Float(patch / 3), Float(patch % 3), 1, 2][index % 4]
        }
        add("patch_embed.proj.weight", [4, 3, 2, 2]) { Float($0 / 4 % 3) + Float($0 % 4) }
        add("patch_embed.proj.bias", [4]) { Float($0) }
        for block in 0..<2 {
            add("blocks.\(block).attn.qkv.weight", [12, 4]) { Float($0) }
            add("blocks.\(block).mlp.fc1.weight", [16, 4]) { Float($0) }
        }
        add("head.weight", [1000, 4]) { _ in 1 }
        return file
    }

    @Test(arguments: [false, true]) func tensorsAreAdaptedUsedOrListed(_ distilled: Bool) throws {
        let bytes = try Self.vit(prefix: "module.v.", distilled: distilled).bytes()
        var lines: [String] = []
        let values = try ASTInitialWeights(bytes, path: "vit.safetensors").values(for: Self.network()) {
            lines.append($0)
        }
        #expect(values["cls_token"] == [0, 1, 2, 3])
        // Three channels of 0, 1 and 2 more: their mean is 1 more.
        #expect(values["patch_embed.proj.weight"] == (0..<16).map { 1 + Float($0 % 4) })
        #expect(values["blocks.0.attn.qkv.weight"] == (0..<48).map { Float($0) })
        #expect(values["blocks.0.mlp.fc1.weight"] == nil && values["head.weight"] == nil)
        let positions = try #require(values["pos_embed"])
        #expect(positions.count == 9 * 4 && Array(positions[0..<4]) == [-5, -5, -5, -5])
        // 2 x 4 places in a grid of 3 x 3, as torch.nn.functional.interpolate(mode="bilinear") has them.
        let rows: [Float] = [0.25, 1.75], columns: [Float] = [0, 0.625, 1.375, 2]
        for row in 0..<2 {
            for column in 0..<4 {
                let at = (1 + row * 4 + column) * 4
                let off =
                    zip(positions[at..<at + 4], [rows[row], columns[column], 1, 2]).map { abs($0 - $1) }.max() ?? 1
                #expect(off < 1e-6)
            }
        }
        for line in [
            "init: pos_embed [1, \(distilled ? 11 : 10), 4] used, interpolated from 3 x 3 to 2 x 4",
            "init: patch_embed.proj.weight [4, 3, 2, 2] used, averaged over 3 channels",
            "init: blocks.0.mlp.fc1.weight [16, 4] does not fit [8, 4]; initialized at random",
            "init: norm.weight is not in the file; initialized at random",
            "init: blocks.1.attn.qkv.weight [12, 4] skipped",
            "init: head.weight [1000, 4] skipped",
        ] { #expect(lines.contains(line), "\(line)\n\(lines.joined(separator: "\n"))") }
        #expect(lines.contains("init: dist_token [1, 1, 4] skipped") == distilled)
    }

    @Test func aNetworkStartsFromItsOwnWeights() throws {
        let study = try SpectrogramStudy(harness)
        let first = try study.train(["epochs": 2])
        let blob = first["model"]!.entry("weights.safetensors")!.blob
        let file = SourceFile(name: "w.safetensors", path: "w.safetensors", blob: blob)
        // No step changes anything at a rate of almost 0; the head alone starts anew.
        let second = try study.train(
            ["epochs": 1, "learning_rate": 1e-9, "weight_decay": 0, "init": "w.safetensors"],
            sourceFiles: ["init": [file]])
        let (a, b) = (
            try SafetensorsFile(bytes: try harness.store.read(blob)),
            try SafetensorsFile(bytes: try harness.store.read(second["model"]!.entry("weights.safetensors")!.blob))
        )
        for (name, tensor) in a.tensors where !name.hasPrefix("head") {
            #expect(zip(tensor.values, b.tensors[name]!.values).allSatisfy { abs($0 - $1) < 1e-6 }, "\(name)")
        }
        #expect(a.tensors["head.weight"] != b.tensors["head.weight"])
    }

    @Test func whatIsNoTransformerIsRefused() throws {
        #expect(
            sentence { _ = try ASTInitialWeights([1, 2], path: "x.st") }.hasPrefix(
                "`init` cannot be read from x.st. This is not a"))
        let other = try SafetensorsFile(["conv.weight": .init(shape: [1], values: [1])]).bytes()
        let text = sentence { _ = try ASTInitialWeights(other, path: "x.st") }
        #expect(
            text.contains("`init`, x.st, has no tensor called `blocks.…`") && text.contains("It has conv.weight."),
            "\(text)")
    }
}
