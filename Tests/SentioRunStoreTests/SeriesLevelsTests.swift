import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct SeriesLevelsTests {
    let folder: TemporaryFolder
    let store: RunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try RunStore.open(path: folder.file(), probe: FakeProbe())
    }

    private func points(_ count: Int) -> [SeriesPoint] {
        (0..<count).map { index in
            let value = Double((index * 7919) % 1009) / 10
            return SeriesPoint(step: 3 * index + 1, value: index % 50 == 7 ? Double.nan : value)
        }
    }

    /// What a bucket must be, from the points it stands for.
    private func expected(_ points: ArraySlice<SeriesPoint>) -> (
        minimum: Double, maximum: Double, mean: Double, count: Int
    ) {
        let numbers = points.map(\.value).filter { !$0.isNaN }
        return (
            numbers.min() ?? .nan, numbers.max() ?? .nan, numbers.reduce(0, +) / Double(numbers.count), numbers.count
        )
    }

    @Test(arguments: [(5000, 500, 16), (5000, 100, 64), (5000, 20, 64), (513, 40, 16)])
    func aLongSeriesIsReadInBuckets(_ count: Int, _ most: Int, _ span: Int) throws {
        let points = points(count)
        #expect(store.record(description("r"), [outcome("train", series: ["loss": points])]) == [])
        let series = try #require(try store.series(runs: ["r"], stage: "train", name: "loss", atMost: most).first)
        #expect(series.points == count && !series.isExact)
        #expect(series.buckets.count <= most || most < 64)
        var start = 0
        for bucket in series.buckets {
            let end = points.firstIndex { $0.step > bucket.lastStep } ?? count
            let wanted = expected(points[start..<end])
            #expect(bucket.firstStep == points[start].step && bucket.count == wanted.count)
            #expect(
                bucket.minimum == wanted.minimum && bucket.maximum == wanted.maximum
                    && abs(bucket.mean - wanted.mean) < 1e-9)
            start = end
        }
        #expect(start == count, "every point is in a bucket")
        #expect(try store.series(run: "r", stage: "train", name: "loss").count == count, "the exact points stay")
    }

    @Test func aShortSeriesIsExact() throws {
        let points = points(300)
        _ = store.record(description("r"), [outcome("train", series: ["loss": points, "a": points])])
        let series = try store.series(runs: ["r"])
        #expect(series.map(\.name) == ["a", "loss"] && series.allSatisfy(\.isExact))
        #expect(series[1].buckets.map(\.firstStep) == points.map(\.step))
        #expect(series[1].buckets[7].mean.isNaN && series[1].buckets[7].count == 0)
        #expect(try store.series(runs: ["r"], name: "loss", atMost: 100)[0].buckets.count == 100)
        #expect(try store.value("SELECT count(*) FROM series_levels") == 0)
    }

    /// A stage under way has no levels yet; what is read is the same.
    @Test func aGrowingSeriesIsReadToo() throws {
        let points = points(2000)
        let begun: [RunEvent] = [
            .runStarted(description("r")),
            .stageStarted(StageStart(stage: "train", kind: "train", reason: RunReason(.neverRun))),
        ]
        _ = store.record(begun + points.map { .series(stage: "train", name: "loss", step: $0.step, value: $0.value) })
        let growing = try #require(try store.series(runs: ["r"], atMost: 125).first)
        _ = store.record(description("s"), [outcome("train", series: ["loss": points])])
        let whole = try #require(try store.series(runs: ["s"], atMost: 125).first)
        #expect(growing.points == 2000 && growing.buckets.count == 125 && whole.buckets.count == 125)
        #expect(
            zip(growing.buckets, whole.buckets).allSatisfy { $0.firstStep == $1.firstStep && $0.minimum == $1.minimum })
    }

    @Test func emptyAndUnknown() throws {
        _ = store.record(description("r"), [outcome("train", series: ["loss": []])])
        #expect(try store.series(runs: ["r", "nobody"]).map(\.buckets.count) == [0])
        #expect(SeriesLevels.decoded(.init(repeating: 0, count: 47)) == nil)
    }
}
