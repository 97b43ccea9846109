import Testing

@testable import SentioReport

@Suite struct StageGraphLayoutTests {
    private static let box = StageGraphLayout.Size(width: 100, height: 40)
    /// Songs that nearly everything reads, a chain, and a stage that reads from far above: like the phases of a study.
    private static let study: [[Int]] = [
        [], [0], [0], [1], [1, 0], [2], [3, 2, 0], [4, 2, 0], [4, 2, 0], [4, 2, 0], [5, 4], [6, 0, 2], [7, 0, 2],
        [8, 0, 2], [9, 0, 2],
        [10, 0],
        [11, 12, 13, 14, 15, 0],
    ]

    @Test func linesThatOthersImplyAreLeftOut() {
        #expect(StageGraphLayout.reduced([[], [0], [1, 0], [2, 0]]) == [[], [0], [1], [2]])
        #expect(StageGraphLayout.reduced([[], [0], [0], [1, 2, 0]]) == [[], [0], [0], [1, 2]])
        // Backwards, as joined copies may point.
        #expect(StageGraphLayout.reduced([[1], [0]]) == [[], [0]])
    }

    @Test func boxesStandApartAndInside() {
        let layout = StageGraphLayout(before: Self.study, box: Self.box)
        for (index, one) in layout.corners.enumerated() {
            #expect(one.x >= 0 && one.x + 100 <= layout.width + 0.01 && one.y >= 0 && one.y + 40 <= layout.height)
            for other in layout.corners[..<index] {
                #expect(abs(one.x - other.x) >= 100 || abs(one.y - other.y) >= 40)
            }
        }
        for (index, sources) in Self.study.enumerated() {
            #expect(sources.allSatisfy { layout.corners[$0].y < layout.corners[index].y })
        }
    }

    /// Lines bend between layers alone; within a layer they go straight down, beside its boxes.
    @Test func noLineRunsBehindABox() {
        let layout = StageGraphLayout(before: Self.study, box: Self.box)
        #expect(layout.lines.count == StageGraphLayout.reduced(Self.study).reduce(0) { $0 + $1.count })
        #expect(layout.lines.contains { $0.count > 2 })
        for line in layout.lines {
            for point in line.dropFirst().dropLast() {
                let behind = layout.corners.contains { corner in
                    point.x > corner.x - 4 && point.x < corner.x + 104 && point.y >= corner.y
                        && point.y <= corner.y + 40
                }
                #expect(!behind, "\(point)")
            }
        }
    }

    @Test func whatHangsOnNothingStandsLast() {
        let layout = StageGraphLayout(before: [[], [], [0], []], box: Self.box)
        let lowest = layout.corners.map(\.y).max()
        #expect(
            layout.corners[1].y == lowest && layout.corners[3].y == lowest && layout.corners[2].y < layout.corners[1].y)
        #expect(StageGraphLayout(before: [], box: Self.box).corners.isEmpty)
        #expect(StageGraphLayout(before: [[], []], box: Self.box).corners.allSatisfy { $0.y == layout.corners[0].y })
    }
}
