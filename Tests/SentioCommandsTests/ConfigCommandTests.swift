import Testing

/// `config`: each value and the line that it came from.
@Suite struct ConfigCommandTests {
    @Test func valuesWithTheirOrigin() throws {
        let project = try DemoProject.shared()
        let config = try project.sentio("config", "p.yaml", "--origin", "--profile", "wide", "--set", "frames=8")
        #expect(config.exitCode == 0)
        func line(_ path: String) -> String? { config.lines.first { $0.hasPrefix(path + ":") } }
        #expect(line("stages.mels.with.n_mels")?.contains(#/: 24 +# p\.yaml:6, profile wide$/#) == true, "\(config)")
        #expect(line("stages.mels.with.frames")?.contains(#/: 8 +# --set frames=8$/#) == true)
        #expect(line("stages.mels.with.hop_length")?.contains(#/: 512 +# p\.yaml:13$/#) == true)
        #expect(line("stages.mels.with.top_db") == nil, "a default, and those were not asked for")
    }

    @Test func resolvedFillsInTheDefaults() throws {
        let project = try DemoProject.shared()
        let config = try project.sentio("config", "p.yaml", "--resolved", "--origin", "--json")
        let values = try config.json["values"].list
        let entry = values.first { $0["path"].text == "stages.mels.with.top_db" }
        #expect(entry?["value"].number == 80)
        #expect(entry?["origin"].text == "default")
    }

    @Test func extendsNamesTheBase() throws {
        let project = try CommandLineProject()
        try project.write(DemoProject.yaml, to: "base.yaml")
        try project.write("extends: base.yaml\nparams: { bands: 8 }\n", to: "p.yaml")
        let config = try project.sentio("config", "p.yaml", "--origin")
        #expect(config.lines.contains { $0.contains(#/^stages\.mels\.with\.n_mels: 8 +# p\.yaml:2$/#) }, "\(config)")
        #expect(config.lines.contains { $0.contains(#/^stages\.mels\.with\.fmax: 8000\.0 +# base\.yaml:13$/#) })
    }
}
