extension Bootstrap {
    /// What a sequence's scores are taken over.
    public enum SequenceView: Sendable {
        /// The steps of all songs.
        case pooled
        /// Each song, averaged.
        case perSong
    }

    /// Intervals of the scores of sequences: songs are resampled, each with all its steps, because the steps of a song
    /// are not independent.
    public func intervals(_ report: SequenceReport, _ view: SequenceView) -> BootstrapReport {
        self.report(of: scores(report, view, nil), targets: report.targets, songs: report.songs) { rows in
            scores(report, view, rows)
        }
    }

    /// Intervals of (second - first) for two predictors of the same songs.
    /// - Precondition: both have the same songs and targets in the same order.
    public func differences(first: SequenceReport, second: SequenceReport, _ view: SequenceView) -> BootstrapReport {
        precondition(
            first.targets == second.targets && first.songs == second.songs,
            "Two predictors are compared on the same songs.")
        func difference(_ rows: [Int]?) -> [RegressionScore] {
            zip(scores(first, view, rows), scores(second, view, rows)).map { $1.minus($0) }
        }
        return report(of: difference(nil), targets: first.targets, songs: first.songs) { difference($0) }
    }

    private func scores(_ report: SequenceReport, _ view: SequenceView, _ rows: [Int]?) -> [RegressionScore] {
        let rows = rows ?? Array(0..<report.songs)
        switch view {
        case .pooled: return report.pooled(rows)
        case .perSong: return report.perSong(rows)
        }
    }
}
