import Foundation
import SentioKit
import SentioLearningStages
import SentioSongStages
import SentioStages
import Testing

@Suite struct BuiltinStagesTests {
    /// The names of the files that end so, in every module with stage kinds.
    private func types(named ending: String) throws -> [String] {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")
        let modules = try FileManager.default.contentsOfDirectory(atPath: sources.path)
            .filter { $0.hasPrefix("Sentio") && $0.hasSuffix("Stages") }
        #expect(modules.count == 4, "SentioStages and the modules that it lists")
        return try modules.flatMap { try FileManager.default.subpathsOfDirectory(atPath: sources.path + "/" + $0) }
            .filter { $0.hasSuffix("\(ending).swift") }
            .map { String($0.split(separator: "/").last!.dropLast(".swift".count)) }
    }

    @Test func everyStageFileIsInTheList() throws {
        let names = try types(named: "Stage")
        let listed = BuiltinStages.all.map { String(describing: $0) }
        #expect(names.count >= 28)
        #expect(
            names.sorted() == listed.sorted(),
            "A stage kind is missing from BuiltinStages.all, or its file has another name.")
    }

    @Test func kindsAreDeclaredSoundly() throws {
        let kebab = /[a-z0-9]+(-[a-z0-9]+)*/
        let snake = /[a-z0-9]+(_[a-z0-9]+)*/
        #expect(Set(BuiltinStages.all.map { $0.kind }).count == BuiltinStages.all.count)
        for kind in BuiltinStages.all {
            #expect(try kebab.wholeMatch(in: kind.kind) != nil, "\(kind.kind)")
            #expect(kind.version >= 1 && !kind.summary.isEmpty, "\(kind.kind)")
            for parameter in kind.parameters {
                #expect(try snake.wholeMatch(in: parameter.name) != nil, "\(kind.kind).\(parameter.name)")
                #expect(
                    parameter.summary.count > 10 && parameter.summary.hasSuffix("."), "\(kind.kind).\(parameter.name)")
                if let value = parameter.defaultAsValue {
                    #expect(
                        parameter.normalized(value) == value,
                        "\(kind.kind).\(parameter.name): its default is not accepted")
                }
            }
            for port in kind.inputs {
                #expect(!port.summary.isEmpty && !port.types.isEmpty, "\(kind.kind).\(port.name)")
            }
            for port in kind.outputs { #expect(!port.summary.isEmpty, "\(kind.kind).\(port.name)") }
        }
    }

    @Test func everyGroupFileIsInTheList() throws {
        let names = try types(named: "Group")
        #expect(names.sorted() == BuiltinStages.groups.map { String(describing: $0) }.sorted())
    }

    @Test func groupsAreMadeOfKindsInTheList() throws {
        let kinds = Set(BuiltinStages.all.map { $0.kind })
        let member = GroupMember(name: "m", kind: "ridge", outputs: RidgeStage.outputs)
        for group in BuiltinStages.groups {
            #expect(!kinds.contains(group.kind) && !group.summary.isEmpty)
            let expansion = try group.init(try Configuration(group.parameters)).expand([member])
            #expect(expansion.copies.count > 1)
            for made in expansion.made {
                let kind = try #require(BuiltinStages.all.first { $0.kind == made.kind }, "\(made.kind)")
                _ = try kind.init(try Configuration(kind.parameters, given: made.parameters))
                for input in made.inputs where !kind.notation.takesFurtherInputs {
                    #expect(kind.inputs.contains(input.port), "\(made.kind).\(input.port)")
                }
            }
            for copy in expansion.copies { #expect(Set(copy.provided.keys) == Set(group.provided)) }
            let idle = GroupMember(name: "m", kind: "decode", outputs: DecodeStage.outputs)
            #expect(throws: StageFailure.self) { try group.init(try Configuration(group.parameters)).expand([idle]) }
        }
    }

    @Test func defaultsMakeAStageWhereNothingIsRequired() throws {
        for kind in BuiltinStages.all where kind.parameters.allSatisfy({ $0.defaultAsValue != nil }) {
            _ = try kind.init(try Configuration(kind.parameters))
        }
    }
}
