import Foundation
import SentioKit

/// Measures one song after another.
final class PeakWorker: ItemWorker {
    private let floor: Double

    init(floor: Double) { self.floor = floor }

    func process(_ item: Item) throws -> [UInt8] {
        let samples = try Npy.float32(item.bytes(PeakStage.waveforms))
        guard let peak = samples.map({ Double($0.magnitude) }).max(), peak > 0 else { return Npy.float64([floor]) }
        if peak > 1 { item.warn("The peak is above full scale.") }
        return Npy.float64([max(floor, 20 * log10(peak))])
    }
}
