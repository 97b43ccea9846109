/// Layered graph layout (after Sugiyama, Tagawa and Toda 1981) in which no line runs behind a box: boxes are assigned
/// to layers from the top, long lines reserve a place in every layer that they cross, and each layer is ordered by the
/// mean position of its neighbors. Deterministic.
struct StageGraphLayout {
    struct Size: Equatable {
        let width: Double
        let height: Double
    }

    /// The top left corner of each box.
    let corners: [(x: Double, y: Double)]
    /// The points of each line, from the lower edge of one box to the upper edge of another.
    let lines: [[(x: Double, y: Double)]]
    let width: Double
    let height: Double

    /// Boxes per layer; further boxes go to the next layer.
    private static let mostInLayer = 5
    private static let gap = (x: 16.0, y: 38.0), lane = 10.0, sweeps = 12

    /// A place in a layer: a box, or a lane for a long line.
    private struct Place {
        let width: Double
        let layer: Int
        var above: [Int] = []
        var below: [Int] = []
        /// The center.
        var x = 0.0
    }

    /// - Parameter before: for each box, the boxes that it reads from, which precede it in the list.
    init(before: [[Int]], box: Size) {
        let edges = Self.reduced(before)
        let layer = Self.layers(edges)
        var places = layer.map { Place(width: box.width, layer: $0) }
        var routes: [[Int]] = []
        for (to, sources) in edges.enumerated() {
            for from in sources {
                var route = [from]
                for crossed in layer[from] + 1..<layer[to] {
                    route.append(places.count)
                    places.append(Place(width: Self.lane, layer: crossed))
                }
                route.append(to)
                for (upper, lower) in zip(route, route.dropFirst()) {
                    places[upper].below.append(lower)
                    places[lower].above.append(upper)
                }
                routes.append(route)
            }
        }
        var rows = [[Int]](repeating: [], count: (layer.max() ?? -1) + 1)
        for index in places.indices { rows[places[index].layer].append(index) }
        Self.order(&rows, places)
        Self.place(rows, &places)
        let left = places.map { $0.x - $0.width / 2 }.min() ?? 0, right = places.map { $0.x + $0.width / 2 }.max() ?? 0
        width = right - left + Self.gap.x
        height = Double(rows.count) * (box.height + Self.gap.y)
        func x(_ place: Int) -> Double { places[place].x - left + 0.5 * Self.gap.x }
        func top(_ place: Int) -> Double { Double(places[place].layer) * (box.height + Self.gap.y) + 0.5 * Self.gap.y }
        corners = layer.indices.map { (x($0) - box.width / 2, top($0)) }
        lines = routes.map { route in
            route.enumerated().flatMap { step, place in
                let upper = (x: x(place), y: top(place)), lower = (x: x(place), y: top(place) + box.height)
                return step == 0 ? [lower] : step == route.count - 1 ? [upper] : [upper, lower]
            }
        }
    }

    /// Transitive reduction: without the lines implied by longer paths, such as `a → c` if there are `a → b` and `b →
    /// c`.
    static func reduced(_ before: [[Int]]) -> [[Int]] {
        var reached: [Set<Int>] = []
        return before.enumerated().map { index, sources in
            let sources = Set(sources.filter { $0 >= 0 && $0 < index }).sorted()
            reached.append(sources.reduce(into: Set(sources)) { $0.formUnion(reached[$1]) })
            return sources.filter { source in !sources.contains { $0 != source && reached[$0].contains(source) } }
        }
    }

    private static func layers(_ before: [[Int]]) -> [Int] {
        var layers = [Int](repeating: 0, count: before.count), counts: [Int: Int] = [:]
        let read = Set(before.flatMap { $0 }), lone = before.indices.filter { before[$0].isEmpty && !read.contains($0) }
        func put(_ box: Int, from lowest: Int) {
            var layer = lowest
            while counts[layer, default: 0] >= mostInLayer { layer += 1 }
            counts[layer, default: 0] += 1
            layers[box] = layer
        }
        for (box, sources) in before.enumerated() where !lone.contains(box) {
            put(box, from: (sources.map { layers[$0] }.max() ?? -1) + 1)
        }
        // Unconnected boxes are placed below the others.
        let last = lone.count < before.count ? (layers.max() ?? 0) + 1 : 0
        for box in lone { put(box, from: last) }
        return layers
    }

    private static func order(_ rows: inout [[Int]], _ places: [Place]) {
        var best = rows, fewest = crossings(rows, places)
        for sweep in 0..<sweeps where fewest > 0 {
            let isDown = sweep % 2 == 0
            for row in isDown ? Array(rows.indices.dropFirst()) : rows.indices.dropLast().reversed() {
                let fixed = rows[isDown ? row - 1 : row + 1]
                let rank = Dictionary(uniqueKeysWithValues: fixed.enumerated().map { ($1, Double($0)) })
                let keys = rows[row].enumerated().map { at, place in
                    let hung = (isDown ? places[place].above : places[place].below).compactMap { rank[$0] }
                    return (
                        key: hung.isEmpty ? Double(at) : hung.reduce(0, +) / Double(hung.count), at: at, place: place
                    )
                }
                rows[row] = keys.sorted { ($0.key, $0.at) < ($1.key, $1.at) }.map(\.place)
            }
            let found = crossings(rows, places)
            if found < fewest { (best, fewest) = (rows, found) }
        }
        rows = best
    }

    private static func crossings(_ rows: [[Int]], _ places: [Place]) -> Int {
        zip(rows, rows.dropFirst()).reduce(0) { sum, pair in
            let rank = Dictionary(uniqueKeysWithValues: pair.1.enumerated().map { ($1, $0) })
            let ends = pair.0.map { places[$0].below.compactMap { rank[$0] } }
            var crossed = 0
            for (index, left) in ends.enumerated() {
                for right in ends[(index + 1)...] {
                    crossed += left.reduce(0) { sum, end in sum + right.count { $0 < end } }
                }
            }
            return sum + crossed
        }
    }

    /// Moves each place toward the mean of its neighbors in other layers, as far as its own layer allows.
    private static func place(_ rows: [[Int]], _ places: inout [Place]) {
        func distance(_ left: Int, _ right: Int) -> Double { 0.5 * (places[left].width + places[right].width) + gap.x }
        for row in rows {
            var at = 0.0
            for (index, place) in row.enumerated() {
                if index > 0 { at += distance(row[index - 1], place) }
                places[place].x = at
            }
            for place in row { places[place].x -= at / 2 }
        }
        for sweep in 0..<2 * sweeps {
            for row in sweep % 2 == 0 ? rows : rows.reversed() {
                let wanted = row.map { place in
                    // The last sweeps consider both neighboring layers.
                    let both = sweep >= 2 * sweeps - 4
                    let hung =
                        both
                        ? places[place].above + places[place].below
                        : sweep % 2 == 0 ? places[place].above : places[place].below
                    return hung.isEmpty ? places[place].x : hung.reduce(0) { $0 + places[$1].x } / Double(hung.count)
                }
                var forward = wanted, backward = wanted
                for index in row.indices.dropFirst() {
                    forward[index] = max(forward[index], forward[index - 1] + distance(row[index - 1], row[index]))
                }
                for index in row.indices.dropLast().reversed() {
                    backward[index] = min(backward[index], backward[index + 1] - distance(row[index], row[index + 1]))
                }
                // Both respect the distances, and so does their mean.
                for (index, place) in row.enumerated() { places[place].x = 0.5 * (forward[index] + backward[index]) }
            }
        }
    }
}
