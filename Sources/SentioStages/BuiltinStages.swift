public import SentioKit
import SentioLearningStages
import SentioNetworkStages
import SentioSongStages

/// The stage kinds that come with Sentio. A binary of your own adds its kinds: `BuiltinStages.all + [MyStage.self]`.
public enum BuiltinStages {
    /// All kinds, in the order in which `stages` lists them.
    public static let all: [any StageKind.Type] = [
        SongDatasetStage.self,
        TableDatasetStage.self,
        DecodeStage.self,
        MelExtractStage.self,
        HandcraftedFeaturesStage.self,
        PretrainedStage.self,
        EmbedStage.self,
        EmbeddingFeaturesStage.self,
        TopTagsStage.self,
        MelPatchesStage.self,
        JoinFeaturesStage.self,
        FingerprintStage.self,
        NearDuplicatesStage.self,
        SplitStage.self,
        FeatureSelectStage.self,
        RidgeStage.self,
        GBDTStage.self,
        GBDTClassifierStage.self,
        SVRStage.self,
        MixStage.self,
        CRNNTrainStage.self,
        ASTTrainStage.self,
        FineTuneStage.self,
        SequenceTrainStage.self,
        SequenceRidgeStage.self,
        ApplyNetworkStage.self,
        ApplySequenceStage.self,
        GANTrainStage.self,
        SynthesizeStage.self,
        SonifyStage.self,
        SyntheticQualityStage.self,
        FrechetDistanceStage.self,
        EvaluateStage.self,
        EvaluateClassesStage.self,
        CompareClassesStage.self,
        EvaluateSequenceStage.self,
        ComparisonStage.self,
        AssignFoldsStage.self,
        FoldSplitStage.self,
        OutOfFoldStage.self,
        OutOfFoldSequenceStage.self,
        OutOfFoldClassesStage.self,
        StackingStage.self,
        SoundFilesStage.self,
        StoredArtifactStage.self,
        ApplyStage.self,
        CommandStage.self,
    ]

    /// Kinds that stand for a group of stages.
    public static let groups: [any StageGroup.Type] = [CrossValidateGroup.self, StackGroup.self]
}
