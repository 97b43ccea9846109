import SentioKit

/// Predicted classes: the scores of the stages side by side with the majority class, and for each stage its songs by
/// true and predicted class.
enum ClassSection {
    /// A matrix of more classes is unreadable; the scores of its classes remain in scores.json.
    private static let mostClasses = 40

    private static let measures: [(name: String, title: String)] = [
        ("accuracy", "accuracy"), ("balanced_accuracy", "balanced accuracy"), ("macro_f1", "macro-F1"),
        ("log_loss", "log loss"),
    ]

    /// The scores that a stage wrote, as `evaluate-classes` and `cross-validate` write them.
    struct Scored {
        let stage: String
        let scores: Value

        var column: String { scores["column"]?.string ?? "class" }
        var classes: [String] { scores["classes"]?.list?.compactMap(\.string) ?? [] }
    }

    /// Whether a run has scored classes.
    static func isScored(_ run: RunReport) -> Bool { !scored(run.artifacts).isEmpty }

    static func html(_ run: RunReport) -> String { html(scored(run.artifacts)) }

    static func html(_ stages: [Scored]) -> String {
        guard !stages.isEmpty else { return "" }
        return table(stages) + stages.map(matrices).joined()
            + Markup.element(
                "p",
                text:
                    "Brackets: 95 % bootstrap intervals over songs. Balanced accuracy is the mean recall of the "
                    + "classes, macro-F1 the mean F1; both count a rare class as much as a frequent one.")
    }

    private static func scored(_ artifacts: RunArtifacts) -> [Scored] {
        artifacts.all(.scores).compactMap { output in
            guard let entry = output.manifest.entries.first, entry.blob.size <= RunArtifacts.mostBytes,
                let bytes = try? artifacts.source.read(entry.blob), let scores = try? JSON.parse(bytes),
                scores["confusion"]?.list != nil
            else { return nil }
            return Scored(stage: output.stage, scores: scores)
        }
    }

    /// One row per stage and set; the baseline follows its stage.
    private static func table(_ stages: [Scored]) -> String {
        var table = HTMLTable(
            ["stage"] + measures.map(\.title), numbers: Set(1...measures.count), caption: "Predicted classes")
        table.namesRows = true
        for stage in stages {
            for row in stage.scores["rows"]?.list ?? [] {
                let isModel = row["predictor"]?.string == "model"
                let set = row["set"]?.string ?? ""
                if !isModel { table.dimmed.insert(table.rows.count) }
                let songs = Numerals.count(row["songs"]?.int ?? 0, "song")
                let name = isModel ? "\(stage.stage), \(stage.column), \(words(set)), \(songs)" : "majority class"
                table.rows.append([name] + measures.map { cell(row, $0.name) })
            }
        }
        return table.html
    }

    private static func cell(_ row: Value, _ measure: String) -> String {
        guard let value = row[measure]?.double else { return "" }
        guard let low = row[measure + "_low"]?.double, let high = row[measure + "_high"]?.double else {
            return Numerals.fixed(value, 3)
        }
        return "\(Numerals.fixed(value, 3)) [\(Numerals.fixed(low, 2)), \(Numerals.fixed(high, 2))]"
    }

    /// Songs by true class (rows) and predicted class (columns), with the share of each row.
    private static func matrices(_ stage: Scored) -> String {
        let classes = stage.classes
        guard classes.count <= mostClasses else {
            return Markup.element(
                "p",
                text:
                    "\(stage.stage): \(classes.count) classes are too many for a table of true and predicted classes; "
                    + "scores.json has it.")
        }
        return (stage.scores["confusion"]?.list ?? []).map { matrix in
            let counts = matrix["counts"]?.list?.map { $0.list?.compactMap(\.int) ?? [] } ?? []
            let details = matrix["classes"]?.list ?? []
            var table = HTMLTable(
                ["true \(stage.column)"] + classes + ["songs", "recall", "precision"],
                numbers: Set(1...(classes.count + 3)),
                caption:
                    "\(stage.stage), \(words(matrix["set"]?.string ?? "")): songs by true \(stage.column) (rows) and "
                    + "predicted \(stage.column) (columns), with the share of the row")
            table.namesRows = true
            table.groups = [("", 1), ("predicted", classes.count), ("", 3)]
            for (name, (row, detail)) in zip(classes, zip(counts, details)) {
                let sum = row.reduce(0, +)
                guard sum > 0 else { continue }
                let cells = row.map { count in
                    count == 0 ? "" : "\(count) (\(Numerals.fixed(100 * Double(count) / Double(sum), 0)) %)"
                }
                let rates = ["recall", "precision"].map { detail[$0]?.double.map { Numerals.fixed($0, 2) } ?? "" }
                table.rows.append([name] + cells + ["\(sum)"] + rates)
            }
            return table.html
        }.joined()
    }

    private static func words(_ set: String) -> String {
        [
            "test": "test songs", "pooled": "songs, out of fold", "validation": "validation songs",
            "train_in_sample": "training songs, in-sample",
        ][set] ?? set
    }
}
