import Testing

/// `schema`: what an editor is told about pipeline files.
@Suite struct SchemaCommandTests {
    @Test func theSchemaKnowsTheKindsAndTheirParameters() throws {
        let schema = try CommandLineProject().sentio("schema").json
        #expect(schema["$schema"].text == "https://json-schema.org/draft/2020-12/schema")
        #expect(
            schema["properties"].keys == [
                "pipeline", "description", "extends", "seed", "params", "profiles", "stages", "expect", "headline",
                "sweep", "claims",
            ])
        let profiles = schema["properties"]["profiles"]
        #expect(profiles["properties"]["default"]["properties"].keys == ["description"])
        let other = profiles["additionalProperties"]["properties"]
        #expect(other.keys.isSuperset(of: ["description", "params", "stages"]))
        let stage = schema["$defs"]["stage"]
        #expect(
            stage["properties"].keys == [
                "uses", "in", "with", "stages", "matrix", "description", "on_error", "resources",
            ])
        let kinds = stage["properties"]["uses"]["anyOf"][0]["enum"].list.map { $0.raw as? String ?? "" }
        #expect(kinds.contains("mel-extract") && kinds.contains("command"))
        let rules = stage["allOf"].list
        #expect(rules.map { $0["if"]["properties"]["uses"]["const"].text } == kinds)
        let mel = try #require(rules.first { $0["if"]["properties"]["uses"]["const"].text == "mel-extract" })
        let with = mel["then"]["properties"]["with"]
        #expect(with["additionalProperties"].bool == false)
        #expect(with["properties"]["n_mels"]["default"].int == 128)
        #expect(with["properties"]["n_mels"]["anyOf"][0]["type"].text == "integer")
        #expect(mel["then"]["properties"]["in"]["properties"].keys == ["waveforms"])
        let command = try #require(rules.first { $0["if"]["properties"]["uses"]["const"].text == "command" })
        #expect(
            command["then"]["properties"].keys.isSuperset(of: ["cmd", "deps", "outs", "metrics"]),
            "they stand at the stage itself")
    }
}
