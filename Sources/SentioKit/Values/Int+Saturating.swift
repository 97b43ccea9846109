extension Int {
    /// The whole part of any number: the largest or smallest integer for numbers out of range, 0 for NaN.
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
