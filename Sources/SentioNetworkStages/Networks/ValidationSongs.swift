import SentioNN

/// Songs that a training is scored on after each epoch, and that may decide when it stops.
struct ValidationSongs {
    let source: any SongSource
    /// Scaled ratings [songs, predictions of a song]; NaN where there are none.
    let truth: [Double]
}
