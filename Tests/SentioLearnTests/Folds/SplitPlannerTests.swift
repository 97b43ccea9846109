import SentioLearn
import SentioNumerics
import Testing

@Suite struct SplitPlannerTests {
    /// Songs with artists of very different sizes, some without, and ratings around the artist's own.
    static func songs(_ count: Int, stream: UInt64, artists: Int = 40) -> [SplitSong] {
        var generator = Philox(key: 5, stream: stream)
        let homes = (0..<artists).map { _ in (generator.nextNormal(), generator.nextNormal()) }
        return (0..<count).map { index in
            let artist = min(generator.nextInt(below: artists), generator.nextInt(below: artists))
            let group: String? = index % 9 == 0 ? nil : index % 9 == 1 ? "  " : "artist \(artist)"
            let isRated = index % 31 != 0
            return SplitSong(
                id: "song \(index)", group: group,
                valence: isRated ? 5 + homes[artist].0 + 0.5 * generator.nextNormal() : nil,
                arousal: isRated ? 5 + homes[artist].1 + 0.5 * generator.nextNormal() : nil)
        }
    }

    static func groups(of songs: [SplitSong]) -> [String: [String]] {
        Dictionary(grouping: songs) { song in
            guard let group = song.group, !group.allSatisfy(\.isWhitespace) else { return "song: " + song.id }
            return "group: " + group
        }.mapValues { $0.map(\.id) }
    }

    @Test(arguments: 0..<12)
    func groupedAndStratifiedSplitsKeepTheirGuarantees(number: Int) throws {
        let songs = Self.songs([9, 40, 153, 400][number % 4], stream: UInt64(number), artists: 5 + 7 * number)
        let (validation, test) = [(0.1, 0.1), (0.2, 0.15), (0.0, 0.3)][number % 3]
        let plan = try SplitPlanner(songs: songs, grid: StratificationGrid()).split(
            validation: validation, test: test, seed: UInt64(number))
        #expect(plan.sets.count == songs.count)
        #expect(SplitSet.allCases.flatMap { plan.songs(in: $0) }.sorted() == songs.map(\.id).sorted())
        let groups = Self.groups(of: songs)
        for (name, members) in groups {
            #expect(Set(members.map { plan.sets[$0] }).count == 1, "\(name) is torn apart")
        }
        let largest = Double(groups.values.map(\.count).max() ?? 0)
        let fractions: [SplitSet: Double] = [
            .train: 1 - validation - test, .validation: validation, .test: test,
        ]
        for (set, fraction) in fractions {
            let size = plan.songs(in: set).count
            #expect((Double(size) - fraction * Double(songs.count)).magnitude <= max(1, largest))
            #expect((size > 0) == (fraction > 0))
        }
    }

    @Test func orderOfTheInputDoesNotMatterAndTheSeedDoes() throws {
        let songs = Self.songs(200, stream: 1)
        var generator = Philox(key: 1)
        let shuffled = generator.permutation(200).map { songs[$0] }
        let grid = try StratificationGrid(range: .scale(1...9))
        let plan = try SplitPlanner(songs: songs, grid: grid).split(validation: 0.1, test: 0.2, seed: 3)
        #expect(try SplitPlanner(songs: shuffled, grid: grid).split(validation: 0.1, test: 0.2, seed: 3) == plan)
        #expect(try SplitPlanner(songs: songs, grid: grid).split(validation: 0.1, test: 0.2, seed: 4) != plan)
        let folds = try SplitPlanner(songs: songs, grid: grid).folds(count: 7, seed: 3)
        #expect(try SplitPlanner(songs: shuffled, grid: grid).folds(count: 7, seed: 3) == folds)
    }

