/// What is wrong with a `.npy` file.
public enum NpyError: Error, Equatable, Sendable {
    case notNpy
    case unsupportedVersion(major: Int, minor: Int)
    case headerTooLong(bytes: Int, limit: Int)
    case headerCutOff(needed: Int, found: Int)
    case badHeader(reason: String, offset: Int)
    case unsupportedType(String)
    case fortranOrder
    case tooLarge(shape: String)
    case wrongLength(expected: Int, found: Int)
}

extension NpyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notNpy:
            "This is not a .npy file: it does not start with the bytes 0x93 'NUMPY'. Save it again with numpy.save."
        case .unsupportedVersion(let major, let minor):
            "This .npy file has format version \(major).\(minor); only versions 1.0, 2.0 and 3.0 can be read."
        case .headerTooLong(let bytes, let limit):
            "The .npy header claims \(bytes) bytes, more than the \(limit) allowed; the file is damaged."
        case .headerCutOff(let needed, let found):
            "The .npy file ends inside its header: it has \(found) bytes of at least \(needed)."
        case .badHeader(let reason, let offset):
            "The .npy header cannot be read at byte \(offset): \(reason)."
        case .unsupportedType(let name):
            "The .npy file has values of type '\(name)'; only '<f4', '<f8' and '<i8' can be read. Convert the array "
                + "with astype."
        case .fortranOrder:
            "The .npy file is in Fortran order; save numpy.ascontiguousarray(x) instead."
        case .tooLarge(let shape):
            "The .npy header claims the shape \(shape), which is too large for memory; the file is damaged."
        case .wrongLength(let expected, let found):
            "The .npy header announces \(expected) bytes of values, but \(found) follow; the file is truncated or has "
                + "extra bytes at the end."
        }
    }
}
