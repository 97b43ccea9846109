/// What is wrong with the bytes of a `.npy` file.
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
            "This is not a .npy file: it does not begin with the bytes 0x93 'NUMPY'. Save it again with numpy.save."
        case .unsupportedVersion(let major, let minor):
            "This .npy file has format version \(major).\(minor); versions 1.0, 2.0 and 3.0 can be read."
        case .headerTooLong(let bytes, let limit):
            "The .npy header claims \(bytes) bytes, more than the \(limit) allowed; the file is damaged."
        case .headerCutOff(let needed, let found):
            "The .npy file ends inside its header: \(needed) bytes are needed and \(found) are there."
        case .badHeader(let reason, let offset):
            "The .npy header cannot be read at byte \(offset): \(reason)."
        case .unsupportedType(let name):
            "The .npy file holds values of type '\(name)'; '<f4', '<f8' and '<i8' can be read. Convert it with astype."
        case .fortranOrder:
            "The .npy file is in Fortran order; save numpy.ascontiguousarray(x) instead."
        case .tooLarge(let shape):
            "The .npy header claims the shape \(shape), which has more values than memory can address; the file is "
                + "damaged."
        case .wrongLength(let expected, let found):
            "The .npy header promises \(expected) bytes of values and \(found) follow it; the file is cut off or has "
                + "a tail."
        }
    }
}
