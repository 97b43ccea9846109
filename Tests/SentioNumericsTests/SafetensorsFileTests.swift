@testable import SentioNumerics
import Testing

struct SafetensorsFileTests {
    static let file = SafetensorsFile(
        [
            "b.weight": .init(shape: [2, 3], values: [1, -2.5, 3e-30, 4, .infinity, 6]),
            "a": .init(shape: [], values: [7]),
            "empty": .init(shape: [0, 3], values: []),
        ],
        metadata: ["format": "pt"])

    static func bytes(_ header: String, body: [UInt8] = []) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + body
    }

    @Test func roundTrip() throws {
        let bytes = try Self.file.bytes()
        #expect(try SafetensorsFile(bytes: bytes) == Self.file)
        #expect(try SafetensorsFile(bytes: bytes).bytes() == bytes)
        #expect((8 + Int(bytes[0]) + Int(bytes[1]) << 8) % 8 == 0)
    }

    @Test func readsHalfAndBrainFloats() throws {
        let header =
            #"{"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]}}"#
        let file = try SafetensorsFile(
            bytes: Self.bytes(header, body: [0x00, 0x3C, 0x01, 0x00, 0x00, 0xC5, 0x00, 0x7C, 0xC0, 0xBF]))
        #expect(file.tensors["h"]?.values == [1, 0x1p-24, -5, .infinity])
        #expect(file.tensors["b"]?.values == [-1.5])
    }

    @Test(arguments: [
        "", "[]", "{", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
        #"{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}"#, #"{"a":7}"#,
        #"{"a":{"dtype":"F32","shape":[],"data_offsets":[-4,0]}}"#,
    ])
    func refusesHostileHeaders(header: String) {
        #expect(throws: SafetensorsError.self) { try SafetensorsFile(bytes: Self.bytes(header, body: [0, 0, 0, 0])) }
    }

    /// Tensors stand one behind the other: none twice, none missing.
    @Test(arguments: [
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            "inside another"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "inside another"
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "4 bytes before it belong to no tensor"),
        (
            #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "2 bytes before it"
        ),
        (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, "announces 0 bytes"),
        (
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,0],"data_offsets":[0,0]}}"#,
            "larger than the file"
        ),
        (#"{"a":{"dtype":"F32","shape":[0,-1],"data_offsets":[0,0]}}"#, "negative"),
        (
            #"{"a":{"dtype":"F32","shape":[\#((0..<65).map { _ in "1" }.joined(separator: ","))],"data_offsets":[0,4]}}"#,
            "65 axes"
        ),
    ])
    func refusesTensorsThatDoNotFillTheFile(header: String, problem: String) {
        let error = #expect(throws: SafetensorsError.self) {
            try SafetensorsFile(bytes: Self.bytes(header, body: [0, 0, 0, 0, 0, 0, 0, 0]))
        }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    /// Whatever the order in the header, and with empty ones between.
    @Test func readsTensorsInAnyOrder() throws {
        let header =
            #"{"z":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0,5],"data_offsets":[4,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#
        let file = try SafetensorsFile(bytes: Self.bytes(header, body: [0, 0, 128, 63, 0, 0, 0, 64]))
        #expect(
            file.tensors["z"]?.values == [1] && file.tensors["a"]?.values == [2] && file.tensors["e"]?.shape == [0, 5])
    }

    @Test func refusesWrongLengths() throws {
        let bytes = try Self.file.bytes()
        #expect(throws: SafetensorsError.tooShort(bytes: 3)) { try SafetensorsFile(bytes: [1, 2, 3]) }
        #expect(throws: SafetensorsError.headerTooLong(bytes: Int.max, limit: 16 << 20)) {
            try SafetensorsFile(bytes: [UInt8](repeating: 255, count: 40))
        }
        for cut in [9, 40, bytes.count - 1] {
            #expect(throws: SafetensorsError.self) { try SafetensorsFile(bytes: Array(bytes.prefix(cut))) }
        }
        #expect(throws: SafetensorsError.wrongLength(expected: 28, found: 29)) {
            try SafetensorsFile(bytes: bytes + [0])
        }
    }
}
