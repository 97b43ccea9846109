import SentioKit
public import SentioRunStore

/// All that a report shows of one run, read once.
public struct RunReport: Sendable {
    public let details: RunDetails
    public let artifacts: RunArtifacts
    public let columns: [ScoredColumn]
    public let facts: SongFacts
    let series: [Series]
    /// The stage and set whose predictions are drawn; nil: the last that was scored.
    public var focus: (stage: String, set: String)?

    struct Series {
        let stage: String
        let name: String
        let points: [SeriesPoint]
    }

    /// - parameter id: a whole run id.
    /// - throws: `RunStoreError`. Artifacts that are gone are left out.
    public init(_ id: String, store: RunStore, source: any ArtifactSource) throws {
        details = try store.details(id)
        artifacts = RunArtifacts(details, source: source)
        columns = try store.predictions(run: id)
        facts = artifacts.songFacts
        var series: [Series] = []
        for stage in details.stages {
            for name in stage.series.keys.sorted() {
                series.append(
                    Series(
                        stage: stage.stage, name: name,
                        points: try store.series(run: id, stage: stage.stage, name: name)))
            }
        }
        self.series = series
    }

    var label: String { details.summary.name ?? details.summary.id }

    /// Columns of the stage that the report draws: that which a comparison is about, else that which the run is about,
    /// else the last that scored a test set, or was cross-validated.
    var drawn: [ScoredColumn] {
        if let focus {
            let own = columns.filter { $0.stage == focus.stage && $0.set == focus.set }
            if !own.isEmpty { return own }
        }
        for set in AlignedArms.sets {
            let own = columns.filter { $0.set == set && $0.stage == details.summary.about?.stage }
            if !own.isEmpty { return own }
        }
        for set in AlignedArms.sets {
            if let last = columns.last(where: { $0.set == set }) {
                return columns.filter { $0.stage == last.stage && $0.set == set }
            }
        }
        return []
    }
}
