import SentioNN

/// Songs that a training is watched by, or that say when it stops.
struct ValidationSongs {
    let source: any SongSource
    /// Scaled ratings [songs, dimensions].
    let truth: [Double]
}
