import SentioKit
import SentioNN

/// The two networks of a GAN, from a recipe or from a stored description.
enum GANNetworks {
    static func generator(_ recipe: GANRecipe, mels: Int, condition: Int) -> Generator.Configuration {
        var configuration = Generator.Configuration()
        (configuration.noise, configuration.condition, configuration.mels) = (recipe.noise, condition, mels)
        (configuration.frames, configuration.dim) = (recipe.frames, recipe.dim)
        return configuration
    }

    static func critic(_ recipe: GANRecipe, mels: Int, condition: Int) -> Discriminator.Configuration {
        var configuration = Discriminator.Configuration()
        (configuration.condition, configuration.mels, configuration.frames) = (condition, mels, recipe.frames)
        (configuration.dim, configuration.norm, configuration.conditioning) = (
            recipe.dim, recipe.norm.layers, recipe.conditioning.layers
        )
        configuration.regresses = recipe.criticRegression > 0
        return configuration
    }

    // MARK: In `config.json`

    static func value(_ generator: Generator.Configuration) -> Value {
        [
            "noise": .int(generator.noise), "condition": .int(generator.condition), "mels": .int(generator.mels),
            "frames": .int(generator.frames), "dim": .int(generator.dim),
        ]
    }

    static func value(_ critic: Discriminator.Configuration) -> Value {
        let fields: [String: Value] = [
            "condition": .int(critic.condition), "mels": .int(critic.mels), "frames": .int(critic.frames),
            "dim": .int(critic.dim),
            "norm": .string(critic.norm.rawValue), "conditioning": .string(critic.conditioning.rawValue),
        ]
        return .map(critic.regresses ? fields.merging(["regresses": true]) { $1 } : fields)
    }

    /// Nil unless it describes a generator that fits in reasonable memory.
    static func generator(_ value: Value?) -> Generator.Configuration? {
        var configuration = Generator.Configuration()
        guard let noise = value?["noise"]?.int, let condition = value?["condition"]?.int,
            let mels = value?["mels"]?.int,
            let frames = value?["frames"]?.int, let dim = value?["dim"]?.int, (1...10_000).contains(noise),
            (1...100).contains(condition),
            (16...4096).contains(mels), (16...1_000_000).contains(frames), (4...4096).contains(dim)
        else { return nil }
        (configuration.noise, configuration.condition, configuration.mels) = (noise, condition, mels)
        (configuration.frames, configuration.dim) = (frames, dim)
        return configuration.problem == nil ? configuration : nil
    }

    static func critic(_ value: Value?) -> Discriminator.Configuration? {
        var configuration = Discriminator.Configuration()
        guard let condition = value?["condition"]?.int, let mels = value?["mels"]?.int,
            let frames = value?["frames"]?.int,
            let dim = value?["dim"]?.int,
            let norm = value?["norm"]?.string.flatMap({ Discriminator.Norm(rawValue: $0) }),
            let conditioning = value?["conditioning"]?.string.flatMap({ Discriminator.Conditioning(rawValue: $0) }),
            (1...100).contains(condition), (16...4096).contains(mels), (16...1_000_000).contains(frames),
            (4...4096).contains(dim),
            dim % 4 == 0
        else { return nil }
        (configuration.condition, configuration.mels, configuration.frames) = (condition, mels, frames)
        (configuration.dim, configuration.norm, configuration.conditioning) = (dim, norm, conditioning)
        configuration.regresses = value?["regresses"]?.bool ?? false
        return configuration.regresses && conditioning == .channels ? nil : configuration
    }
}
