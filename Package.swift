// swift-tools-version: 6.2
import PackageDescription

// One settings array for every Swift target of ours. No `unsafeFlags`: a lab can depend on this package.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// A system C library: a module map and a shim under `Sources/NAME`; exactly one Swift module imports it.
func system(_ name: String, apt package: String) -> Target {
    .systemLibrary(name: name, providers: [.apt([package])])
}

func kernels(_ name: String) -> Target {
    .target(name: name, cSettings: [.headerSearchPath("../CKernelSupport")])
}

func library(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// What the tests of several modules share; lies beside them.
func testSupport(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "sentio",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "sentio-pipeline", targets: ["sentio-pipeline"]),
        .executable(name: "sentio-bench", targets: ["sentio-bench"]),
        .library(name: "SentioBase", targets: ["SentioBase"]),
        .library(name: "SentioKit", targets: ["SentioKit"]),
        .library(name: "SentioSpec", targets: ["SentioSpec"]),
        .library(name: "SentioEngine", targets: ["SentioEngine"]),
        .library(name: "SentioSweep", targets: ["SentioSweep"]),
        .library(name: "SentioRunStore", targets: ["SentioRunStore"]),
        .library(name: "SentioNumerics", targets: ["SentioNumerics"]),
        .library(name: "SentioAudio", targets: ["SentioAudio"]),
        .library(name: "SentioLearn", targets: ["SentioLearn"]),
        .library(name: "SentioNN", targets: ["SentioNN"]),
        .library(name: "SentioPretrained", targets: ["SentioPretrained"]),
        .library(name: "SentioStages", targets: ["SentioStages"]),
        .library(name: "SentioPredict", targets: ["SentioPredict"]),
        .library(name: "SentioReport", targets: ["SentioReport"]),
        .library(name: "SentioCommands", targets: ["SentioCommands"]),
        .library(name: "SentioTesting", targets: ["SentioTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // C libraries
        system("COpenSSL", apt: "libssl-dev"),
        system("COpenBLAS", apt: "libopenblas-openmp-dev"),
        system("CFFTW", apt: "libfftw3-dev"),
        system("CMpg123", apt: "libmpg123-dev"),
        system("CSndfile", apt: "libsndfile1-dev"),
        system("CSoxr", apt: "libsoxr-dev"),
        system("CLame", apt: "libmp3lame-dev"),
        system("CZlib", apt: "zlib1g-dev"),
        // a function of the C library that its headers hide from Swift
        .systemLibrary(name: "CSpawn"),
        // hot loops of one Swift module each; kernel.h lies beside them
        kernels("CAudioKernels"),
        kernels("CLearnKernels"),
        kernels("CNNKernels"),
        // checks that run before the libraries are loaded
        .target(name: "CStartup"),
        // libdnnl-dev; a C file of ours hides what differs between its versions
        .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),

        // Swift modules; the allowed arrows between them are held by Tests/ArchitectureTests
        library("SentioBase", []),
        library("SentioKit", ["SentioBase", "COpenSSL"]),
        library("SentioSpec", ["SentioKit", .product(name: "Yams", package: "Yams")]),
        library("SentioEngine", ["SentioBase", "SentioKit", "SentioSpec"]),
        library("SentioSweep", ["SentioKit", "SentioSpec", "SentioEngine"]),
        library("SentioRunStore", ["SentioBase", "SentioKit", .product(name: "GRDB", package: "GRDB.swift")]),
        library("SentioNumerics", ["COpenBLAS", "CFFTW", "CStartup"]),
        library("SentioAudio", ["SentioNumerics", "CAudioKernels", "CMpg123", "CSndfile", "CSoxr", "CLame"]),
        library("SentioLearn", ["SentioBase", "SentioNumerics", "CLearnKernels"]),
        library("SentioNN", ["SentioBase", "SentioNumerics", "CNNKernels", "COneDNN"]),
        library("SentioPretrained", ["SentioBase", "SentioKit", "SentioNumerics", "CZlib"]),
        library(
            "SentioSongStages", ["SentioBase", "SentioKit", "SentioNumerics", "SentioAudio", "SentioLearn", "CSpawn"]),
        library(
            "SentioLearningStages", ["SentioBase", "SentioKit", "SentioNumerics", "SentioLearn", "SentioSongStages"]),
        library(
            "SentioNetworkStages",
            [
                "SentioBase", "SentioKit", "SentioNumerics", "SentioAudio", "SentioLearn", "SentioNN",
                "SentioPretrained", "SentioSongStages",
            ]),
        library("SentioStages", ["SentioKit", "SentioSongStages", "SentioLearningStages", "SentioNetworkStages"]),
        library(
            "SentioPredict",
            [
                "SentioBase", "SentioKit", "SentioSpec", "SentioEngine", "SentioRunStore", "SentioPretrained",
                "SentioNumerics", "SentioLearn", "SentioSongStages",
            ]),
        library("SentioReport", ["SentioBase", "SentioKit", "SentioRunStore", "SentioLearn", "SentioNumerics"]),
        library(
            "SentioCommands",
            [
                "SentioBase", "SentioKit", "SentioSpec", "SentioEngine", "SentioSweep", "SentioRunStore",
                "SentioLearn", "SentioReport", "SentioPretrained", "SentioPredict",
                argumentParser,
            ]),
        library("SentioTesting", ["SentioKit"]),
        .executableTarget(
            name: "sentio-pipeline", dependencies: ["SentioCommands", "SentioStages"], swiftSettings: strict),
        .executableTarget(
            name: "sentio-bench",
            dependencies: [
                "SentioBase", "SentioKit", "SentioRunStore", "SentioNumerics", "SentioAudio", "SentioLearn", "SentioNN",
            ],
            swiftSettings: strict),

        // Tests: one target per module, and what the tests of reading, running and sweeping share
        testSupport("SentioToys", ["SentioKit", "SentioSpec"]),
        tests("SentioBaseTests", ["SentioBase"]),
        tests("SentioKitTests", ["SentioKit"]),
        tests("SentioSpecTests", ["SentioSpec", "SentioKit", "SentioToys"]),
        tests("SentioEngineTests", ["SentioEngine", "SentioSpec", "SentioBase", "SentioKit", "SentioToys"]),
        tests("SentioSweepTests", ["SentioSweep", "SentioEngine", "SentioSpec", "SentioKit", "SentioToys"]),
        tests("SentioRunStoreTests", ["SentioRunStore", "SentioKit"]),
        tests("SentioNumericsTests", ["SentioNumerics"], resources: [.copy("Fixtures")]),
        tests("SentioAudioTests", ["SentioAudio", "SentioNumerics"], resources: [.copy("Fixtures")]),
        tests("SentioLearnTests", ["SentioLearn", "SentioNumerics"], resources: [.copy("Fixtures")]),
        tests("SentioNNTests", ["SentioNN", "SentioNumerics"], resources: [.copy("Fixtures")]),
        tests(
            "SentioPretrainedTests", ["SentioPretrained", "SentioKit", "SentioNumerics"], resources: [.copy("Fixtures")]
        ),
        testSupport("StageTestSupport", ["SentioTesting", "SentioKit", "SentioNumerics", "SentioSongStages"]),
        tests(
            "SentioSongStagesTests",
            [
                "SentioSongStages", "StageTestSupport", "SentioTesting", "SentioKit", "SentioLearn", "SentioNumerics",
                "SentioAudio",
            ]),
        tests(
            "SentioLearningStagesTests",
            [
                "SentioLearningStages", "SentioSongStages", "StageTestSupport", "SentioTesting", "SentioKit",
                "SentioNumerics", "SentioLearn",
            ]),
        tests(
            "SentioNetworkStagesTests",
            [
                "SentioNetworkStages", "SentioLearningStages", "SentioSongStages", "StageTestSupport", "SentioTesting",
                "SentioKit", "SentioNumerics", "SentioLearn", "SentioNN", "SentioPretrained",
            ]),
        tests("SentioStagesTests", ["SentioStages", "SentioLearningStages", "SentioSongStages", "SentioKit"]),
        tests(
            "SentioReportTests",
            ["SentioReport", "SentioBase", "SentioKit", "SentioRunStore", "SentioLearn", "SentioNumerics"]),
        tests(
            "SentioPredictTests",
            [
                "SentioPredict", "SentioStages", "SentioEngine", "SentioRunStore", "SentioKit", "SentioPretrained",
                "SentioNumerics", "SentioLearn",
            ]),
        tests("SentioCommandsTests", ["SentioCommands", "SentioKit", "sentio-pipeline"]),
        tests("ArchitectureTests", []),
    ]
)
