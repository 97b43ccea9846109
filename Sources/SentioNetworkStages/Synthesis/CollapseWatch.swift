import SentioBase

/// Says while it happens that a GAN is no use: its samples are all alike, or nothing like music, or the critic has
/// won. A function of the history alone, so that an interrupted training says the same.
struct CollapseWatch {
    /// Epochs in a row that it takes.
    let epochs: Int
    /// Epochs before which a generator cannot be judged: at first all it makes is alike.
    let warmup: Int
    /// Epochs before which samples need not sound like songs: some take most of a training to become music.
    let noiseFrom: Int

    /// Diversity below this share of real songs' is a collapse.
    static let leastDiversity = 0.25
    static let wonAccuracy = 0.99
    /// Samples that change from frame to frame more than so many times as much as songs are noise if their ratings are
    /// not recovered either; below this share they hold one sound. Generators whose samples teach a model what
    /// songs mean (synthetic-on-real R² of 0.6) were seen with up to 2.9.
    static let frameChange = 0.2...2.5
    /// Ratings are recovered from samples if this share of what is recovered from songs is, in any dimension.
    static let leastRecovery = 0.3

    enum Problem: Equatable {
        /// Samples are nearly all alike: whatever learns from them learns one song.
        case collapsed(String)
        /// Samples differ, but they are nothing like songs: noise, or one sound that is held.
        case unlike(String)
        /// The critic tells all: the generator learns no more, but what it makes may be good enough.
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

        /// Whether whatever learns from the samples learns nothing of songs.
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

    /// The first time in a whole training that it was of no use; nil where there was none.
    func collapse(_ history: TrainingHistory) -> Problem? {
        for count in history.epochs.indices {
            let found = problem(Array(history.epochs.prefix(count + 1)))
            if found?.isUseless == true { return found }
        }
        return nil
    }

    /// What the last epochs show; nil where all is well.
    func problem(_ history: TrainingHistory) -> Problem? { problem(history.epochs) }

    private func problem(_ history: [[String: Double]]) -> Problem? {
        guard history.count >= warmup + epochs else { return nil }
        let last = history.suffix(epochs), number = history.count
        let span = epochs == 1 ? "in epoch \(number)" : "in epochs \(number - epochs + 1) to \(number)"
        func all(_ name: String, _ test: (Double) -> Bool) -> Bool { last.allSatisfy { $0[name].map(test) ?? false } }
        func now(_ name: String) -> String { NumberText.three(last.last?[name] ?? 0) }
        if all("samples.diversity", { $0 < Self.leastDiversity }) {
            return .collapsed(
                "The generator has collapsed: \(span) its samples are nearly all alike, \(now("samples.diversity")) "
                    + "of the distance between real songs (below \(Self.leastDiversity)). Try `loss: hinge` with "
                    + "`norm: spectral`, a lower `generator_rate`, more `instance_noise`, or `preset: compact`; or "
                    + "keep what it makes all the same with `on_collapse: warn`."
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
                "The critic has won: \(span) it tells all songs from all samples (\(now("critic.accuracy_real")) and "
                    + "\(now("critic.accuracy_fake")) right) and the generator's loss rises to "
                    + "\(now("generator.loss")); nothing is learned any more. Try `norm: spectral`, more "
                    + "`instance_noise`, a lower `critic_rate`, or `preset: compact`."
            )
        }
        return nil
    }

    private static func recovers(_ epoch: [String: Double]) -> Bool {
        epoch.contains { $0.key.hasSuffix(".recovery_ratio") && $0.value >= leastRecovery }
    }

    /// What in these epochs is nothing like songs; nil where something is, or nothing was measured.
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
                "its samples are noise, which changes by \(now("samples.frame_change")) dB from frame to frame where "
                + "songs change by \(now("real.frame_change")), and their ratings cannot be recovered"
        } else if all("samples.frame_change", of: "real.frame_change", { $0 < Self.frameChange.lowerBound }) {
            what =
                "its samples hold one sound: they change by \(now("samples.frame_change")) dB from frame to frame "
                + "where songs change by \(now("real.frame_change"))"
        } else if all("samples.band_mean_gap", of: "real.band_deviation", { $0 > 1 }) {
            what =
                "the means of its bands lie \(now("samples.band_mean_gap")) dB from those of songs, more than songs "
                + "vary in a band (\(now("real.band_deviation")))"
        } else {
            return nil
        }
        return
            "The generator is dead: \(span) \(what). Whatever is trained on its samples learns nothing of songs. Try "
            + "`preset: compact`, more `epochs` or `steps`, or more songs; or keep what it makes all the same with "
            + "`on_collapse: warn`."
    }
}
