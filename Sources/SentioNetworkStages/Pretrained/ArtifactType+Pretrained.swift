import SentioKit

extension ArtifactType {
    /// `.npy` float32 [patches, values]: what a pretrained network says of each patch; attribute `parts` names the
    /// groups of values with their sizes.
    static let embeddings = ArtifactType("embeddings", form: .collection)
    /// `.safetensors`: the weights of a network that was trained elsewhere; attributes as those of `embeddings`.
    static let weights = ArtifactType("weights", form: .files, carriesSongData: false)
}
