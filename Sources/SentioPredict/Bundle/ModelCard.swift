import SentioBase
import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// The model card of a bundle, for people: `card.md`.
struct ModelCard {
    private let bundle: ModelBundle
    private var facts: ModelFacts { bundle.facts }

    init(_ bundle: ModelBundle) { self.bundle = bundle }

    private static let measures = ["r2", "ccc", "rmse", "mae"]

    var markdown: String {
        ([title] + use + training + scores + certainty + slice + licences).joined(separator: "\n") + "\n"
    }

    private func text(_ key: String) -> String { facts.origin[key]?.text ?? "?" }

    private var title: String {
        "# `\(text("stage"))` of `\(text("pipeline"))`\n\nA \(text("kind")) model that rates songs"
            + (facts.dimensions.isEmpty ? "." : " in \(facts.dimensions.joined(separator: " and ")).")
    }

    private var use: [String] {
        func range(_ scale: ClosedRange<Double>) -> String {
            "from \(NumberText.short(scale.lowerBound)) to \(NumberText.short(scale.upperBound))"
        }
        let scales = zip(facts.dimensions, facts.scales).map { "\($0) \(range($1))" }
        let scale =
            facts.scale.map { " on a scale \(range($0))" }
            ?? (scales.isEmpty ? "" : " (\(scales.joined(separator: ", ")))")
        return [
            "", "## Intended use", "",
            "Estimates of how listeners would rate a recording\(scale), for research on music and emotion. Ratings are "
                + "averages over listeners of the training data; the model says nothing about a single listener, and "
                + "its errors are larger for music unlike the training songs.", "",
            "    sentio-pipeline predict FILE.sentio SONGS…",
        ]
    }

    private var training: [String] {
        var lines = [
            "", "## Training", "",
            "- Run \(text("run")), seed \(text("seed")), Sentio \(text("program"))",
            "- \(facts.trainingSongs) training songs; their SHA-256 are in `artifacts/*/artifact.json`, so that "
                + "`evaluate` refuses to score the model on them",
        ]
        for (stage, value) in facts.data.sorted(by: { $0.key < $1.key }) {
            let with = (value["with"]?.map ?? [:]).filter { $0.value != .null }.sorted { $0.key < $1.key }
            lines.append(
                "- `\(stage)` (\(value["kind"]?.text ?? "?")): "
                    + with.map { "\($0.key) \(JSON.text($0.value))" }.joined(separator: ", "))
        }
        return lines
    }

    private var scores: [String] {
        guard !facts.scores.isEmpty else {
            return ["", "## Scores", "", "The run did not score this model, so nothing is known about its errors."]
        }
        var lines = ["", "## Scores", ""]
        for (stage, metrics) in facts.scores.sorted(by: { $0.key < $1.key }) {
            let sets = Set(metrics.keys.compactMap { $0.split(separator: ".").first.map(String.init) }).sorted()
            lines += ["`\(stage)`; brackets hold 95 % intervals, the last column always predicts the mean rating:", ""]
            lines += ["| set | | value | mean predictor |", "|---|---|---|---|"]
            for set in sets {
                for dimension in facts.dimensions {
                    for measure in Self.measures {
                        let name = "\(set).\(dimension).\(measure)"
                        guard let value = metrics[name] else { continue }
                        let low = metrics[name + ".low"], high = metrics[name + ".high"]
                        let range = low.flatMap { low in high.map { " [\(number(low)), \(number($0))]" } } ?? ""
                        let baseline = metrics["\(set).baseline.\(dimension).\(measure)"].map(number) ?? ""
                        lines.append("| \(set) | \(dimension) \(measure) | \(number(value))\(range) | \(baseline) |")
                    }
                }
            }
            lines.append("")
        }
        return lines
    }

    private var certainty: [String] {
        var lines = ["", "## How sure it is", ""]
        guard let calibration = facts.calibration else {
            return lines + ["No intervals. " + (facts.withoutCalibration ?? "The bundle has no errors of the model.")]
        }
        let means = (0..<calibration.intervals.errors.columns).map { dimension in
            calibration.intervals.errors.column(dimension).reduce(0, +) / Double(calibration.songs)
        }
        let errors = zip(facts.dimensions, means).map { "\($0) \(number($1))" }.joined(separator: ", ")
        lines.append(
            "Intervals are split-conformal, from the errors \(calibration.source) (mean absolute error: \(errors)). "
                + "At level 0.9 they hold the mean rating of listeners for about 90 % of songs like the training "
                + "songs; for other songs nothing is promised.")
        let scaled = zip(facts.dimensions, calibration.intervals.areScaled).filter(\.1).map(\.0)
        if !scaled.isEmpty {
            lines += ["", "The intervals of \(IDList.all(scaled)) are wider where the errors are larger."]
        }
        return lines
    }

    private var slice: [String] {
        ["", "## From sound to rating", ""]
            + bundle.slice.stages.map { stage in
                "- `\(stage.name)`: \(stage.kind) of "
                    + stage.inputs.sorted { $0.key < $1.key }.map { "`\($0.value)`" }.joined(separator: ", ")
            }
    }

    private var licences: [String] {
        guard !facts.licences.isEmpty else { return [] }
        return ["", "## Licences of parts", ""]
            + facts.licences.sorted { $0.key < $1.key }.flatMap { part, text in
                ["`\(part)`:", ""] + text.split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" } + [
                    ""
                ]
            }
    }

    /// Three digits after the point.
    private func number(_ value: Double) -> String { NumberText.rounded(value, to: 3) }
}
