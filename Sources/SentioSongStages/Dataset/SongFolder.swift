import SentioKit

/// What one folder of a dataset holds besides ratings over time: its files, the ratings, the sound and the metadata, as
/// `song-dataset` reads them and `dataset check` shows them.
struct SongFolder {
    let path: String
    let layout: DatasetLayout
    let rated: AnnotationReader.Ratings
    let audio: AudioFileIndex
    let metadata: SongMetadata

    /// The ids of all songs that have sound.
    var ids: Set<String> { Set(audio.files.keys) }
    /// What the tables were taken to mean.
    var notes: [ReadingNote] { rated.notes + metadata.notes }

    /// - parameter label: the prefix of the names of the folder's source requests.
    /// - parameter reserved: names that a column of the metadata must not have.
    /// - parameter faults: collects all problems of the folder.
    init(
        _ path: String, prefix label: String = "", places: DatasetLayout.Places, ratings: RatingParameters,
        reserved: [String], _ context: StageContext, _ faults: inout DatasetFaults
    ) throws {
        self.path = path
        layout = DatasetLayout(
            found: context, folder: path, prefix: label, suffix: ratings.columns.suffix, places: places, &faults)
        func contents(_ files: [SourceFile]) throws -> [(path: String, bytes: [UInt8])] {
            try files.map { ($0.path, try context.read($0)) }
        }
        var rated = AnnotationReader(parameters: ratings, context: context).read(
            try contents(layout.annotationFiles), &faults)
        audio = AudioFileIndex(layout.audioFiles, &faults)
        rated.dropExtensions(naming: Set(audio.files.keys))
        self.rated = rated
        if layout.isDEAM {
            metadata = DEAMMetadata.read(try contents(layout.metadataFiles), warn: context.services.warn)
        } else if let file = layout.metadataFiles.first {
            var metadata = SongMetadata(
                try context.read(file), path: file.path, reserved: reserved, names: ratings.columns,
                option: context.option(ratings.columnsName), &faults, log: context.services.log)
            metadata.dropExtensions(naming: rated.ids.union(audio.files.keys))
            self.metadata = metadata
        } else {
            metadata = SongMetadata()
        }
    }

    /// The wording of messages about ratings and sound that do not match.
    var words: RatingParameters.Words {
        RatingParameters.Words(
            silent: "rated but without an audio file", unrated: "in the audio folder but without a rating",
            none: "No song of \(path) has both a rating and an audio file. Audio files are named by song_id, such as "
                + "12.mp3.")
    }

    /// Which of these songs are there as sound in an unsupported format; empty if none is.
    func unread(_ songs: [String], _ context: StageContext) -> String {
        songs.isEmpty ? "" : FolderLook(path, context).unreadSongs(songs, in: layout.place)
    }

    /// Reports how the metadata match the songs that are kept.
    /// - throws: `StageFailure` if there are rows, but none belongs to a song.
    func checkMetadata(of songs: [String], _ context: StageContext) throws {
        try MetadataJoin(metadata: metadata, known: rated.ids.union(ids), songs: songs).check(context)
    }
}
