extension Int {
    /// The whole part of a number that may come from anywhere: the largest or smallest integer beyond those, 0 for what
    /// is no number.
    public init(saturating value: Double) {
        if value.isNaN {
            self = 0
        } else if value >= 0x1p63 {
            self = .max
        } else {
            self = value <= -0x1p63 ? .min : Int(value)
        }
    }
}
