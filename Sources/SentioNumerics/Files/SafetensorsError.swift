/// What is wrong with the bytes of a `.safetensors` file.
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
            "This is not a .safetensors file: it has \(bytes) bytes, and the length of the header alone takes 8."
        case .headerTooLong(let bytes, let limit):
            "The .safetensors header claims \(bytes) bytes, more than the \(limit) allowed; the file is damaged or of "
                + "another format."
        case .headerCutOff(let needed, let found):
            "The .safetensors file ends inside its header: \(needed) bytes are needed and \(found) are there."
        case .badHeader(let reason):
            "The .safetensors header cannot be read: \(reason)."
        case .badTensor(let name, let reason):
            "The tensor `\(name)` of the .safetensors file cannot be read: \(reason)."
        case .unsupportedType(let name, let type):
            "The tensor `\(name)` holds values of type \(type); F32, F64, F16 and BF16 can be read."
        case .wrongLength(let expected, let found):
            "The .safetensors header promises \(expected) bytes of values and \(found) follow it; the file is cut off "
                + "or has a tail."
        }
    }
}
