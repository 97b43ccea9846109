import Foundation

/// All workloads. To add one, write a file and add a line here.
let workloads: [any Workload.Type] = [
    ASTInferWorkload.self,
    ASTTrainStepWorkload.self,
    AttentionWorkload.self,
    CRNNTrainStepWorkload.self,
    GANTrainStepWorkload.self,
    DecodeMelWorkload.self,
    FeaturesWorkload.self,
    GemmWorkload.self,
    NoopChainWorkload.self,
    GBDTFitWorkload.self,
    GBDTFitLargeWorkload.self,
    IntervalCoverageWorkload.self,
    PredictionIntervalsWorkload.self,
    RidgeFitWorkload.self,
    SVRFitWorkload.self,
    SVRFitLargeWorkload.self,
    RunsListWorkload.self,
    SeriesReadWorkload.self,
    MetricsLogWorkload.self,
]

let usage =
    "usage: sentio-bench WORKLOAD [--name value]...\n"
    + workloads.map { "  \($0.name) \($0.usage)" }.joined(separator: "\n") + "\n"

let arguments = Array(CommandLine.arguments.dropFirst())
guard let name = arguments.first, let workload = workloads.first(where: { $0.name == name }) else {
    FileHandle.standardError.write(Data(usage.utf8))
    exit(64)
}
do {
    let options = try Options(Array(arguments.dropFirst()), usage: workload.usage)
    let result = try workload.run(options)
    print(try result.json(workload: workload.name))
} catch {
    FileHandle.standardError.write(Data("sentio-bench \(name): \(error)\n".utf8))
    exit(error is OptionError ? 64 : 1)
}
