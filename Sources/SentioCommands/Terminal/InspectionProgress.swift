/// The number of songs that were read so far, on one line of the terminal that is erased at the end.
struct InspectionProgress: Sendable {
    private let terminal = Terminal.standardError()

    func report(_ done: Int, of total: Int) {
        if terminal.isTerminal { Output.control("\rreading songs  \(done)/\(total)") }
    }

    func end() {
        if terminal.isTerminal { Output.control("\r\u{1B}[K") }
    }
}
