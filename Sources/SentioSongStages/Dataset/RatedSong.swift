/// A song and its ratings.
struct RatedSong: Equatable {
    let id: String
    /// One mean rating per dimension.
    let means: [Double]
    /// The spread of the ratings, as the file writes it; empty where the file has none.
    let spreads: [String]
    /// `annotations.csv:12`.
    let place: String
}
