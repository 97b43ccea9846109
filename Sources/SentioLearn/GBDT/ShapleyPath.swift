/// The Shapley values of the game of one leaf. A coalition of known features wins the value of the leaf if all of them
/// follow the path, times the shares of the unknown features.
///
/// With A the features that follow the path and B the others, z their shares, D their number and
/// w(k) = k! (D-1-k)! / D!:
///
///     phi(i in A) = v (1 - z_i) * prod_B z * sum over S in A without i of w(|S|) prod_(A without S, i) z
///     phi(i in B) = -v          * prod_B z * sum over S in A           of w(|S|) prod_(A without S) z
///
/// The sums over subsets are coefficients of the polynomial prod_A (t + z), so all values take O(D^2) time. This is the
/// polynomial of Lundberg's TreeSHAP, in which the share of a known feature is 0 or 1.
struct ShapleyPath {
    private let shares: [Double]
    private let value: Double
    private let weights: [Double]
    private var product: [Double]
    private var quotient: [Double]

    init(_ path: LeafPath) {
        shares = path.elements.map(\.share)
        value = path.value
        let count = shares.count
        var weights = [Double](repeating: 1 / Double(max(1, count)), count: max(1, count))
        for k in 1..<max(1, count) where k < count { weights[k] = weights[k - 1] * Double(k) / Double(count - k) }
        self.weights = weights
        product = [Double](repeating: 0, count: count + 1)
        quotient = [Double](repeating: 0, count: count + 1)
    }

    /// The expected value of the leaf if no feature is known.
    var expectation: Double { shares.reduce(value, *) }

    /// Calls `body` with the Shapley value of each element of the path.
    ///
    /// - Parameter goesAlong: whether the row fulfills the condition of an element.
    mutating func values(_ goesAlong: (Int) -> Bool, _ body: (_ element: Int, _ value: Double) -> Void) {
        var degree = 0
        var scale = value
        product[0] = 1
        for (element, share) in shares.enumerated() {
            guard goesAlong(element) else {
                scale *= share
                continue
            }
            product[degree + 1] = product[degree]
            for k in stride(from: degree, to: 0, by: -1) { product[k] = product[k - 1] + share * product[k] }
            product[0] *= share
            degree += 1
        }
        var missing = 0.0
        if degree < shares.count { for k in 0...degree { missing += weights[k] * product[k] } }
        for (element, share) in shares.enumerated() {
            guard goesAlong(element) else {
                body(element, -scale * missing)
                continue
            }
            var sum = 0.0
            var coefficient = product[degree]
            for k in stride(from: degree - 1, through: 0, by: -1) {
                sum += weights[k] * coefficient
                coefficient = product[k] - share * coefficient
            }
            body(element, scale * (1 - share) * sum)
        }
    }
}
