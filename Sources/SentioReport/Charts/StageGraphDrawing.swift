import SentioBase
import SentioRunStore

/// The stage graph of a run. Each stage is a box with its state as color and as text; copies of one stage share a box.
enum StageGraphDrawing {
    private struct Box {
        let name: String
        let kind: String
        var states: [String: Int]
        var seconds: Double
        var copies: Int
        var after: Set<String> = []
    }

    private static let size = StageGraphLayout.Size(width: 132, height: 46)

    static func chart(_ stages: [StageDetails], name: String) -> Chart {
        let boxes = boxes(stages)
        let index = Dictionary(uniqueKeysWithValues: boxes.enumerated().map { ($1.name, $0) })
        let layout = StageGraphLayout(before: boxes.map { $0.after.compactMap { index[$0] } }, box: size)
        var drawing = Drawing(width: layout.width, height: layout.height)
        for line in layout.lines { drawing.route(line, "edge") }
        for (box, at) in zip(boxes, layout.corners) {
            let state = worst(box.states), words = box.copies > 1 ? "\(box.copies) × \(box.kind)" : box.kind
            drawing.rectangle(
                at.x, at.y, size.width, size.height, "box \(state)", radius: 6,
                hint:
                    "\(box.name) (\(words)): "
                    + "\(text(box.states))\(box.seconds > 0 ? ", \(DurationText.measured(box.seconds))" : "")"
            )
            drawing.text(at.x + size.width / 2, at.y + 17, ShortText.middle(box.name, to: 19), "name")
            drawing.text(at.x + size.width / 2, at.y + 30, ShortText.middle(words, to: 22), "small")
            drawing.text(
                at.x + size.width / 2, at.y + 41,
                "\(state)\(box.seconds > 0 ? " · \(DurationText.measured(box.seconds))" : "")", "tiny")
        }
        var counts: [String: Int] = [:]
        for stage in stages { counts[stage.state, default: 0] += 1 }
        let finding = "\(Numerals.count(stages.count, "stage")): \(text(counts))"
        let lone = boxes.contains { box in
            ["skipped", "failed"].contains { box.states[$0] != nil } && box.after.isEmpty
        }
        var legend: [Chart.Entry] = []
        if !layout.lines.isEmpty {
            legend.append(
                .init(
                    style: "",
                    text:
                        "Lines lead from a stage to the stages that read its outputs; lines implied by longer paths "
                        + "are omitted."
                ))
        }
        if lone {
            legend.append(
                .init(
                    style: "",
                    text: "Inputs of skipped and failed stages are not recorded; these stages are placed last.")
            )
        }
        return Chart(
            title: finding + ".",
            svg: drawing.svg(
                title: finding,
                description: boxes.map {
                    "\($0.name) (\($0.kind), "
                        + "\(text($0.states)))"
                        + ($0.after.isEmpty ? "" : " after \($0.after.sorted().joined(separator: ", "))")
                }
                .joined(separator: "; ") + ".", name: name, keepsSize: true),
            legend: legend)
    }

    /// Stages are connected by content hashes: one reads what another wrote.
    private static func boxes(_ stages: [StageDetails]) -> [Box] {
        var producer: [String: String] = [:]
        for stage in stages {
            for hash in stage.outputs.values where producer[hash] == nil { producer[hash] = row(stage.stage) }
        }
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
        return order.compactMap { boxes[$0] }
    }

    /// The name without its copy: `cv.ridge` for `cv.ridge@fold=3`.
    private static func row(_ stage: String) -> String {
        guard let at = stage.firstIndex(of: "@") else { return stage }
        let rest = stage[at...]
        return String(stage[..<at]) + (rest.firstIndex(of: ".").map { String(rest[$0...]) } ?? "")
    }

    private static func worst(_ states: [String: Int]) -> String {
        ["failed", "interrupted", "running", "executed", "skipped", "cached"].first { states[$0] != nil } ?? "cached"
    }

    private static func text(_ states: [String: Int]) -> String {
        states.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }.joined(
            separator: ", ")
    }
}
