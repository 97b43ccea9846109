// swift-tools-version: 6.2
import PackageDescription

// A stage kind of one's own in a package of its own. Elsewhere the dependency is
// `.package(url: "https://…/sentio", from: "…")`.
let package = Package(
    name: "peak-stage",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "sentio", path: "../..")],
    targets: [
        .target(name: "PeakStage", dependencies: [.product(name: "SentioKit", package: "sentio")]),
        .executableTarget(
            name: "peak-pipeline",
            dependencies: [
                "PeakStage", .product(name: "SentioCommands", package: "sentio"),
                .product(name: "SentioStages", package: "sentio"),
            ]),
        .testTarget(
            name: "PeakStageTests", dependencies: ["PeakStage", .product(name: "SentioTesting", package: "sentio")]),
    ]
)
