import SentioNN

/// The numbers that every network workload prints.
struct NetworkMeasurement {
    /// `128x2584`
    let shape: String
    let precision: Precision
    var dropout = 0.0
    let batch: Int
    let threads: Int
    let secondsPerSample: Double
    /// Operations in products and convolutions, two per multiply-add; recomputation does not count.
    let operationsPerSample: Double

    /// Reads the memory peak before measuring the rate of plain products.
    func result() -> WorkloadResult {
        var result = WorkloadResult()
        if let peak = PeakMemory.megabytes { result.numbers["peak_rss_mb"] = peak }
        let gflops = operationsPerSample / secondsPerSample / 1e9
        result.texts = ["shape": shape, "precision": precision.rawValue]
        result.numbers["dropout"] = dropout
        result.numbers["batch"] = Double(batch)
        result.numbers["threads"] = Double(threads)
        result.numbers["seconds_per_sample"] = secondsPerSample
        result.numbers["gflops"] = gflops
        result.numbers["fraction_of_gemm_peak"] = gflops / GemmPeak.gflops(threads: threads)
        return result
    }

    /// The shortest time of several runs in seconds. The first run does not count unless it is the only one.
    static func shortest(of runs: Int, _ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for run in 0..<runs {
            let elapsed = try ContinuousClock().measure(body)
            if run > 0 || runs == 1 { best = min(best, elapsed / .seconds(1)) }
        }
        return best
    }

    /// The precision of `--precision`, as supported by this processor.
    static func precision(_ options: Options) throws -> Precision {
        try options.choice("precision", default: Precision.float32).native
    }
}
