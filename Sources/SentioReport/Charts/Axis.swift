/// A chart axis: a range of numbers with round ticks.
struct Axis: Equatable {
    /// The quantity with its unit: `true arousal (1 to 9)`.
    let title: String
    let low: Double
    let high: Double
    let ticks: [Double]
    private let decimals: Int

    /// Ticks at multiples of 1, 2 or 5 times a power of ten. The range is extended to ticks, so that it covers all
    /// data.
    /// - Parameter count: approximate number of ticks.
    init(_ title: String, covering low: Double, _ high: Double, count: Int = 5) {
        self.title = title
        // Beyond this the width of the range could overflow.
        let isDrawable = low.magnitude < 1e300 && high.magnitude < 1e300
        var (from, to) = isDrawable ? (min(low, high), max(low, high)) : (0, 1)
        if from == to {
            let room = max(from.magnitude * 0.1, 0.5)
            (from, to) = (from - room, to + room)
        }
        let step = Self.roundStep((to - from) / Double(max(1, count)))
        let first = (from / step - 1e-9).rounded(.up), last = (to / step + 1e-9).rounded(.down)
        self.low = first * step > from ? (first - 1) * step : first * step
        self.high = last * step < to ? (last + 1) * step : last * step
        let begin = (self.low / step).rounded(), end = (self.high / step).rounded()
        // Adding 0 turns -0 into 0.
        ticks = stride(from: begin, through: end, by: 1).map { $0 * step + 0 }
        var scale = step, decimals = 0
        while decimals < 8, (scale - scale.rounded()).magnitude > 1e-6 * scale {
            scale *= 10
            decimals += 1
        }
        self.decimals = decimals
    }

    /// Exactly this range and these ticks.
    init(_ title: String, from low: Double, to high: Double, ticks: [Double]) {
        self.title = title
        self.low = low
        self.high = high
        self.ticks = ticks
        decimals = ticks.allSatisfy { $0 == $0.rounded() } ? 0 : 2
    }

    private static func roundStep(_ rough: Double) -> Double {
        guard rough > 0, rough.isFinite else { return 1 }
        var power = 1.0
        while power > rough { power /= 10 }
        while power * 10 <= rough { power *= 10 }
        let lead = rough / power
        return power * (lead <= 1.0001 ? 1 : lead <= 2.0001 ? 2 : lead <= 5.0001 ? 5 : 10)
    }

    func label(_ tick: Double) -> String {
        tick.magnitude >= 1e6 || (tick != 0 && tick.magnitude < 1e-6)
            ? "\(Float(tick))" : Numerals.fixed(tick, decimals)
    }

    /// Relative position of a value: 0 at the low end, 1 at the high end.
    func part(_ value: Double) -> Double { (value - low) / (high - low) }
}
