/// A plot area with two axes.
struct Plot {
    let x: Axis
    let y: Axis
    var drawing: Drawing
    private let left: Double
    private let right: Double
    private let top: Double
    private let bottom: Double

    /// - Parameter left: margin for the labels of the y axis.
    init(x: Axis, y: Axis, width: Double = 440, height: Double = 320, left: Double = 56, grid: Bool = true) {
        self.x = x
        self.y = y
        self.left = left
        right = width - 14
        top = 12
        bottom = height - 46
        drawing = Drawing(width: width, height: height)
        for tick in x.ticks where (x.low...x.high).contains(tick) {
            let place = px(tick)
            drawing.line(place, grid ? top : bottom, place, bottom + 4, "grid")
            drawing.text(place, bottom + 18, x.label(tick), "tick")
        }
        for tick in y.ticks where (y.low...y.high).contains(tick) {
            let place = py(tick)
            drawing.line(left - 4, place, right, place, "grid")
            drawing.text(left - 8, place + 4, y.label(tick), "tick", anchor: .end)
        }
        drawing.line(left, bottom, right, bottom, "axis")
        drawing.line(left, top, left, bottom, "axis")
        drawing.text(0.5 * (left + right), height - 8, x.title, "label")
        if !y.title.isEmpty { drawing.text(14, 0.5 * (top + bottom), y.title, "label", turned: true) }
    }

    func px(_ value: Double) -> Double { left + x.part(value) * (right - left) }
    func py(_ value: Double) -> Double { bottom - y.part(value) * (bottom - top) }
    var inner: (left: Double, right: Double, top: Double, bottom: Double) { (left, right, top, bottom) }
}
