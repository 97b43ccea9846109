import SentioKit
import SentioNN
import Testing

@testable import SentioNetworkStages

/// What each training writes into `config.json` is read back as the same.
@Suite struct ModelConfigTests {
    private func config(_ value: Value) throws -> ModelConfig { try ModelConfig(Array(JSON.pretty(value).utf8)) }

    @Test func transformersAreReadAsTheyWereWritten() throws {
        var other = ASTPreset.published.network
        (other.patch, other.stride, other.width, other.heads, other.depth, other.hidden) = (7, 5, 60, 4, 2, 33)
        (other.mels, other.frames, other.outputs, other.headHidden) = (40, 99, 3, 0)
        (other.dropout, other.pooling) = (0.123_456_7, .mean)
        for network in [ASTPreset.published.network, ASTPreset.compact.network, other] {
            #expect(try ASTPreset.network(try config(ASTPreset.value(network))) == network)
        }
        other.patchoutRows = 2
        let read = try ASTPreset.network(try config(ASTPreset.value(other)))
        #expect(read != other && read.patchoutRows == 0, "patchout is for training alone")
    }

    @Test func recurrentNetworksAreReadAsTheyWereWritten() throws {
        var other = CRNN.Configuration.featureFrames
        (other.cell, other.pooling, other.isBidirectional, other.headPenalty) = (.gru, .attention, true, 0.025)
        (other.height, other.frames, other.outputs) = (17, 99, 3)
        (other.recurrentDropout, other.stateDropout) = (0.15, 0.35)
        other.head = []
        for network in [CRNNPreset.published.network, CRNNPreset.compact.network, .featureFrames, other] {
            #expect(try CRNNPreset.network(try config(CRNNPreset.value(network))) == network)
        }
    }

    @Test func fineTunedNetworksAreReadAsTheyWereWritten() throws {
        for encoder in Encoder.Architecture.allCases {
            for part in EncoderRegressor.Part.allCases {
                for features in EncoderRegressor.Features.allCases {
                    var network = EncoderRegressor.Configuration()
                    (network.part, network.features, network.dropout) = (part, features, 0.3)
                    (network.headHidden, network.outputs, network.contexts) = (12, 3, 2)
                    let written = FineTuneArchitecture(encoder: encoder, network: network, contexts: ["b", "a é"])
                    #expect(try FineTuneArchitecture(try config(written.value)) == written)
                }
            }
        }
    }

    @Test func sequenceNetworksAreReadAsTheyWereWritten() throws {
        var network = SequenceRegressor.Configuration(inputs: 1756, outputs: 2)
        (network.cell, network.widths, network.isBidirectional) = (.lstm, [64, 3], false)
        (network.inputDropout, network.dropout) = (0.3, 0.1)
        let value = SequenceArchitecture.value(network, inputDropout: 0.3, dropout: 0.1)
        #expect(try SequenceArchitecture.network(try config(value)) == network)
        let grid: Value = ["first_seconds": 15.5, "step_seconds": 0.5, "steps": 61]
        let read = try TimeGrid(try config(grid))
        #expect(read.times.first == 15.5 && read.times.last == 45.5 && Value.map(read.value) == grid)
    }

    @Test func scalesAreReadAsTheyWereWritten() throws {
        for scaling in [
            SpectrogramScaling.clip, .dataset(mean: -43.123_456_789_012_345, deviation: 1.0 / 3),
            .dataset(mean: -40, deviation: 1),
        ] { #expect(try SpectrogramScaling(try config(scaling.value)) == scaling) }
        for bounds in [1.0...9.0, -1.0...1.0, 0.1...0.7] {
            let scale = RatingScale(bounds)
            #expect(try RatingScale(try config(scale.value), dimensions: 2) == scale)
        }
        let own = RatingScale([1...9, 40...220])
        #expect(try RatingScale(try config(own.value), dimensions: 2) == own)
        #expect(throws: ModelFault.self) { try RatingScale(try config(own.value), dimensions: 3) }
        #expect(RatingScale(1...9).range == 1...9)
    }

    @Test func placesAndRangesAreNamed() throws {
        let whole = try config([
            "a": ["b": [1, 2, "x"], "name": ["\u{1B}[2J"], "rate": 0.995, "flag": 1, "pair": [[1]]]
        ])
        let part = try whole.section("a")
        func problem(_ body: () throws -> Void) -> String {
            do { try body() } catch { return (error as? ModelFault)?.problem ?? "\(error)" }
            return ""
        }
        #expect(
            problem { _ = try part.ints("b", in: 1...9) }
                == "`a.b` in its config.json is [1, 2, x], not a list of whole numbers from 1 to 9")
        #expect(
            problem { _ = try part.names("name") }
                == "`a.name` in its config.json is [\\u{1B}[2J], not a list of names")
        #expect(problem { _ = try part.rate("rate") }.hasSuffix("is 0.995, not a number from 0.0 to 0.99"))
        #expect(problem { _ = try part.flag("flag") }.hasSuffix("is 1, not true or false"))
        #expect(problem { _ = try part.extents("pair", in: 1...4) }.contains("pairs of whole numbers from 1 to 4"))
        #expect(problem { _ = try part.int("none", in: 1...2) } == "`a.none` is missing from its config.json")
        #expect(
            problem { _ = try whole.section("a").section("rate") }
                == "`a.rate` in its config.json is 0.995, not a mapping")
        let long = Value.map(["l": .list((0...10_000).map { .int($0) })])
        #expect(problem { _ = try config(long).ints("l", in: 0...99_999) }.hasSuffix("at most 10000"))
    }
}
