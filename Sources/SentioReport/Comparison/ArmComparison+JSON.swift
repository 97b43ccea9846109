public import SentioKit
public import SentioLearn

extension ArmComparison {
    /// The whole comparison as printed by `--json`.
    public var value: Value {
        [
            "arms": .list(labels.map(Value.string)), "baseline": .string(labels[baseline]),
            "stages": .list(aligned.stages.map(Value.string)),
            "set": .string(aligned.set), "songs": .int(aligned.songs.count),
            "replicates": .list(aligned.replicates.map(Value.int)),
            "metric": .string(metric.rawValue), "resolution": .double(resolution),
            "cautions": .list(cautions.map(Value.string)), "omissions": .list(aligned.omissions.map(Value.string)),
            "verdicts": .list(
                Verdict.all(self).map {
                    ["arm": .string($0.arm), "sentence": .string($0.sentence), "differs": .bool($0.differs)]
                }),
            "dimensions": .list(dimensions.map(value)),
        ]
    }

    private func value(_ dimension: Dimension) -> Value {
        [
            "dimension": .string(dimension.name),
            "arms": .list(
                labels.indices.map { arm in
                    [
                        "arm": .string(labels[arm]),
                        "scores": .map(named(dimension.scores[arm].mapValues(\.value))),
                        "against_baseline": dimension.differences[arm].map { contrast in
                            .map(
                                named(
                                    contrast.differences.mapValues { difference in
                                        Self.value(
                                            difference, adjusted: contrast.adjusted[difference.metric] ?? difference.p)
                                    }))
                        } ?? .null,
                    ]
                }),
        ]
    }

    private func named(_ values: [Metric: Value]) -> [String: Value] {
        Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
    }

    private static func value(_ difference: ModelDifference, adjusted: Double) -> Value {
        [
            "difference": .double(difference.interval.estimate), "low": .double(difference.interval.lower),
            "high": .double(difference.interval.upper), "level": .double(difference.level), "p": .double(difference.p),
            "p_holm": .double(adjusted), "stands": .bool(difference.stands(p: adjusted)),
            "exceeds_seed_noise": difference.exceedsSeedNoise.map(Value.bool) ?? .null,
            "variance_songs": .double(difference.noise.songs),
            "variance_seed": difference.noise.seeds.map(Value.double) ?? .null,
            "variance_interaction": .double(difference.noise.interaction),
        ]
    }
}

extension Interval {
    var value: Value { ["value": .double(estimate), "low": .double(lower), "high": .double(upper)] }
}

extension ChangedSongs {
    /// The songs and groups as printed by `--json`.
    public var value: Value {
        func list(_ songs: [Song]) -> Value {
            .list(
                songs.map { song in
                    [
                        "song": .string(song.id), "change": .double(song.change),
                        "ratings": .list(
                            song.ratings.map {
                                [
                                    "dimension": .string($0.dimension), "truth": .double($0.truth),
                                    "baseline": .double($0.before),
                                    "arm": .double($0.after),
                                ]
                            }),
                    ]
                })
        }
        return [
            "arm": .string(arm), "better": list(better), "worse": list(worse),
            "remarks": .list(remarks.map(Value.string)),
            "groups": .list(
                groups.map { group in
                    [
                        "by": .string(group.by), "name": .string(group.name), "songs": .int(group.songs),
                        "change": group.change.value,
                    ]
                }),
        ]
    }
}

extension DoseResponse {
    /// The dose–response as printed by `--json`.
    /// - Parameter sentence: `DoseSentence.text`.
    public func value(sentence: String) -> Value {
        [
            "metric": .string(metric.rawValue), "best": .double(points[best].dose), "plateau": .double(plateau),
            "plausible": [.double(plausible.lowerBound), .double(plausible.upperBound)], "sentence": .string(sentence),
            "points": .list(
                points.map { point in
                    [
                        "dose": .double(point.dose), "score": point.score.value, "best_share": .double(point.bestShare),
                        "within_noise_of_best": .bool(point.isWithinNoise),
                    ]
                }),
        ]
    }
}
