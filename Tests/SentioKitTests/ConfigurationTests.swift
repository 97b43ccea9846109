import SentioKit
import Testing

@Suite struct ConfigurationTests {
    enum Window: String, ParameterChoice { case hann, box }
    static let mels = Parameter("n_mels", default: 128, in: 1...1024, "Bands.")
    static let fmin = Parameter("fmin", default: 20.0, in: 0...Double.infinity, "Lowest.", unit: "Hz")
    static let window = Parameter("window", default: Window.hann, "Shape.")
    static let alpha = Parameter<Double?>("alpha", default: .some(nil), "Strength.")
    static let names = Parameter("names", default: ["a"], "Names.")
    static let source = Parameter<String>("source", default: nil, "Folder.", isIdentity: false)
    static let all: [any ParameterDefinition] = [mels, fmin, window, alpha, names, source]

    @Test func fillsDefaultsInAndKeepsPathsOutOfTheIdentity() throws {
        let configuration = try Configuration(Self.all, given: ["source": "x", "fmin": 0])
        #expect(configuration[Self.mels] == 128)
        #expect(configuration[Self.fmin] == 0)
        #expect(configuration[Self.window] == .hann)
        #expect(configuration[Self.alpha] == nil)
        #expect(configuration.values["source"] == "x")
        #expect(configuration.identity["source"] == nil)
        #expect(configuration.identity.count == 5)
    }

    @Test func aParameterAddedLaterLeavesKeysAlone() throws {
        let added = Parameter("masks", default: 0, "Added later.", keepsDefaultInKey: false)
        let none = Parameter<Int?>("steps", default: .some(nil), "Added later.", keepsDefaultInKey: false)
        let fixed = Parameter("mode", default: "a", "Not part of the key.", isIdentity: false, inKey: "a")
        func identity(_ given: [String: Value]) throws -> [String: Value] {
            try Configuration([added, none, fixed], given: given).identity
        }
        #expect(try identity([:]) == ["mode": "a"] && identity(["masks": 0, "steps": .null]) == identity([:]))
        #expect(try identity(["masks": 2, "steps": 3, "mode": "b"]) == ["masks": 2, "steps": 3, "mode": "a"])
    }

    @Test func aWordMayStandInTheKeyByAnotherOne() throws {
        let window = Parameter(
            "window", default: Window.hann, "Shape.", wordsInKey: ["box": "box 2"])
        #expect(try Configuration([window]).identity == ["window": "hann"])
        let box = try Configuration([window], given: ["window": "box"])
        #expect(box.identity == ["window": "box 2"] && box[window] == .box)
    }

    @Test func decodesEachType() throws {
        let configuration = try Configuration(
            Self.all, given: ["source": 1349, "n_mels": 64.0, "window": "box", "alpha": 2, "names": "b"])
        #expect(configuration[Self.source] == "1349")
        #expect(configuration[Self.mels] == 64)
        #expect(configuration[Self.window] == .box)
        #expect(configuration[Self.alpha] == 2)
        #expect(configuration[Self.names] == ["b"])
    }

    @Test func reportsAllProblemsTogetherInSentences() {
        let error = #expect(throws: ConfigurationErrors.self) {
            try Configuration(
                Self.all, given: ["n_mel": 3, "n_mels": 0, "fmin": "low", "window": "hamming", "names": [["x"]]])
        }
        #expect(
            error?.problems.map(\.sentence) == [
                "Unknown parameter `n_mel`. Did you mean `n_mels`?",
                "`n_mels` must be a whole number from 1 to 1024; here it is 0 (whole number).",
                "`fmin` must be a number, at least 0; here it is low (text).",
                "`window` must be one of hann, box; here it is hamming (text).",
                "`names` must be a list, each text; here it is [[x]] (list).",
                "The parameter `source` must be given: text.",
            ])
    }
}
