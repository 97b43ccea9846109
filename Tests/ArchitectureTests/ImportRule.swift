/// The arrows between modules. This table is the architecture diagram: a module may import what stands in its line, and
/// nothing else. A new arrow is a line here, seen in review.
///
/// What must never be: Spec, Engine, Sweep -> Stages, Audio, Learn (the engine knows no mel), and none of the three up
/// (Sweep -> Engine -> Spec); Engine <-> RunStore (they meet in events and wiring); Stages -> Engine, RunStore;
/// LearningStages <-> NetworkStages (what both need is in SongStages); Audio, Learn -> Kit or each other (the maths
/// serves a ten-line script).
enum ImportRule {
    static let system: Set<String> = ["Foundation", "Dispatch", "Synchronization"]

    /// What `SentioBase` re-exports: a file that needs the C library imports `SentioBase` and does not ask which one it
    /// is.
    static let cLibrary: Set<String> = ["Glibc", "Musl", "Darwin"]

    static let allowed: [String: Set<String>] = [
        "SentioBase": [],
        "SentioKit": ["SentioBase", "COpenSSL"],
        "SentioSpec": ["SentioKit", "Yams"],
        "SentioEngine": ["SentioBase", "SentioKit", "SentioSpec"],
        "SentioSweep": ["SentioKit", "SentioSpec", "SentioEngine"],
        "SentioRunStore": ["SentioBase", "SentioKit", "GRDB"],
        "SentioNumerics": ["COpenBLAS", "CFFTW", "CStartup"],
        "SentioAudio": ["SentioNumerics", "CMpg123", "CSndfile", "CSoxr", "CLame", "CAudioKernels"],
        "SentioLearn": ["SentioBase", "SentioNumerics", "CLearnKernels"],
        "SentioNN": ["SentioBase", "SentioNumerics", "CNNKernels", "COneDNN"],
        "SentioPretrained": ["SentioBase", "SentioKit", "SentioNumerics", "CZlib"],
        "SentioSongStages": ["SentioBase", "SentioKit", "SentioNumerics", "SentioAudio", "SentioLearn", "CSpawn"],
        "SentioLearningStages": ["SentioBase", "SentioKit", "SentioNumerics", "SentioLearn", "SentioSongStages"],
        "SentioNetworkStages": [
            "SentioBase", "SentioKit", "SentioNumerics", "SentioAudio", "SentioLearn", "SentioNN", "SentioPretrained",
            "SentioSongStages",
        ],
        "SentioStages": ["SentioKit", "SentioSongStages", "SentioLearningStages", "SentioNetworkStages"],
        "SentioPredict": [
            "SentioBase", "SentioKit", "SentioSpec", "SentioEngine", "SentioRunStore", "SentioPretrained",
            "SentioNumerics", "SentioLearn", "SentioSongStages",
        ],
        "SentioReport": ["SentioBase", "SentioKit", "SentioRunStore", "SentioLearn", "SentioNumerics"],
        "SentioCommands": [
            "SentioBase", "SentioKit", "SentioSpec", "SentioEngine", "SentioSweep", "SentioRunStore", "SentioLearn",
            "SentioReport", "SentioPretrained", "SentioPredict", "ArgumentParser",
        ],
        "SentioTesting": ["SentioKit"],
        "sentio-pipeline": ["SentioCommands", "SentioStages"],
        "sentio-bench": [
            "SentioBase", "SentioKit", "SentioNumerics", "SentioAudio", "SentioLearn", "SentioNN", "SentioRunStore",
        ],
    ]

    /// System libraries and our own C: module maps, no Swift.
    static let clang: Set<String> = [
        "COpenSSL", "COpenBLAS", "CFFTW", "CMpg123", "CSndfile", "CSoxr", "CLame", "CZlib", "CSpawn", "CStartup",
        "CKernelSupport",
        "CAudioKernels",
        "CLearnKernels", "CNNKernels", "COneDNN",
    ]

    /// Folders of `Tests` with what the tests of several modules share, and what they may import.
    static let testSupport: [String: Set<String>] = [
        "SentioToys": ["SentioKit", "SentioSpec"],
        "StageTestSupport": ["SentioTesting", "SentioKit", "SentioNumerics", "SentioSongStages"],
    ]

    /// What the tests of a module import beyond what the module may import.
    static let furtherInTests: [String: Set<String>] = [
        // Predicting runs the kinds that the program comes with.
        "SentioPredict": ["SentioStages"],
        // `evaluate` scores what networks predict, and refuses songs that they have seen.
        "SentioNetworkStages": ["SentioLearningStages"],
    ]

    /// What a module's tests may import: the module, what it may import, the test library, and what tests share.
    static func allowedInTests(_ target: String) -> Set<String>? {
        if target == "ArchitectureTests" { return ["Testing"] }
        if let support = testSupport[target] { return support }
        let module = String(target.dropLast("Tests".count))
        guard let own = allowed[module]?.union([module, "Testing", "SentioTesting"]) else { return nil }
        // Shared support comes with the modules that it is made of.
        let support = testSupport.filter { own.isSuperset(of: $0.value) }.keys
        return own.union(support).union(furtherInTests[module] ?? [])
    }

    static func findings(in file: SourceFile) -> [Finding] {
        guard file.isSwift else { return [] }
        let isTest = file.path.hasPrefix("Tests/")
        guard let allowed = isTest ? allowedInTests(file.module) : allowed[file.module] else {
            let sentence =
                "module \(file.module) does not stand in the table of Tests/ArchitectureTests/ImportRule.swift"
            return [Finding(file: file.path, line: 1, sentence: sentence)]
        }
        let known = file.module == "SentioBase" ? system.union(cLibrary) : system
        return imports(in: file.text).filter { !allowed.contains($0.module) && !known.contains($0.module) }.map {
            line, module in
            Finding(file: file.path, line: line, sentence: "\(file.module) must not import \(module)")
        }
    }

    /// Every import of a Swift file with its line, 1-based, also such as `public import struct Foundation.Data`.
    static func imports(in text: String) -> [(line: Int, module: String)] {
        let pattern =
            #/
            ^ \s* (?: @\w+ (?: \( [^)]* \) )? \s+ )*
            (?: (?: public | package | internal | private | fileprivate ) \s+ )?
            import \s+
            (?: (?: struct | class | enum | protocol | typealias | func | let | var | actor ) \s+ )?
            (?<module> \w+ )
            /#
        return SwiftText(text).codeLines.enumerated().flatMap { index, line in
            !line.contains("import")
                ? []
                : line.split(separator: ";").compactMap { part in
                    part.firstMatch(of: pattern).map { (index + 1, String($0.output.module)) }
                }
        }
    }
}
