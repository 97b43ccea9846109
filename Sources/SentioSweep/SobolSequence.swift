/// The Sobol sequence: points that fill the unit cube evenly, however many there are.
///
/// x_n is the exclusive or of the direction numbers selected by the bits of n's Gray code (Antonov and Saleev 1979),
/// with the direction numbers of `SobolDirections`. This is SciPy's unscrambled sequence, point for point. A digital
/// shift (the exclusive or with one number per dimension) preserves the evenness and moves the first point out of the
/// corner.
struct SobolSequence: Sendable {
    static var maximumDimensions: Int { SobolDirections.table.count }
    private static let bits = 32

    /// By dimension, 32 numbers.
    private let directions: [[UInt32]]
    private let shift: [UInt32]

    /// - Parameter shift: by dimension; nil: none.
    /// - Precondition: 1 to `maximumDimensions` dimensions.
    init(dimensions: Int, shift: [UInt32]? = nil) {
        precondition((1...Self.maximumDimensions).contains(dimensions))
        directions = SobolDirections.table.prefix(dimensions).map(Self.directions)
        self.shift = shift ?? Array(repeating: 0, count: dimensions)
    }

    private static func directions(polynomial: UInt32, start: [UInt32]) -> [UInt32] {
        let degree = start.count
        // The first dimension has no polynomial: it is the van der Corput sequence.
        guard degree > 0 else { return (0..<bits).map { 1 << UInt32(bits - 1 - $0) } }
        var numbers = start
        for index in degree..<bits {
            var number = numbers[index - degree] ^ numbers[index - degree] << UInt32(degree)
            for power in 1..<max(degree, 1) where polynomial >> UInt32(degree - power) & 1 == 1 {
                number ^= numbers[index - power] << UInt32(power)
            }
            numbers.append(number)
        }
        return numbers.enumerated().map { $1 << UInt32(bits - 1 - $0) }
    }

    /// Point n, counted from 0; coordinates in 0..<1.
    func point(_ index: Int) -> [Double] {
        let gray = UInt32(truncatingIfNeeded: index ^ index >> 1)
        return directions.indices.map { dimension in
            var number = shift[dimension]
            for bit in 0..<Self.bits where gray >> UInt32(bit) & 1 == 1 { number ^= directions[dimension][bit] }
            return Double(number) * 0x1p-32
        }
    }
}
