import Foundation

/// The header of a LIBSVM model: the lines before its support vectors.
struct LIBSVMHeader {
    let kernel: SVMKernel
    let supportVectors: Int
    let rho: Double

    init(lines: ArraySlice<Substring>) throws(LearnError) {
        var fields: [String: String] = [:]
        for line in lines {
            let parts = line.split(whereSeparator: \.isWhitespace).map(String.init)
            if parts.count >= 2 { fields[parts[0]] = parts[1] }
        }
        func number(_ name: String) throws(LearnError) -> Double {
            guard let value = fields[name].flatMap(Double.init), value.isFinite else {
                throw .damagedModel(reason: "its line \"\(name)\" is missing or not a number")
            }
            return value
        }
        func whole(_ name: String) throws(LearnError) -> Int {
            guard let value = fields[name].flatMap(Int.init), value >= 0 else {
                throw .damagedModel(reason: "its line \"\(name)\" is missing or not a whole number")
            }
            return value
        }
        guard fields["svm_type"] == "epsilon_svr" else {
            throw .damagedModel(reason: "its svm_type is \(fields["svm_type"] ?? "missing"), not epsilon_svr")
        }
        let type = fields["kernel_type"] ?? "missing"
        guard let function = SVMKernel.function(libsvmName: type) else {
            let known = SVMKernel.functions.map { $0.libsvmName }.joined(separator: ", ")
            throw .damagedModel(reason: "its kernel_type is \(type), not one of \(known)")
        }
        var parameters = KernelParameters()
        if function.parameters.contains(.degree) { parameters.degree = try whole("degree") }
        if function.parameters.contains(.gamma) { parameters.gamma = try number("gamma") }
        if function.parameters.contains(.offset) { parameters.offset = try number("coef0") }
        kernel = SVMKernel(function, parameters)
        supportVectors = try whole("total_sv")
        rho = try number("rho")
    }
}
