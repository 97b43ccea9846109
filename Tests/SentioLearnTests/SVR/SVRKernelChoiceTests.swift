import Foundation
import SentioLearn
import Testing

@Suite struct SVRKernelChoiceTests {
    @Test func namesFindTheirKernels() {
        #expect(SVRKernelChoice.names == ["rbf", "linear", "poly", "sigmoid"])
        for kernel in SVRKernelChoice.all { #expect(SVRKernelChoice(name: kernel.name) == kernel) }
        #expect(SVRKernelChoice(name: "polynomial") == nil)
    }

    @Test func defaultsAreScikitLearns() {
        #expect(
            SVRKernelChoice.all == [
                .rbf(gamma: .scale), .linear, .polynomial(degree: 3, gamma: .scale, offset: 0),
                .sigmoid(gamma: .scale, offset: 0),
            ])
    }

    @Test func parametersGoToTheKernelsThatHaveThem() {
        let others = SVRKernelChoice.all.map { $0.with(degree: 2, offset: 0.5) }
        #expect(others == [.rbf(), .linear, .polynomial(degree: 2, offset: 0.5), .sigmoid(offset: 0.5)])
    }

    @Test(arguments: [
        (SVMKernel.linear, #"{"linear":{}}"#), (.rbf(gamma: 0.5), #"{"rbf":{"gamma":0.5}}"#),
        (.polynomial(degree: 3, gamma: 0.25, offset: 1.5), #"{"polynomial":{"degree":3,"gamma":0.25,"offset":1.5}}"#),
        (.sigmoid(gamma: 0.25, offset: -1.5), #"{"sigmoid":{"gamma":0.25,"offset":-1.5}}"#),
    ])
    func jsonIsAsDocumented(kernel: SVMKernel, text: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        #expect(String(decoding: try encoder.encode(kernel), as: UTF8.self) == text)
        #expect(try JSONDecoder().decode(SVMKernel.self, from: Data(text.utf8)) == kernel)
    }

    @Test(arguments: [
        #"{}"#, #"{"magic":{}}"#, #"{"rbf":{}}"#, #"{"linear":{},"rbf":{"gamma":1}}"#,
        #"{"polynomial":{"gamma":1,"offset":0}}"#, #""rbf""#,
    ])
    func otherJSONIsRefused(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(SVMKernel.self, from: Data(text.utf8)) }
    }
}
