/// A benchmark. It prints nothing; `main` prints its result as a line of JSON.
protocol Workload {
    static var name: String { get }
    /// The options, for the usage text.
    static var usage: String { get }
    static func run(_ options: Options) throws -> WorkloadResult
}
