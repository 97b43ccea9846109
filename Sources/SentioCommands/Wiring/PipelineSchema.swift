import SentioKit
import SentioSpec

/// The JSON Schema (draft 2020-12) of a pipeline file. `lint` checks what a schema cannot express: port types, cycles,
/// `${}`.
struct PipelineSchema {
    let registry: StageRegistry

    var value: Value {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Sentio pipeline", "type": "object",
            "additionalProperties": false,
            "properties": .map(file.merging(["profiles": profiles]) { _, new in new }),
            "$defs": [
                "reference": ["type": "string", "pattern": .string(#"\$\{[^}]+\}"#)],
                "stage": stage,
            ],
        ]
    }

    private var file: [String: Value] {
        [
            "pipeline": describe(["type": "string"], "Name of the pipeline. Default: the name of the file."),
            "description": ["type": "string"],
            "extends": describe(["type": "string"], "A file whose params and stages this one overrides key by key."),
            "seed": describe(
                orReference(["type": "integer"]), "Seed of all random numbers. Default: 0."),
            "params": describe(["type": "object"], "Values for `${name}`, and for `--set name=value`."),
            "stages": ["type": "object", "minProperties": 1, "additionalProperties": ["$ref": "#/$defs/stage"]],
            "sweep": sweep,
            "headline": describe(
                ["type": ["string", "null"]],
                "The stage that the run is about (`score`) or a metric of it (`score.test.ccc`); ` vs STAGE` at the "
                    + "end names its baseline. Default: the last stage that scores."
            ),
            "claims": describe(
                ["type": ["string", "null"]],
                "A YAML file with the claims of a publication and what is known about each, for the report. No result "
                    + "depends on it."
            ),
            "expect": describe(
                ["anyOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]]],
                "Conditions that must hold, such as `score.test.ccc >= 0.6` or `p(b_score.test.arousal.ccc vs score) "
                    + "< 0.05`."
            ),
        ]
    }

    private var sweep: Value {
        let value: Value = ["type": ["string", "number", "boolean", "null"]]
        let count = orReference(["type": "integer", "minimum": 1])
        let range: Value = [
            "values": ["type": "array", "minItems": 1, "items": value], "value": value,
            "min": orReference(["type": "number"]),
            "max": orReference(["type": "number"]), "q": orReference(["type": "number", "exclusiveMinimum": 0]),
            "distribution": ["enum": .list(SweepParameter.Distribution.allCases.map { .string($0.rawValue) })],
        ]
        return describe(
            [
                "type": "object", "additionalProperties": false,
                "properties": [
                    "name": ["type": "string"],
                    "method": ["enum": .list(SweepSpec.Method.allCases.map { .string($0.rawValue) })],
                    "parameters": describe(
                        [
                            "type": "object",
                            "additionalProperties": [
                                "type": "object", "additionalProperties": false, "properties": range,
                            ],
                        ], "Params, or parameters of stages (`ast.learning_rate`), and their values."),
                    "cells": describe(
                        ["type": "array", "items": ["type": "object"]], "The settings, for `method: list`."),
                    "metric": [
                        "anyOf": [
                            ["type": "string"],
                            [
                                "type": "object", "additionalProperties": false, "required": ["name"],
                                "properties": [
                                    "name": ["type": "string"], "goal": ["enum": ["minimize", "maximize"]],
                                ],
                            ],
                        ]
                    ],
                    "run_cap": describe(count, "Maximum number of settings; each runs once per replicate."),
                    "seed": describe(
                        orReference(["type": "integer"]),
                        "Seed of `random` and `sobol`. Default: the pipeline's."),
                    "replicates": describe(
                        [
                            "anyOf": [
                                count,
                                [
                                    "type": "object", "additionalProperties": false,
                                    "properties": [
                                        "count": count,
                                        "seeds": [
                                            "anyOf": [
                                                ["type": "string"], ["type": "array", "items": ["type": "string"]],
                                            ]
                                        ],
                                    ],
                                ],
                            ]
                        ],
                        "Number of runs of each setting with different seeds; `seeds` names the stages whose random "
                            + "numbers vary."
                    ),
                    "expect": describe(
                        ["anyOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]]],
                        "Claims, such as `mean(score.test.ccc, ratio=1) > 0.6` or `p(score.test.arousal.ccc, ratio=1 "
                            + "vs 0) < 0.05`."
                    ),
                ],
            ], "What `sweep` varies; `run` ignores it.")
    }

    /// A profile overrides the file, so its stages may be partial.
    private var profiles: Value {
        let description = describe(
            ["type": ["string", "null"]], "What the profile is for: runs and plans show it. It overrides nothing.")
        var own = file
        own["extends"] = nil
        own["description"] = description
        own["stages"] = ["type": "object", "additionalProperties": ["type": "object"]]
        let standing: Value = [
            "type": "object", "additionalProperties": false, "properties": ["description": description],
        ]
        return describe(
            [
                "type": "object",
                "properties": [
                    "default": describe(standing, "Describes the file's own values, which apply without a profile.")
                ],
                "additionalProperties": ["type": "object", "properties": .map(own)],
            ], "Named sets of values that `--profile` puts over those of the file.")
    }

    /// The schema of a stage: common keys, then those of its kind.
    private var stage: Value {
        [
            "type": "object",
            "properties": [
                "uses": describe(
                    orReference(["enum": .list(registry.allKinds.map(Value.string))]), "The stage's kind."),
                "in": describe(
                    ["type": "object", "additionalProperties": ["type": "string"]],
                    "Input ports and the stages that feed them."),
                "with": describe(["type": "object"], "Parameters of the kind."),
                "stages": describe(
                    ["type": "object", "minProperties": 1, "additionalProperties": ["$ref": "#/$defs/stage"]],
                    "The members of a group (\(registry.groupKinds.joined(separator: ", ")))."),
                "matrix": describe(["type": "object"], "One stage for each combination of these lists."),
                "description": ["type": "string"],
                "on_error": describe(orReference(["enum": ["fail", "skip"]]), "What to do if a song fails."),
                "resources": [
                    "type": "object", "additionalProperties": false,
                    "properties": ["cores": orReference(["type": "integer", "minimum": 1, "maximum": 4096])],
                ],
            ],
            "allOf": .list(registry.allKinds.compactMap { registry[$0].map(rule) ?? registry[group: $0].map(rule) }),
        ]
    }

    private func rule(_ kind: any StageKind.Type) -> Value {
        var then: [String: Value] = ["description": .string(kind.summary)]
        var parameters: [String: Value] = [:]
        for parameter in kind.parameters { parameters[parameter.name] = self.parameter(parameter) }
        if kind.notation.parametersAtStage {
            then["properties"] = .map(parameters)
        } else {
            var properties: [String: Value] = [
                "with": ["type": "object", "additionalProperties": false, "properties": .map(parameters)]
            ]
            if !kind.notation.takesFurtherInputs {
                let ports = kind.inputs.map { ($0.name, describe(["type": "string"], $0.summary)) }
                properties["in"] = [
                    "type": "object", "additionalProperties": false,
                    "properties": .map(Dictionary(ports, uniquingKeysWith: { first, _ in first })),
                ]
            }
            then["properties"] = .map(properties)
        }
        return [
            "if": ["properties": ["uses": ["const": .string(kind.kind)]], "required": ["uses"]],
            "then": .map(then),
        ]
    }

    private func rule(_ group: any StageGroup.Type) -> Value {
        var parameters: [String: Value] = [:]
        for parameter in group.parameters { parameters[parameter.name] = self.parameter(parameter) }
        let ports = group.inputs.map { ($0.name, describe(["type": "string"], $0.summary)) }
        let names = (group.provided.map(\.name) + group.reserved).map(Value.string)
        return [
            "if": ["properties": ["uses": ["const": .string(group.kind)]], "required": ["uses"]],
            "then": [
                "description": .string(group.summary), "required": ["stages"],
                "properties": [
                    "with": ["type": "object", "additionalProperties": false, "properties": .map(parameters)],
                    "in": [
                        "type": "object", "additionalProperties": false,
                        "properties": .map(Dictionary(ports, uniquingKeysWith: { first, _ in first })),
                    ],
                    "stages": ["propertyNames": ["not": ["enum": .list(names)]]],
                ],
            ],
        ]
    }

    private func parameter(_ parameter: any ParameterDefinition) -> Value {
        let unit = parameter.unit.map { " Unit: \($0)." } ?? ""
        var schema =
            describe(orReference(parameter.schema), "\(parameter.summary) Accepts \(parameter.accepted).\(unit)").map
            ?? [:]
        if let value = parameter.defaultAsValue { schema["default"] = value }
        return .map(schema)
    }

    /// A value, or text that contains `${name}`.
    private func orReference(_ schema: Value) -> Value { ["anyOf": [schema, ["$ref": "#/$defs/reference"]]] }

    private func describe(_ schema: Value, _ text: String) -> Value {
        .map((schema.map ?? [:]).merging(["description": .string(text)]) { _, new in new })
    }
}
