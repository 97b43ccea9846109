import Foundation
import Testing

@Suite struct ReportCommandTests {
    @Test func oneFileThatLoadsNothing() throws {
        let project = try DemoProject.copy()
        let made = try project.sentio("report", "latest", "-o", "out.html", "--resamples", "200", "--players", "1")
        #expect(made.exitCode == 0 && made.output.hasPrefix("out.html: "), "\(made)")
        let page = String(decoding: try project.read("out.html"), as: UTF8.self)
        #expect(page.hasPrefix("<!doctype html>") && page.utf8.count < 3_000_000)
        #expect(page.firstMatch(of: #/(?:src|href)="(?!data:|\#)/#) == nil)
        #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("@import"))
        for title in ["Scores", "Predictions", "Spectrograms", "Songs", "Run details"] {
            #expect(page.contains("<h2>\(title)</h2>"), "\(title)")
        }
        // A row for each dimension.
        #expect(page.components(separatedBy: ">mean predictor</th>").count == 3)
        #expect(page.contains("<th scope=\"colgroup\" class=\"over\" colspan=\"2\">valence</th>"))
        #expect(!page.contains(project.path))
        #expect(page.contains("mean predictor") && !page.contains("id=\"claims\""))
        #expect(page.components(separatedBy: "<audio ").count == 2 && page.contains("data:audio/wav;base64,"))
        #expect(page.contains("data:image/png;base64,"))
    }

    @Test func severalRunsAreCompared() throws {
        let project = try DemoProject.copy()
        try project.sentio("run", "p.yaml", "--name", "<img src=x>", "--set", "ridge.alpha=1000000")
        let page = try project.sentio("report", "first", "<img src=x>", "-o", "-", "--resamples", "200").output
        #expect(page.contains("<h2>Comparison</h2>") && page.contains("ridge.alpha"))
        #expect(!page.contains("<img src=x>") && page.contains("&lt;img src=x&gt;"))
    }

    @Test func noFileThereWhereItCannotBeWritten() throws {
        let project = try DemoProject.shared()
        let lost = try project.sentio("report", "latest", "-o", "nowhere/out.html", "--resamples", "50")
        #expect(
            lost.exitCode == 1
                && lost.errors.contains("nowhere/out.html cannot be written: there is no folder nowhere"), "\(lost)")
        #expect(try project.sentio("report", "nobody").exitCode == 1)
        #expect(try project.sentio("report", "latest", "--sweep", "x").exitCode == 64)
    }

    @Test func aRunThatFailedSaysSo() throws {
        let project = try DemoProject.copy()
        try project.sentio("run", "p.yaml", "--name", "stopped", "--set", "dataset=nowhere")
        let page = try project.sentio("report", "stopped", "-o", "-", "--resamples", "50")
        #expect(page.exitCode == 0 && page.output.contains("songs failed: "), "\(page.errors)")
        #expect(page.output.contains("stopped has no scores") && !page.output.contains("<h2>Scores</h2>"))
        #expect(page.output.contains("<h2>Run details</h2>"))
    }
}
