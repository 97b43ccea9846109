import SentioBase
import SentioKit
import SentioLearn
import SentioSongStages

/// The real songs and synthetic items of a training set, for every ratio: prefixes of two fixed orders, so that sets of
/// growing ratios are nested.
struct MixPlan {
    /// The chosen songs and items, in byte order of ids.
    struct Choice {
        let songs: [String]
        let items: [String]
    }

    /// By quadrant, each in hash order; all under one key without strata.
    private let songs: [Quadrant?: [String]]
    private let items: [Quadrant?: [String]]
    private let strata: [Quadrant?]
    private let songCount: Int

    /// - parameter songs: ids and contents; `items` likewise.
    /// - parameter quadrant: of each id; nil: no strata.
    init(songs: [(String, ContentHash)], items: [(String, ContentHash)], quadrant: [String: Quadrant]?, seed: UInt64) {
        func ordered(_ all: [(id: String, content: ContentHash)]) -> [Quadrant?: [String]] {
            let keyed = all.map { (id: $0.id, key: Hashing.content("\(seed) \($0.content.hex)")) }
            return Dictionary(grouping: keyed.sorted { ($0.key, $0.id) < ($1.key, $1.id) }.map(\.id)) { quadrant?[$0] }
        }
        self.songs = ordered(songs.map { (id: $0.0, content: $0.1) })
        self.items = ordered(items.map { (id: $0.0, content: $0.1) })
        songCount = songs.count
        strata = Set(self.songs.keys).union(self.items.keys).sorted { ($0?.name ?? "") < ($1?.name ?? "") }
    }

    /// - throws: `StageFailure` if there are too few items.
    func choose(ratio: Double, mode: MixStage.Mode) throws -> Choice {
        let count = Double(songCount)
        let wanted = Int((mode == .fixedTotal ? count * ratio / (1 + ratio) : count * ratio).rounded())
        try require(wanted: wanted, ratio: ratio)
        let seats = seats(wanted)
        try require(seats)
        let removed = mode == .add ? [:] : seats
        return Choice(
            songs: sorted(strata.flatMap { Array((songs[$0] ?? []).dropFirst(removed[$0] ?? 0)) }),
            items: sorted(strata.flatMap { Array((items[$0] ?? []).prefix(seats[$0] ?? 0)) }))
    }

    /// Quadrants without a real song, and how many items are therefore not used.
    var idle: [(quadrant: Quadrant, items: Int)] {
        strata.compactMap { stratum in
            guard let stratum, songs[stratum] == nil, let count = items[stratum]?.count else { return nil }
            return (stratum, count)
        }
    }

    private func sorted(_ ids: [String]) -> [String] { ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// How many items each quadrant gets, in proportion to its real songs: Webster's divisor method (Balinski and Young
    /// 1982), under which no quadrant loses a seat when the total grows.
    private func seats(_ wanted: Int) -> [Quadrant?: Int] {
        var seats: [Quadrant?: Int] = [:]
        let shares = strata.map { Double(songs[$0]?.count ?? 0) }
        var left = wanted
        while left > 0 {
            let next = strata.indices.filter { shares[$0] > 0 }.min {
                let keys = [$0, $1].map { (Double(seats[strata[$0]] ?? 0) + 0.5) / shares[$0] }
                return (keys[0], $0) < (keys[1], $1)
            }
            guard let next else { break }
            seats[strata[next], default: 0] += 1
            left -= 1
        }
        return seats
    }

    private func require(wanted: Int, ratio: Double) throws {
        let all = items.values.reduce(0) { $0 + $1.count }
        guard wanted <= all else {
            throw StageFailure(
                "`ratio: \(NumberText.short(ratio))` of \(IDList.songs(songCount)) needs \(wanted) synthetic items, "
                    + "but there are \(all). Raise `count` of the stage that makes them to \(wanted), or lower `ratio`."
            )
        }
    }

    private func require(_ seats: [Quadrant?: Int]) throws {
        for stratum in strata {
            let (has, needs) = (items[stratum]?.count ?? 0, seats[stratum] ?? 0)
            guard let quadrant = stratum, needs > has else { continue }
            throw StageFailure(
                "The quadrant of \(quadrant.text) has \(IDList.songs(songs[stratum]?.count ?? 0)) and needs \(needs) "
                    + "synthetic items, but there are \(has). Raise `count` of the stage that makes them, let it draw "
                    + "ratings near the real ones, lower `ratio`, or set `stratify: none`."
            )
        }
    }
}
