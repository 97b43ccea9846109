import SentioLearn
import Testing

@Suite struct SplitErrorTests {
    let planner: SplitPlanner

    init() throws {
        planner = try SplitPlanner(songs: (0..<10).map { SplitSong(id: "\($0)") })
    }

    @Test(arguments: [(-0.1, 0.1), (0.1, 1.0), (0.5, 0.5), (0.9, 0.2), (.nan, 0.1), (0.1, .infinity)])
    func badFractionsAreRefused(validation: Double, test: Double) {
        #expect(throws: LearnError.self) { try planner.split(validation: validation, test: test, seed: 1) }
    }

    @Test func badSongsAreRefused() {
        for songs in [
            [], [SplitSong(id: "")], [SplitSong(id: "a"), SplitSong(id: "a")],
            [SplitSong(id: "a", valence: .nan)], [SplitSong(id: "a", arousal: .infinity)],
        ] {
            #expect(throws: LearnError.self) { try SplitPlanner(songs: songs) }
        }
    }

    @Test func tooFewSongsOrGroupsAreRefused() throws {
        #expect(throws: LearnError.self) { try planner.folds(count: 11, seed: 1) }
        #expect(throws: LearnError.self) { try planner.folds(count: 1, seed: 1) }
        let duo = try SplitPlanner(songs: (0..<10).map { SplitSong(id: "\($0)", group: "g\($0 % 2)") })
        let error = #expect(throws: LearnError.self) { try duo.split(validation: 0.1, test: 0.1, seed: 1) }
        #expect(
            error?.description
                == "The songs cannot be split: 10 songs in only 2 groups cannot fill 3 sets (train, validation, test) "
                + "without tearing a group apart.")
        #expect(throws: Never.self) { try duo.split(validation: 0, test: 0.1, seed: 1) }
        #expect(throws: LearnError.self) { try duo.folds(count: 3, seed: 1) }
    }

    @Test func badGridsAreRefused() {
        #expect(throws: LearnError.self) { try StratificationGrid(cells: 0) }
        #expect(throws: LearnError.self) { try StratificationGrid(cells: 101) }
        #expect(throws: LearnError.self) { try StratificationGrid(range: .scale(3...3)) }
        #expect(throws: LearnError.self) { try StratificationGrid(range: .scale(1 ... .infinity)) }
    }

    @Test func extremeRatingsFallIntoBorderCells() throws {
        let huge = Double.greatestFiniteMagnitude
        let songs = (0..<10).map { SplitSong(id: "\($0)", valence: $0 % 2 == 0 ? huge : -huge, arousal: 0) }
        for range in [StratificationGrid.Range.observed, .scale(1...9)] {
            let planner = try SplitPlanner(songs: songs, grid: StratificationGrid(range: range))
            #expect(try planner.folds(count: 5, seed: 1).folds.count == 10)
        }
    }
}
