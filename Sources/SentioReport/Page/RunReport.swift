import SentioKit
public import SentioRunStore

/// Everything that a report shows about one run.
public struct RunReport: Sendable {
    /// The run as recorded in the run store.
    public let details: RunDetails
    let artifacts: RunArtifacts
    let columns: [ScoredColumn]
    let facts: SongFacts
    let series: [Series]
    /// The stage and set whose predictions are drawn; nil: those that the run is judged by.
    public var focus: (stage: String, set: String)?

    struct Series {
        let stage: String
        let name: String
        let points: [SeriesPoint]
    }

    /// Reads a run. Missing artifacts are skipped.
    /// - Parameter id: a complete run id.
    /// - Throws: `RunStoreError`.
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

    /// The columns that the report draws: those of `focus`, otherwise those of the stage that the run is judged by,
    /// otherwise those of the last scoring stage, preferring test songs.
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
