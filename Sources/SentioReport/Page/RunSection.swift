import SentioBase
import SentioKit
import SentioRunStore

/// The run: stage graph, parameters with their origin, artifacts with hashes, machine and code.
enum RunSection {
    static func html(_ run: RunReport, place: Int) -> String {
        let details = run.details
        var html =
            details.stages.isEmpty
            ? Markup.element("p", text: "No stage had started.")
            : "<div class=\"wide\">\(StageGraphDrawing.chart(details.stages, name: "graph-\(place)").html)</div>"
        if !details.parameters.isEmpty {
            var table = HTMLTable(["param", "value", "origin"])
            for parameter in details.parameters {
                table.rows.append([
                    parameter.name,
                    ShortText.end(PathText.shortened(parameter.value.text, typed: details.arguments), to: 200),
                    PathText.shortened(parameter.origin, typed: details.arguments),
                ])
            }
            html += table.html
        }
        html += configuration(details) + data(run) + machine(details) + notes(details)
        return html
    }

    private static func configuration(_ details: RunDetails) -> String {
        var table = HTMLTable(["stage parameter", "value"]), seen: Set<String> = []
        for stage in details.stages where !stage.configuration.isEmpty {
            // Copies of a stage differ only in their fold.
            let base = String(stage.stage.prefix { $0 != "@" })
            guard seen.insert(base).inserted else { continue }
            for (name, value) in stage.configuration.sorted(by: { $0.key < $1.key }) {
                table.rows.append([
                    "\(base).\(name)", ShortText.end(PathText.shortened(value.text, typed: details.arguments), to: 160),
                ])
            }
        }
        return table.rows.isEmpty
            ? ""
            : "<details><summary>All stage parameters, including defaults "
                + "(\(table.rows.count))</summary>\(table.html)</details>"
    }

    private static func data(_ run: RunReport) -> String {
        var table = HTMLTable(["artifact", "type", "songs or files", "hash"])
        for output in run.artifacts.outputs where !output.stage.contains("@") {
            let count = output.manifest.rows.isEmpty ? output.manifest.entries.count : output.manifest.rows.count
            table.rows.append([
                "\(output.stage).\(output.port)", output.manifest.type, Numerals.fixed(Double(count), 0),
                output.hash.hex,
            ])
        }
        let gone =
            run.artifacts.absent > 0
            ? Markup.element(
                "p",
                text:
                    "Omitted: figures that depend on \(Numerals.count(run.artifacts.absent, "artifact")) no longer in "
                    + "the cache."
            ) : ""
        return table.rows.isEmpty
            ? gone
            : "<details><summary>Artifacts with their hashes "
                + "(\(table.rows.count))</summary>\(table.html)</details>\(gone)"
    }

    private static func machine(_ details: RunDetails) -> String {
        let run = details.summary
        var table = HTMLTable(["", ""])
        table.namesRows = true
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { table.rows.append([name, value]) }
        }
        add("run", run.id)
        add("file", PathText.shortened(run.file, typed: details.arguments))
        add("command", "sentio-pipeline " + details.arguments.joined(separator: " "))
        add("seed", "\(run.seed)\(run.replicate > 0 ? ", replicate \(run.replicate)" : "")")
        add(
            "code",
            run.gitCommit.map {
                $0.prefix(12)
                    + (run.gitDirty == true
                        ? ", with uncommitted changes" : run.gitDirty == nil ? ", unknown whether modified" : "")
            })
        for name in ["sentio_version", "host", "system", "processor", "cores"] {
            add(name.replacing("_", with: " "), details.environment[name]?.text)
        }
        return "<h3>Machine and code</h3>" + table.html
    }

    private static func notes(_ details: RunDetails) -> String {
        var html = ""
        for expectation in details.expectations {
            html +=
                "<p class=\"\(expectation.holds ? "good" : "bad")\">\(expectation.holds ? "✓ holds" : "✗ fails"): "
                + "\(Markup.escaped(expectation.text)) (\(Markup.escaped(expectation.evidence)))</p>"
        }
        for text in details.unchecked { html += "<p class=\"note\">not checked: \(Markup.escaped(text))</p>" }
        let warnings = details.warnings.map { warning in
            Markup.element(
                "p",
                text: PathText.shortened(
                    "\(warning.stage.map { "\($0): " } ?? "")\(warning.sentence)", typed: details.arguments))
        }
        // The head of the page has a summary of them.
        if !warnings.isEmpty {
            html += "<details><summary>All warnings (\(warnings.count))</summary>\(warnings.joined())</details>"
        }
        return html
    }

    /// Failed stages, for the head of the page.
    static func failures(_ details: RunDetails) -> String {
        details.stages.filter { $0.state == "failed" }.map { stage in
            let text = "\(stage.stage) failed: \(stage.message ?? "no message")"
            return "<p class=\"note bad\">\(Markup.escaped(PathText.shortened(text, typed: details.arguments)))</p>"
        }.joined()
    }
}
