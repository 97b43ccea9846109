/// The sentence of what a call throws.
package func sentence(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "(nothing was thrown)"
    } catch {
        return "\(error)"
    }
}
