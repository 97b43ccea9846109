import SentioAudio

/// Decoding to 22,050 Hz mono and the 164 handcrafted features.
enum FeaturesWorkload: Workload {
    static let name = "features"
    static let usage = "--audio DIR [--clips N] [--threads T]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let decoder = AudioDecoder()
        let features = try HandcraftedFeatures()
        return try AudioFolder(options).time(threads: AudioFolder.threads(options)) { bytes in
            _ = try features.compute(decoder.decode(bytes).samples)
        }
    }
}