    @Test func stratificationEvensOutTheCells() throws {
        // 100 songs in four cells, 40 + 30 + 20 + 10: every fold of five gets exactly its fifth of each.
        let corners = [(1.0, 1.0), (1, 9), (9, 1), (9, 9)]
        let sizes = [40, 30, 20, 10]
        let songs = sizes.enumerated().flatMap { cell, size in
            (0..<size).map {
                SplitSong(id: "\(cell)-\($0)", valence: corners[cell].0, arousal: corners[cell].1)
            }
        }
        let plan = try SplitPlanner(songs: songs, grid: StratificationGrid()).folds(count: 5, seed: 9)
        for fold in 0..<5 {
            let cells = plan.songs(in: fold).map { $0.prefix(1) }
            for (cell, size) in sizes.enumerated() {
                #expect(cells.count { $0 == "\(cell)" } == size / 5)
            }
        }
        let random = try SplitPlanner(songs: songs).folds(count: 5, seed: 9)
        #expect((0..<5).allSatisfy { random.songs(in: $0).count == 20 })
        #expect((0..<5).contains { fold in random.songs(in: fold).count { $0.hasPrefix("3") } != 2 })
    }

    @Test func ungroupedSplitsHitTheirFractionsExactly() throws {
        let songs = Self.songs(200, stream: 2)
        let plan = try SplitPlanner(songs: songs, keepsGroups: false).split(validation: 0.1, test: 0.15, seed: 1)
        #expect(plan.songs(in: .train).count == 150)
        #expect(plan.songs(in: .validation).count == 20)
        #expect(plan.songs(in: .test).count == 30)
        let torn = Self.groups(of: songs).values.count { members in Set(members.map { plan.sets[$0] }).count > 1 }
        #expect(torn > 5)
    }

    @Test func plainRandomSplitsFavourNoSong() throws {
        let planner = try SplitPlanner(songs: (0..<10).map { SplitSong(id: "\($0)") })
        var counts: [String: Int] = [:]
        for seed in 0..<2000 {
            for id in try planner.split(validation: 0, test: 0.3, seed: UInt64(seed)).songs(in: .test) {
                counts[id, default: 0] += 1
            }
        }
        // 600 expected; 5 standard deviations of a binomial count are 103.
        #expect(counts.count == 10 && counts.values.allSatisfy { ($0 - 600).magnitude < 103 })
    }

    @Test func foldsOfGroupsAreEvenAndWhole() throws {
        let songs = Self.songs(300, stream: 3)
        let planner = try SplitPlanner(songs: songs, grid: StratificationGrid())
        let plan = try planner.folds(count: 5, seed: 1)
        let groups = Self.groups(of: songs)
        #expect(planner.groupCount == groups.count)
        for members in groups.values { #expect(Set(members.map { plan.folds[$0] }).count == 1) }
        let largest = groups.values.map(\.count).max() ?? 0
        for fold in 0..<5 { #expect((plan.songs(in: fold).count - 60).magnitude <= largest) }
        let ids = ["song 5", "song 0"]
        #expect(try plan.cvFolds(for: ids) == .given(ids.compactMap { plan.folds[$0] }))
        #expect(throws: LearnError.self) { try plan.cvFolds(for: ["stranger"]) }
    }

    @Test func asManyFoldsAsGroupsLeavesOneOutEach() throws {
        let songs = (0..<12).map { SplitSong(id: "\($0)", group: "g\($0 / 3)") }
        let plan = try SplitPlanner(songs: songs).folds(count: 4, seed: 1)
        #expect((0..<4).allSatisfy { plan.songs(in: $0).count == 3 })
    }

    @Test func aHugeArtistLeavesNoSetEmpty() throws {
        let songs = (0..<50).map { SplitSong(id: "\($0)", group: $0 < 46 ? "huge" : "small \($0)") }
        let plan = try SplitPlanner(songs: songs).split(validation: 0.1, test: 0.1, seed: 1)
        #expect(plan.songs(in: .train).count >= 46)
        #expect(!plan.songs(in: .validation).isEmpty && !plan.songs(in: .test).isEmpty)
        let tiny = try SplitPlanner(songs: (0..<3).map { SplitSong(id: "\($0)") }).split(
            validation: 0.01, test: 0.01, seed: 1)
        #expect(SplitSet.allCases.allSatisfy { tiny.songs(in: $0).count == 1 })
    }
}
