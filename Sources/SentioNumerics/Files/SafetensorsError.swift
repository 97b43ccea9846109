/// What is wrong with a `.safetensors` file.
public enum SafetensorsError: Error, Equatable, Sendable {
    case tooShort(bytes: Int)
    case headerTooLong(bytes: Int, limit: Int)
    case headerCutOff(needed: Int, found: Int)
    case badHeader(reason: String)
    case badTensor(name: String, reason: String)
    case unsupportedType(name: String, type: String)
    case wrongLength(expected: Int, found: Int)
}

extension SafetensorsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooShort(let bytes):
            "This is not a .safetensors file: it has only \(bytes) bytes, fewer than the 8 of the header length."
        case .headerTooLong(let bytes, let limit):
            "The .safetensors header claims \(bytes) bytes, more than the \(limit) allowed; the file is damaged or in "
                + "another format."
        case .headerCutOff(let needed, let found):
            "The .safetensors file ends inside its header: it has \(found) bytes of at least \(needed)."
        case .badHeader(let reason):
            "The .safetensors header cannot be read: \(reason)."
        case .badTensor(let name, let reason):
            "The tensor `\(name)` of the .safetensors file cannot be read: \(reason)."
        case .unsupportedType(let name, let type):
            "The tensor `\(name)` has values of type \(type); only F32, F64, F16 and BF16 can be read."
        case .wrongLength(let expected, let found):
            "The .safetensors header announces \(expected) bytes of values, but \(found) follow; the file is truncated "
                + "or has extra bytes at the end."
        }
    }
}
