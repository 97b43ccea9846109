import Foundation
import SentioNumerics

/// LIBSVM's text format of models (`svm_save_model`, type epsilon_svr), which `svm-predict` reads. Features are
/// numbered from 1, and zeros are omitted. The format holds neither the scaler nor any names.
extension SupportVectorMachine {
    /// The model in LIBSVM's format; every number reads back as the same double.
    public var libsvmText: String {
        var lines = ["svm_type epsilon_svr", "kernel_type \(kernel.name)"]
        let (used, parameters) = (kernel.function.parameters, kernel.parameters)
        if used.contains(.degree) { lines.append("degree \(parameters.degree)") }
        if used.contains(.gamma) { lines.append("gamma \(parameters.gamma)") }
        if used.contains(.offset) { lines.append("coef0 \(parameters.offset)") }
        lines += ["nr_class 2", "total_sv \(vectors.rows)", "rho \(-intercept)", "SV"]
        for (row, coefficient) in coefficients.enumerated() {
            var line = "\(coefficient)"
            for (column, value) in vectors.row(row).enumerated() where value != 0 {
                line += " \(column + 1):\(value)"
            }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads LIBSVM's format, which does not say how many features there are.
    ///
    /// - Throws: `LearnError.damagedModel`, which names the line, for anything but an epsilon-SVR over `featureCount`
    ///   features.
    public init(libsvmText text: String, featureCount: Int) throws {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        guard let start = lines.firstIndex(where: { $0.trimmingCharacters(in: .whitespaces) == "SV" }) else {
            throw LearnError.damagedModel(reason: "it has no line \"SV\", so it is not a LIBSVM model")
        }
        let header = try LIBSVMHeader(lines: lines[..<start])
        let body = lines[(start + 1)...].enumerated().filter { !$1.allSatisfy(\.isWhitespace) }
        guard body.count == header.supportVectors else {
            throw LearnError.damagedModel(
                reason: "it announces \(header.supportVectors) support vectors, but contains \(body.count)")
        }
        let (size, overflow) = body.count.multipliedReportingOverflow(by: featureCount)
        // An untrusted file must not cause allocations far beyond its own size.
        guard featureCount >= 0, !overflow, featureCount <= 10_000_000, size <= 1_000_000_000 else {
            throw LearnError.damagedModel(reason: "\(body.count) x \(featureCount) values are too many")
        }
        var vectors = Matrix(rows: body.count, columns: featureCount)
        var coefficients: [Double] = []
        for (row, (offset, line)) in body.enumerated() {
            let number = start + offset + 2
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard let coefficient = fields.first.flatMap({ Double($0) }) else {
                throw LearnError.damagedModel(reason: "line \(number) does not begin with a coefficient")
            }
            coefficients.append(coefficient)
            for field in fields.dropFirst() {
                let parts = field.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, let column = Int(parts[0]), let value = Double(parts[1]),
                    (1...max(1, featureCount)).contains(column), column <= featureCount
                else {
                    throw LearnError.damagedModel(
                        reason: "line \(number) contains \"\(field.prefix(40))\" instead of a feature from 1 to "
                            + "\(featureCount) and its value, as in \"3:0.25\"")
                }
                vectors[row, column - 1] = value
            }
        }
        try self.init(
            kernel: header.kernel, vectors: vectors, coefficients: coefficients, intercept: -header.rho)
    }
}
