import SentioKit
import SentioLearn

extension GBDT {
    /// The parameters that all kinds of boosted trees share. Those that a search chooses keep their defaults.
    init(_ configuration: Configuration) {
        self.init()
        maxLeaves = configuration[GBDTStage.maxLeaves]
        growth = configuration[GBDTStage.growth] == .leafwise ? .leafwise : .depthwise
        subsample = configuration[GBDTStage.subsample]
        columnSampleByTree = configuration[GBDTStage.columnsByTree]
        columnSampleByLevel = configuration[GBDTStage.columnsByLevel]
        columnSampleByNode = configuration[GBDTStage.columnsByNode]
        minChildWeight = configuration[GBDTStage.minChildWeight]
        minSplitLoss = configuration[GBDTStage.gamma]
        lambda = configuration[GBDTStage.lambda]
        alpha = configuration[GBDTStage.alpha]
        maxBins = configuration[GBDTStage.maxBins]
        earlyStoppingRounds = configuration[GBDTStage.earlyStopping]
    }

    /// Whether trees are grown on samples of songs or features.
    var isSampled: Bool {
        [subsample, columnSampleByTree, columnSampleByLevel, columnSampleByNode].contains { $0 < 1 }
    }
}
