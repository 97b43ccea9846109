import SentioBase

/// Says while it happens that a GAN is no use: its samples are all alike, or the critic has won. A function of the
/// history alone, so that an interrupted training says the same.
struct CollapseWatch {
    /// Epochs in a row that it takes.
    let epochs: Int
    /// Epochs before which a generator cannot be judged: at first all it makes is alike.
    let warmup: Int

    /// Diversity below this share of real songs' is a collapse.
    static let leastDiversity = 0.25
    static let wonAccuracy = 0.99

    enum Problem: Equatable {
        /// Samples are nearly all alike: whatever learns from them learns one song.
        case collapsed(String)
        /// The critic tells all: the generator learns no more, but what it makes may be good enough.
        case won(String)

        func isSameKind(as other: Problem) -> Bool {
            switch (self, other) {
            case (.collapsed, .collapsed), (.won, .won): true
            default: false
            }
        }

        var sentence: String {
            switch self {
            case .collapsed(let sentence), .won(let sentence): sentence
            }
        }
    }

    init(epochs: Int, of total: Int) {
        self.epochs = epochs
        warmup = max(2, total / 5)
    }

    /// The first collapse of a whole training; nil where there was none.
    func collapse(_ history: TrainingHistory) -> Problem? {
        for count in history.epochs.indices {
            let found = problem(Array(history.epochs.prefix(count + 1)))
            if case .collapsed = found { return found }
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
                    + "`norm: spectral`, a lower `generator_rate`, more `instance_noise`, or the preset `compact`; or "
                    + "keep what it makes all the same with `on_collapse: warn`."
            )
        }
        let rising = (last.last?["generator.loss"] ?? 0) > (last.first?["generator.loss"] ?? 0) || epochs == 1
        if all("critic.accuracy_real", { $0 >= Self.wonAccuracy }),
            all("critic.accuracy_fake", { $0 >= Self.wonAccuracy }), rising
        {
            return .won(
                "The critic has won: \(span) it tells all songs from all samples (\(now("critic.accuracy_real")) and "
                    + "\(now("critic.accuracy_fake")) right) and the generator's loss rises to "
                    + "\(now("generator.loss")); nothing is learned any more. Try `norm: spectral`, more "
                    + "`instance_noise`, a lower `critic_rate`, or the preset `compact`."
            )
        }
        return nil
    }
}
