import SentioKit

extension ArtifactType {
    /// `.npy` float32 [patches, values]: a pretrained network's activations for each patch, or what takes their place;
    /// attribute `parts` names the groups of values with their sizes, `patch_seconds` is the length of a patch.
    static let embeddings = ArtifactType("embeddings", form: .collection)
    /// CSV: song_id, then `tag_1`, `probability_1`, `tag_2`… in descending order of probability.
    static let songTags = ArtifactType("song-tags", form: .table)
    /// `.safetensors`: the weights of a network trained elsewhere; attributes as for `embeddings`.
    static let weights = ArtifactType("weights", form: .files, carriesSongData: false)
}
