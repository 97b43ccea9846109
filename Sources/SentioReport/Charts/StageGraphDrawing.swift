import SentioRunStore

/// The stages of a run and how they hang together: a box each, its state by colour and by word; copies of one stage share a box.
enum StageGraphDrawing {
    private struct Box {
        let name: String
        let kind: String
        var states: [String: Int]
        var seconds: Double
        var copies: Int
        var after: Set<String> = []
        var rank = 0
    }

    private static let size = (width: 132.0, height: 46.0), gap = (x: 14.0, y: 34.0)
    /// Boxes in a row; more go into a second row of the same rank.
    private static let mostInRow = 6

    static func chart(_ stages: [StageDetails], name: String) -> Chart {
        let boxes = boxes(stages)
        var rows: [[Box]] = []
        for rank in 0...(boxes.map(\.rank).max() ?? 0) {
            let all = boxes.filter { $0.rank == rank }
            for start in stride(from: 0, to: all.count, by: mostInRow) {
                rows.append(Array(all[start..<min(start + mostInRow, all.count)]))
            }
        }
        let widest = Double(rows.map(\.count).max() ?? 1)
        let width = widest * (size.width + gap.x) + gap.x, height = Double(rows.count) * (size.height + gap.y)
        var drawing = Drawing(width: width, height: height)
        var places: [String: (x: Double, y: Double)] = [:]
        for (row, boxes) in rows.enumerated() {
            let used = Double(boxes.count) * (size.width + gap.x) - gap.x
            for (column, box) in boxes.enumerated() {
                places[box.name] = (
                    0.5 * (width - used) + Double(column) * (size.width + gap.x), Double(row) * (size.height + gap.y) + 0.5 * gap.y
                )
            }
        }
        for box in boxes {
            guard let to = places[box.name] else { continue }
            for producer in box.after.sorted() {
                guard let from = places[producer] else { continue }
                drawing.curve(from.x + size.width / 2, from.y + size.height, to.x + size.width / 2, to.y, "edge")
            }
        }
        for box in boxes {
            guard let at = places[box.name] else { continue }
            let state = worst(box.states), words = box.copies > 1 ? "\(box.copies) × \(box.kind)" : box.kind
            drawing.rectangle(
                at.x, at.y, size.width, size.height, "box \(state)", radius: 6,
                hint: "\(box.name) (\(words)): \(text(box.states))\(box.seconds > 0 ? ", \(Numerals.duration(box.seconds))" : "")")
            drawing.text(at.x + size.width / 2, at.y + 17, Markup.shortened(box.name, to: 19), "name")
            drawing.text(at.x + size.width / 2, at.y + 30, Markup.shortened(words, to: 22), "small")
            drawing.text(
                at.x + size.width / 2, at.y + 41, "\(state)\(box.seconds > 0 ? " · \(Numerals.duration(box.seconds))" : "")", "tiny")
        }
        var counts: [String: Int] = [:]
        for stage in stages { counts[stage.state, default: 0] += 1 }
        let finding = "\(Numerals.count(stages.count, "stage")): \(text(counts))"
        return Chart(
            title: finding + ".",
            svg: drawing.svg(
                title: finding,
                description: boxes.map {
                    "\($0.name) (\($0.kind), \(text($0.states)))\($0.after.isEmpty ? "" : " after \($0.after.sorted().joined(separator: ", "))")"
                }
                .joined(separator: "; ") + ".", name: name))
    }

    /// Producers are told by content: a stage reads what another wrote.
    private static func boxes(_ stages: [StageDetails]) -> [Box] {
        var producer: [String: String] = [:]
        for stage in stages { for hash in stage.outputs.values where producer[hash] == nil { producer[hash] = row(stage.stage) } }
        var order: [String] = [], boxes: [String: Box] = [:]
        for stage in stages {
            let name = row(stage.stage)
            if boxes[name] == nil {
                order.append(name)
                boxes[name] = Box(name: name, kind: stage.kind, states: [:], seconds: 0, copies: 0)
            }
            boxes[name]?.copies += 1
            boxes[name]?.states[stage.state, default: 0] += 1
            if stage.state == "executed" { boxes[name]?.seconds += stage.seconds ?? 0 }
            for hash in stage.inputs.values {
                if let before = producer[hash], before != name { boxes[name]?.after.insert(before) }
            }
        }
        // Stages come in an order in which producers go first, so one pass settles the ranks; copies may point backwards.
        var ranked: [String: Int] = [:]
        for name in order {
            let before = (boxes[name]?.after ?? []).filter { ranked[$0] != nil }
            let rank = (before.compactMap { ranked[$0] }.max() ?? -1) + 1
            boxes[name]?.rank = rank
            ranked[name] = rank
        }
        return order.compactMap { boxes[$0] }
    }

    /// `cv.ridge@fold=3` and its like are drawn as `cv.ridge`.
    private static func row(_ stage: String) -> String {
        guard let at = stage.firstIndex(of: "@") else { return stage }
        let rest = stage[at...]
        return String(stage[..<at]) + (rest.firstIndex(of: ".").map { String(rest[$0...]) } ?? "")
    }

    private static func worst(_ states: [String: Int]) -> String {
        ["failed", "interrupted", "running", "executed", "skipped", "cached"].first { states[$0] != nil } ?? "cached"
    }

    private static func text(_ states: [String: Int]) -> String {
        states.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
