import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct FilterTests {
    let folder: TemporaryFolder
    let store: RunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try RunStore.open(path: folder.file(), probe: FakeProbe())
        func parameters(_ ratio: Value, _ extra: [(String, Value)] = []) -> [RunDescription.Parameter] {
            ([("ratio", ratio)] + extra).map { .init(name: $0.0, value: $0.1, origin: "p.yaml:1") }
        }
        let songs = outcome("songs", configuration: ["n_mels": 64])
        _ = store.record(
            description(
                "a", name: "base", seed: 1, startedAt: 1000, parameters: parameters(1, [("gpu", true)]),
                tags: ["owner": "Ada L.", "fold": "3"],
                environment: ["git_commit": "abcdef123", "git_dirty": true]),
            [songs, outcome("score", metrics: ["test.ccc": 0.6, "test.r2": .nan])])
        _ = store.record(
            description(
                "b", pipeline: "phase2", seed: 2, startedAt: 2000, parameters: parameters(1.0), tags: ["fold": "10"]),
            [outcome("songs", configuration: ["n_mels": 128]), outcome("score", metrics: ["test.ccc": 0.4])],
            status: .failed)
        _ = store.record(
            description("c", startedAt: 3000, parameters: parameters("x y", [("model.depth", 6)])),
            [outcome("other.part", metrics: ["test.ccc": 0.9])])
        _ = store.record(description("d", startedAt: 4000), [])
    }

    private func ids(_ filter: String) throws -> String {
        try store.runs(filter: try RunFilter(filter, now: 5000)).map(\.id).sorted().joined()
    }

    @Test(arguments: [
        ("metrics.test.ccc > 0.5", "ac"), ("metrics.test.ccc>0.5 and params.ratio=1", "a"), ("params.ratio = 1", "ab"),
        ("metrics.score.test.ccc > 0.5", "a"), ("metrics.other.part.test.ccc >= 0.9", "c"),
        ("metrics.test.ccc < 1e0", "abc"),
        ("not metrics.test.ccc > 0.5", "bd"), ("metrics.test.ccc", "abc"), ("not metrics.test.ccc", "d"),
        ("metrics.test.r2", ""),
        ("metrics.test.ccc != 0.6", "bc"), ("metrics.test.ccc in (0.4, 0.9)", "bc"),
        ("metrics.test.ccc not in (0.4, 0.9)", "ad"),
        ("params.ratio = 'x y'", "c"), ("params.ratio like 'x%'", "c"), ("params.gpu = true", "a"),
        ("params.gpu = 1", ""),
        ("params.model.depth >= 6", "c"), ("params.\"model.depth\" == 6", "c"), ("params.ratio != 1", ""),
        ("params.ratio != 'x'", "c"),
        ("config.songs.n_mels = 64", "a"), ("config.songs.n_mels > 64", "b"), ("config.songs.absent", ""),
        ("config.songs.n_mels", "ab"),
        ("tags.owner = 'Ada L.'", "a"), ("tags.owner", "a"), ("tags.fold > 3", "b"), ("tags.fold = 3", "a"),
        ("tags.fold = '10'", "b"),
        ("tags.owner like 'ada%'", "a"), ("status = failed", "b"), ("status != succeeded", "b"),
        ("status in (failed, running)", "b"),
        ("seed >= 2", "bcd"), ("name = base", "a"), ("name", "a"), ("not name = base", "bcd"),
        ("pipeline = phase2 or name = 'base'", "ab"),
        ("commit = abc", "a"), ("commit = bcd", ""), ("dirty", "a"), ("dirty = false", "bcd"), ("tainted", ""),
        ("started > 45m", "cd"), ("started <= 45m", "ab"), ("started < 1971-01-02 and started >= '1969-12-30'", "abcd"),
        ("started <= 1970-01-01", "abcd"), ("started > 1970-01-01", ""), ("started >= 1970-01-01", "abcd"),
        ("started < 1970-01-01", ""),
        ("started > 2020-01-01", ""), ("started = 1970-01-01T00:16:40Z", "a"),
        ("started > '1970-01-01 00:33:20Z'", "cd"),
        ("(seed = 1 or seed = 2) and not (pipeline = phase2)", "a"),
        ("seed = 1 or seed = 2 and pipeline = phase1", "a"),
        ("NOT seed = 1 AND Metrics = 3", "error"), ("id = a or id = 'd'", "ad"),
    ])
    func finds(_ filter: String, _ expected: String) throws {
        if expected == "error" {
            #expect(throws: RunFilterError.self) { try ids(filter) }
        } else {
            #expect(try ids(filter) == expected)
        }
    }

    @Test(arguments: [
        ("", 0, "The filter is empty"), ("metrics.test.ccc > and seed = 1", 19, "Expected a number, not `and`."),
        ("metrics.test.ccc >", 18, "Expected a value, but the filter ends."),
        ("metric.a > 'x'", 11, "Expected a number"),
        ("sead = 1", 0, "Runs have no field `sead`; did you mean `seed`?"),
        ("metrcs.a = 1", 0, "did you mean `metrics.a`?"),
        ("params = 1", 0, "Runs have no field `params`"),
        ("seed = 1 pipeline = b", 9, "Expected `and` or `or` before `pipeline`."),
        ("(seed = 1", 0, "This parenthesis is never closed."),
        ("(seed = 1 seed = 2)", 10, "Expected `)`, but found `seed`."),
        ("seed = 1)", 8, "Expected `and` or `or`"),
        ("status = done", 9, "The status is one of running, succeeded, failed, interrupted."),
        ("status = faild", 9, "did you mean `failed`?"),
        ("name = 'x", 7, "The quote ' is never closed."), ("seed & 1", 5, "Unexpected `&`"),
        ("seed like 1", 10, "`like` can be used only"),
        ("started > soon", 10, "Expected a time"), ("status in failed", 10, "Expected a list in parentheses"),
        ("status in (failed", 17, "Expected `,` or `)` in the list"), ("dirty > true", 6, "only with `=` or `!=`"),
        ("name not = x", 9, "Expected `in` or `like` after `not`"),
        ("started = 2026-13-01", 10, "Expected a time"),
        (String(repeating: "(", count: 60), 50, "nested deeper than 50"), ("and", 0, "Expected a name such as"),
    ])
    func saysWhatIsWrongAndWhere(_ filter: String, _ offset: Int, _ sentence: String) {
        let error = #expect(throws: RunFilterError.self) { try RunFilter(filter, now: 0) }
        #expect(error?.offset == offset && error?.sentence.contains(sentence) == true, "\(error?.description ?? "")")
        guard let error, filter.count < 50 else { return }
        let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3 && lines[2].prefix { $0 == " " }.count == offset + 2)
    }

    @Test func quotedTextIsNeverSQL() throws {
        #expect(try ids("name = '''; DROP TABLE runs; --'") == "")
        #expect(try ids("metrics.\"x') OR 1 --\" > 0") == "")
        #expect(try ids("config.songs.\"n') OR ('1\" = 5") == "")
        #expect(try store.runs().count == 4)
    }

    @Test(arguments: [
        ("metrics.test.ccc desc", "cabd"), ("metrics.test.ccc", "bacd"), ("params.ratio desc, started", "cabd"),
        ("seed desc, started", "cdba"),
        ("started", "abcd"), ("name, id desc", "adcb"), ("config.songs.n_mels desc", "badc"), ("tags.fold", "badc"),
        ("status, id", "bacd"),
    ])
    func sorts(_ order: String, _ expected: String) throws {
        #expect(try store.runs(order: try RunOrder(order)).map(\.id).joined() == expected)
    }

    @Test(arguments: [("", 0), ("sead", 0), ("seed down", 5), ("seed,", 5), ("seed desc name", 10)])
    func aWrongOrderIsASentence(_ order: String, _ offset: Int) {
        #expect(#expect(throws: RunFilterError.self) { try RunOrder(order) }?.offset == offset)
    }

    @Test func columnsHaveTheRunsValues() throws {
        let columns = try ["metrics.test.ccc", "params.ratio", "config.songs.n_mels", "tags.owner", "seed"].map {
            try RunColumn($0)
        }
        let values = try store.values(columns, of: ["b", "d", "a"])
        #expect(
            values == [[0.4, .null, 0.6], [1.0, .null, 1], [128, .null, 64], [.null, .null, "Ada L."], [2, 42, 1]])
        #expect(
            try RunFilter("not metrics.a > 1 and (tags.b or metrics.a < 3)", now: 0).columns.map(\.name) == [
                "metrics.a", "tags.b",
            ])
        #expect(throws: RunFilterError.self) { try RunColumn("metric") }
    }
}
