import SentioKit

/// Where a dataset's folder keeps its parts: the plain layout, or DEAM's folders as downloaded.
package struct DatasetLayout {
    /// Formats that `decode` reads.
    package static let audioExtensions: Set<String> = [
        "mp3", "wav", "flac", "ogg", "oga", "opus", "aiff", "aif", "aifc", "au", "caf",
    ]

    /// Where a dataset keeps its songs and ratings, relative to its folder; absolute paths stay.
    struct Places {
        var audio = DatasetLayout.audio
        var annotations = DatasetLayout.annotations + ".csv"
    }

    private static let audio = "audio", annotations = "annotations", metadata = "metadata"
    private static let deamAnnotations =
        "annotations/annotations averaged per song/song_level/static_annotations_averaged_songs_"
    private static let deamParts = ["1_2000.csv", "2000_2058.csv"]
    private static let deamYears = ["2013", "2014", "2015"]
    private static let deamDynamic =
        "annotations/annotations averaged per song/dynamic (per second annotations)/"

    /// What the engine should find and hash below `folder`. Everything but the folder itself is optional, because its
    /// layout is known only when it is read.
    /// - parameter prefix: of the requests' names, if there are several folders.
    /// - parameter suffix: of the names of requests for ratings: what is read from them depends on it, and names are
    ///   part of the key.
    static func requests(
        folder: String, prefix label: String = "", suffix: String = "", places: Places = Places()
    ) -> [SourceRequest] {
        func request(_ name: String, _ file: String, _ form: SourceRequest.Form = .file) -> SourceRequest {
            SourceRequest(label + name, path: path(file, in: folder), form: form, isOptional: true, ignoreRoot: folder)
        }
        var requests = [
            // No file has an extension of the empty set: the request says only that the folder must exist.
            SourceRequest(label + "folder", path: folder, form: .folder(extensions: [])),
            SourceRequest(
                label + audio, path: path(places.audio, in: folder), form: .folder(extensions: audioExtensions),
                isOptional: true, ignoreRoot: folder, fallback: places.audio == audio ? folder : nil),
            request(annotations + suffix, places.annotations),
            request(metadata, "metadata.csv"),
        ]
        for (name, prefix) in [("deam", "DEAM_audio/"), ("deam-flat", "")] {
            requests.append(request(name + "-audio", prefix + "MEMD_audio", .folder(extensions: audioExtensions)))
        }
        for (name, prefix) in [("deam", "DEAM_Annotations/"), ("deam-flat", "")] {
            for part in deamParts {
                requests.append(request(name + "-" + part + suffix, prefix + deamAnnotations + part))
            }
        }
        for year in deamYears { requests.append(request("deam-metadata-" + year, "metadata/metadata_\(year).csv")) }
        return requests
    }

    /// A place in a dataset's folder; `.` is the folder itself.
    private static func path(_ name: String, in folder: String) -> String {
        if name == "." { return folder }
        return name.hasPrefix("/") ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// Requests for ratings over time, one table per dimension. They are made only if such ratings are wanted: even an
    /// unanswered request is part of the key.
    static func dynamicRequests(
        folder: String, prefix label: String = "", suffix: String = "", dimensions: [String]
    ) -> [SourceRequest] {
        let root = folder.hasSuffix("/") ? folder : folder + "/"
        return dimensions.flatMap { dimension in
            zip(dynamicNames(dimension), dynamicPaths(dimension)).map { name, path in
                SourceRequest(label + name + suffix, path: root + path, isOptional: true, ignoreRoot: folder)
            }
        }
    }

    /// The table of a dimension's ratings over time, in any of the layouts; nil if there is none.
    static func dynamicFile(
        _ dimension: String, found context: StageContext, prefix label: String, suffix: String
    ) -> SourceFile? {
        dynamicNames(dimension).lazy.compactMap { context.sourceFiles(label + $0 + suffix).first }.first
    }

    private static func dynamicNames(_ dimension: String) -> [String] {
        ["dynamic-", "deam-dynamic-", "deam-flat-dynamic-"].map { $0 + dimension }
    }

    private static func dynamicPaths(_ dimension: String) -> [String] {
        ["dynamic/", "DEAM_Annotations/" + deamDynamic, deamDynamic].map { $0 + dimension + ".csv" }
    }

    /// The requests for audio files, in any of the layouts.
    static func audioRequests(prefix label: String) -> [String] {
        [audio, "deam-audio", "deam-flat-audio"].map { label + $0 }
    }

    let audioFiles: [SourceFile]
    /// Names in the folder of the songs that have no readable file behind them.
    let leftOut: [LeftOutFile]
    let annotationFiles: [SourceFile]
    let metadataFiles: [SourceFile]
    /// DEAM's own metadata files are ragged and need a lenient reader.
    let isDEAM: Bool

    /// The name of the folder of the songs in messages: `audio/`; empty if they are in the dataset's folder itself.
    let place: String

    /// - parameter faults: collects what is missing if the folder has neither layout.
    init(
        found context: StageContext, folder: String, prefix label: String = "", suffix: String = "",
        places: Places = Places(), _ faults: inout DatasetFaults
    ) {
        func files(_ names: [String]) -> [SourceFile] { names.flatMap { context.sourceFiles(label + $0) } }
        let plain = files([Self.annotations + suffix])
        let nested = Self.deamParts.flatMap { files(["deam-" + $0 + suffix]) }
        let flat = Self.deamParts.flatMap { files(["deam-flat-" + $0 + suffix]) }
        let plainAudio = files([Self.audio]), deamAudio = files(["deam-audio"]), flatAudio = files(["deam-flat-audio"])
        annotationFiles = !plain.isEmpty ? plain : !nested.isEmpty ? nested : flat
        // Without any ratings the folder has the layout of its songs.
        isDEAM = plain.isEmpty && !(annotationFiles.isEmpty && deamAudio.isEmpty && flatAudio.isEmpty)
        audioFiles = !isDEAM ? plainAudio : deamAudio.isEmpty ? flatAudio : deamAudio
        let isFlat = places.audio == "." || plainAudio.first.map { $0.path == Self.path($0.name, in: folder) } ?? false
        let plainPlace = isFlat ? "" : places.audio.hasSuffix("/") ? places.audio : places.audio + "/"
        place =
            !isDEAM ? plainPlace : deamAudio.isEmpty && !flatAudio.isEmpty ? "MEMD_audio/" : "DEAM_audio/MEMD_audio/"
        leftOut = (isDEAM ? ["deam-audio", "deam-flat-audio"] : [Self.audio]).flatMap {
            context.leftOutFiles(label + $0)
        }
        metadataFiles = isDEAM ? Self.deamYears.flatMap { files(["deam-metadata-" + $0]) } : files([Self.metadata])
        let look = FolderLook(folder, context)
        if annotationFiles.isEmpty {
            if let broken = context.leftOutFiles(label + Self.annotations + suffix).first {
                faults.add("The dataset \(folder) has no ratings: \(broken.sentence).")
            } else {
                let others: Set<String> = ["metadata.csv", "features.csv"]
                faults.add(
                    "The dataset \(folder) has no ratings: neither \(places.annotations) nor DEAM's "
                        + "DEAM_Annotations/\(Self.deamAnnotations)1_2000.csv "
                        + "exists.\(look.similarTable(to: places.annotations, others: others)) It should contain "
                        + "audio/, annotations.csv and, optionally, metadata.csv."
                )
            }
        }
        if audioFiles.isEmpty {
            var because =
                leftOut.first.map { " \(leftOut.count) names there have no file behind them: \($0.sentence)." } ?? ""
            because += look.unreadSongs(in: place)
            if because.isEmpty { because = look.misplacedSongs(place) }
            faults.add(
                "The dataset \(folder) has no songs: no \(Self.audioExtensions.sorted().joined(separator: ", ")) file "
                    + "is in \(place.isEmpty ? "it" : "its folder \(place)").\(because)"
            )
        }
    }
}
