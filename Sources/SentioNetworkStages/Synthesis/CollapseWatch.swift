import SentioBase

/// Detects during training that a GAN has failed: its samples are all alike or nothing like music, or the critic has
/// won. Depends on the history alone, so that an interrupted training comes to the same verdict.
struct CollapseWatch {
    /// Consecutive epochs that must show the problem.
    let epochs: Int
    /// Epochs before which a generator is not judged: at first all of its samples are alike.
    let warmup: Int
    /// Epochs before which samples need not resemble songs: some generators need most of a training for that.
    let noiseFrom: Int

    /// Diversity below this share of real songs' is a collapse.
    static let leastDiversity = 0.25
    static let wonAccuracy = 0.99
    /// Ratio of the samples' frame-to-frame change to that of songs. Above it, samples are noise if their ratings are
    /// not recovered either; below it, they are one sustained sound. Useful generators (synthetic-on-real R² of 0.6)
    /// reached up to 2.9.
    static let frameChange = 0.2...2.5
    /// Ratings count as recovered if, in any dimension, the recovery from samples is at least this fraction of that
    /// from songs.
    static let leastRecovery = 0.3

    enum Problem: Equatable {
        /// Samples are nearly all alike: a model trained on them learns one song.
        case collapsed(String)
        /// Samples differ, but are nothing like songs: noise, or one sustained sound.
        case unlike(String)
        /// The critic separates everything: the generator no longer learns, but its samples may be good enough.
        case won(String)

        func isSameKind(as other: Problem) -> Bool {
            switch (self, other) {
            case (.collapsed, .collapsed), (.unlike, .unlike), (.won, .won): true
            default: false
            }
        }

        var sentence: String {
            switch self {
            case .collapsed(let sentence), .unlike(let sentence), .won(let sentence): sentence
            }
        }

        /// Whether a model trained on the samples would learn nothing about songs.
        var isUseless: Bool {
            switch self {
            case .collapsed, .unlike: true
            case .won: false
            }
        }
    }

    init(epochs: Int, of total: Int) {
        self.epochs = epochs
        warmup = max(2, total / 5)
        noiseFrom = max(warmup, 3 * total / 4)
    }

    /// The first useless state in the whole training; nil if there was none.
    func collapse(_ history: TrainingHistory) -> Problem? {
        for count in history.epochs.indices {
            let found = problem(Array(history.epochs.prefix(count + 1)))
            if found?.isUseless == true { return found }
        }
        return nil
    }

    /// The problem that the last epochs show; nil if there is none.
    func problem(_ history: TrainingHistory) -> Problem? { problem(history.epochs) }

    private func problem(_ history: [[String: Double]]) -> Problem? {
        guard history.count >= warmup + epochs else { return nil }
        let last = history.suffix(epochs), number = history.count
        let span = epochs == 1 ? "in epoch \(number)" : "in epochs \(number - epochs + 1) to \(number)"
        func all(_ name: String, _ test: (Double) -> Bool) -> Bool { last.allSatisfy { $0[name].map(test) ?? false } }
        func now(_ name: String) -> String { NumberText.three(last.last?[name] ?? 0) }
        if all("samples.diversity", { $0 < Self.leastDiversity }) {
            return .collapsed(
                "The generator has collapsed: \(span) its samples are nearly all alike, \(now("samples.diversity")) of "
                    + "the distance between real songs (below \(Self.leastDiversity)). Try `loss: hinge` with `norm: "
                    + "spectral`, a lower `generator_rate`, more `instance_noise`, or `preset: compact`; or keep the "
                    + "result anyway with `on_collapse: warn`."
            )
        }
        if history.count >= noiseFrom + epochs, let sentence = unlike(Array(last), span: span) {
            return .unlike(sentence)
        }
        let rising = (last.last?["generator.loss"] ?? 0) > (last.first?["generator.loss"] ?? 0) || epochs == 1
        if all("critic.accuracy_real", { $0 >= Self.wonAccuracy }),
            all("critic.accuracy_fake", { $0 >= Self.wonAccuracy }), rising
        {
            return .won(
                "The critic has won: \(span) it separates all songs from all samples (accuracies "
                    + "\(now("critic.accuracy_real")) and \(now("critic.accuracy_fake"))) and the generator's loss "
                    + "rises to \(now("generator.loss")); the generator no longer learns. Try `norm: spectral`, more "
                    + "`instance_noise`, a lower `critic_rate`, or `preset: compact`."
            )
        }
        return nil
    }

    private static func recovers(_ epoch: [String: Double]) -> Bool {
        epoch.contains { $0.key.hasSuffix(".recovery_ratio") && $0.value >= leastRecovery }
    }

    /// How the samples of these epochs differ from songs; nil if they do not, or nothing was measured.
    private func unlike(_ last: [[String: Double]], span: String) -> String? {
        func share(_ epoch: [String: Double], _ name: String, of other: String) -> Double? {
            guard let value = epoch[name], let real = epoch[other], real > 0 else { return nil }
            return value / real
        }
        func all(_ name: String, of other: String, _ test: (Double) -> Bool) -> Bool {
            last.allSatisfy { share($0, name, of: other).map(test) ?? false }
        }
        func now(_ name: String) -> String { NumberText.three(last.last?[name] ?? 0) }
        let what: String
        if all("samples.frame_change", of: "real.frame_change", { $0 > Self.frameChange.upperBound }),
            !last.contains(where: Self.recovers)
        {
            what =
                "its samples are noise: they change by \(now("samples.frame_change")) dB from frame to frame (songs: "
                + "\(now("real.frame_change"))) and their ratings cannot be recovered"
        } else if all("samples.frame_change", of: "real.frame_change", { $0 < Self.frameChange.lowerBound }) {
            what =
                "its samples are one sustained sound: they change by \(now("samples.frame_change")) dB from frame to "
                + "frame (songs: \(now("real.frame_change")))"
        } else if all("samples.band_mean_gap", of: "real.band_deviation", { $0 > 1 }) {
            what =
                "the means of its bands lie \(now("samples.band_mean_gap")) dB from those of songs, more than songs "
                + "vary in a band (\(now("real.band_deviation")))"
        } else {
            return nil
        }
        return
            "The generator is dead: \(span) \(what). A model trained on its samples learns nothing about songs. Try "
            + "`preset: compact`, more `epochs` or `steps`, or more songs; or keep the result anyway with "
            + "`on_collapse: warn`."
    }
}
