import Foundation
import Testing

@Suite struct ImportRuleTests {
    @Test func modulesImportOnlyWhatTheTableAllows() throws {
        let files = try SourceTree.files(below: "Sources") + SourceTree.files(below: "Tests")
        #expect(files.filter(\.isSwift).count > 50, "the package's files were not found")
        for finding in files.flatMap(ImportRule.findings) { Issue.record("\(finding)") }
    }

    @Test func everyModuleStandsInTheTable() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: SourceTree.root.appendingPathComponent("Sources").path)
        #expect(Set(folders.filter { !$0.hasPrefix(".") }) == Set(ImportRule.allowed.keys).union(ImportRule.clang))
    }

    /// A C library is imported by one module.
    @Test func aCLibraryHasOneUser() {
        for library in ImportRule.clang.union(["Yams", "GRDB", "ArgumentParser"]).subtracting(["CKernelSupport"]) {
            let users = ImportRule.allowed.filter { $0.value.contains(library) }.keys.sorted()
            #expect(users.count == 1, "\(library): \(users)")
        }
    }

    @Test func theTableItselfKeepsTheArrowsThatMustNeverBe() {
        let pipelines: Set<String> = ["SentioSpec", "SentioEngine", "SentioSweep"]
        let mathematics: Set<String> = ["SentioNumerics", "SentioAudio", "SentioLearn", "SentioNN"]
        let never: [String: Set<String>] = [
            "SentioSpec": mathematics.union(["SentioStages", "SentioRunStore", "SentioEngine", "SentioSweep"]),
            "SentioEngine": mathematics.union(["SentioStages", "SentioRunStore", "SentioSweep"]),
            "SentioSweep": mathematics.union(["SentioStages", "SentioRunStore"]),
            "SentioRunStore": pipelines.union(["SentioStages"]), "SentioStages": pipelines.union(["SentioRunStore"]),
            "SentioSongStages": pipelines.union(["SentioRunStore", "SentioLearningStages", "SentioNetworkStages"]),
            "SentioLearningStages": pipelines.union(["SentioRunStore", "SentioNetworkStages", "SentioNN"]),
            "SentioNetworkStages": pipelines.union(["SentioRunStore", "SentioLearningStages"]),
            "SentioAudio": ["SentioKit", "SentioLearn"], "SentioLearn": ["SentioKit", "SentioAudio"],
            "SentioNumerics": ["SentioKit"],
            "SentioNN": ["SentioKit", "SentioAudio", "SentioLearn"],
            "SentioKit": pipelines.union(["SentioRunStore", "SentioStages", "SentioNumerics"]),
        ]
        for (module, targets) in never {
            #expect(ImportRule.allowed[module]?.isDisjoint(with: targets) == true, "\(module)")
        }
    }

    @Test(arguments: [
        ("Sources/SentioEngine/A.swift", "import SentioAudio"),
        ("Sources/SentioEngine/A.swift", "import SentioRunStore"),
        ("Sources/SentioEngine/A.swift", "public import SentioStages"),
        ("Sources/SentioSpec/A.swift", "package import SentioEngine"),
        ("Sources/SentioEngine/A.swift", "import SentioSweep"), ("Sources/SentioEngine/A.swift", "import Yams"),
        ("Sources/SentioRunStore/A.swift", "@testable import SentioEngine"),
        ("Sources/SentioStages/A.swift", "  internal import SentioEngine"),
        ("Sources/SentioAudio/A.swift", "import struct SentioKit.Value"),
        ("Sources/SentioLearn/A.swift", "@_spi(Tests) public import SentioAudio"),
        ("Sources/SentioStages/A.swift", "import ArgumentParser"),
        ("Sources/SentioNetworkStages/A.swift", "package import SentioLearningStages"),
        ("Tests/StageTestSupport/A.swift", "import SentioLearningStages"),
        ("Sources/SentioEngine/A.swift", "import Glibc"), ("Sources/SentioBase/A.swift", "import SentioKit"),
        ("Sources/SentioEngine/A.swift", "import Foundation; import GRDB"),
        ("Sources/SentioNew/A.swift", "import Foundation"),
        ("Tests/SentioEngineTests/A.swift", "import SentioStages"),
        ("Tests/SentioLearnTests/A.swift", "import SentioKit"),
        ("Tests/SentioSpecTests/A.swift", "@testable import SentioEngine"),
        ("Tests/SentioKitTests/A.swift", "@testable import SentioToys"),
        ("Tests/SentioToys/A.swift", "import SentioEngine"),
    ])
    func aWrongImportIsFound(_ path: String, _ line: String) {
        let findings = ImportRule.findings(in: SourceFile(path: path, text: "// a comment\n\(line)\n"))
        #expect(findings.count == 1)
    }

    @Test func aFindingNamesFileAndLine() {
        let file = SourceFile(path: "Sources/SentioEngine/A.swift", text: "import SentioKit\n\nimport SentioAudio\n")
        #expect(
            ImportRule.findings(in: file).map(\.description) == [
                "Sources/SentioEngine/A.swift:3: SentioEngine must not import SentioAudio"
            ]
        )
    }

    @Test(arguments: [
        "import SentioKit\nimport SentioSpec\nimport Foundation\n", "// import SentioAudio\n",
        "/* import SentioAudio\nimport GRDB */\n",
        "let text = \"import GRDB\"\n", "let text = \"\"\"\n    import GRDB\n    \"\"\"\n", "func important() {}\n",
    ])
    func aRightImportIsNot(_ text: String) {
        #expect(ImportRule.findings(in: SourceFile(path: "Sources/SentioEngine/A.swift", text: text)) == [])
    }
}

@Suite struct PackageFileTests {
    /// The table and `Package.swift` are one diagram, drawn twice: neither may allow what the other does not.
    @Test func thePackageFileHasTheSameArrows() throws {
        let text = try String(contentsOf: SourceTree.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let arrows = PackageFile.arrows(in: text)
        #expect(Set(arrows.keys) == Set(ImportRule.allowed.keys))
        for (module, allowed) in ImportRule.allowed { #expect(arrows[module] == allowed, "\(module)") }
    }

    @Test func dependenciesAreRead() {
        let text = """
            library("SentioA", []),
            library(
                "SentioB",
                ["SentioA", .product(name: "Yams", package: "Yams")], exclude: ["x"]),
            .executableTarget(
                name: "tool", dependencies: ["SentioB", argumentParser], swiftSettings: strict),
            tests("SentioATests", ["SentioA"]),
            """
        #expect(
            PackageFile.arrows(in: text) == [
                "SentioA": [], "SentioB": ["SentioA", "Yams"], "tool": ["SentioB", "ArgumentParser"],
            ])
    }
}
