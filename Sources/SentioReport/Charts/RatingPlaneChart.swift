import SentioLearn

/// Songs on the valence–arousal plane, each with a line from its rating to its prediction.
enum RatingPlaneChart {
    struct Song {
        let id: String
        let truth: (valence: Double, arousal: Double)
        let predicted: (valence: Double, arousal: Double)
    }

    static func chart(_ songs: [Song], scale: ClosedRange<Double>, name: String, hints: Bool = true) -> Chart {
        let title = { (text: String) in
            "\(text) (\(Numerals.short(scale.lowerBound)) to \(Numerals.short(scale.upperBound)))"
        }
        let values = songs.flatMap { [$0.truth.valence, $0.truth.arousal, $0.predicted.valence, $0.predicted.arousal] }
        let low = min(scale.lowerBound, values.min() ?? scale.lowerBound),
            high = max(scale.upperBound, values.max() ?? scale.upperBound)
        var plot = Plot(
            x: Axis(title("valence"), covering: low, high, count: 8),
            y: Axis(title("arousal"), covering: low, high, count: 8), height: 420)
        let middle = 0.5 * (scale.lowerBound + scale.upperBound), frame = plot.inner
        plot.drawing.line(plot.px(middle), frame.top, plot.px(middle), frame.bottom, "reference")
        plot.drawing.line(frame.left, plot.py(middle), frame.right, plot.py(middle), "reference")
        for song in songs {
            plot.drawing.line(
                plot.px(song.truth.valence), plot.py(song.truth.arousal), plot.px(song.predicted.valence),
                plot.py(song.predicted.arousal),
                "link")
        }
        for song in songs {
            plot.drawing.circle(plot.px(song.predicted.valence), plot.py(song.predicted.arousal), 2.6, "dot s2")
            plot.drawing.circle(
                plot.px(song.truth.valence), plot.py(song.truth.arousal), 3, "ring s1",
                hint:
                    hints
                    ? "\(song.id): rated \(Numerals.fixed(song.truth.valence, 2)), "
                        + "\(Numerals.fixed(song.truth.arousal, 2)); predicted "
                        + "\(Numerals.fixed(song.predicted.valence, 2)), \(Numerals.fixed(song.predicted.arousal, 2))"
                    : nil)
        }
        func quadrant(_ at: (valence: Double, arousal: Double)) -> Quadrant {
            Quadrant(isHigh: [at.arousal >= middle, at.valence >= middle], dimensions: ["arousal", "valence"])
        }
        let right = songs.count { quadrant($0.truth) == quadrant($0.predicted) }
        // The number correct when always predicting the most common quadrant.
        let most = Dictionary(grouping: songs) { quadrant($0.truth) }.values.map(\.count).max() ?? 0
        let finding =
            "\(right) of \(Numerals.count(songs.count, "song")) are predicted in the quadrant of their ratings; the "
            + "most common quadrant contains \(most)"
        return Chart(
            title: finding + ".",
            svg: plot.drawing.svg(
                title: finding,
                description:
                    "x axis: valence; y axis: arousal. Each of \(songs.count) songs has a ring at its rating and a dot "
                    + "at its prediction, joined by a line.",
                name: name),
            legend: [.init(style: "ring s1", text: "rated"), .init(style: "dot s2", text: "predicted")])
    }
}
