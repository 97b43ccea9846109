import SentioNN

/// Samples to predict songs from: all their patches, not augmented.
struct PatchPredictionSource: SongSource {
    let songs: any PatchSongs
    let contexts: [Int?]
    let contextCount: Int
    let dimensions: Int
    private let patches: [(song: Int, patch: Int)]

    init(songs: any PatchSongs, contexts: [Int?], contextCount: Int, dimensions: Int) {
        self.songs = songs
        self.contexts = contexts
        self.contextCount = contextCount
        self.dimensions = dimensions
        patches = songs.patches
    }

    var count: Int { patches.count }
    var songIndices: [Int] { patches.map(\.song) }
    var songCount: Int { songs.ids.count }
    var inputShape: Shape { PatchSource.inputShape(songs.shape, contexts: contextCount) }

    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
    ) throws {
        let (song, patch) = patches[position], size = songs.shape.count
        let numbers = UnsafeMutableBufferPointer(rebasing: input[0..<size])
        try songs.put(patch, of: song, share: 1, into: numbers, adding: false)
        let place = UnsafeMutableBufferPointer(rebasing: input[size..<size + contextCount])
        place.update(repeating: 0)
        if let context = contexts[song] { place[context] = 1 }
    }
}
