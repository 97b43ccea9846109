import Foundation
import SentioNumerics
import Testing

/// Fixtures: tools/make_audio_fixtures.py (numpy.save).
struct NpyFileTests {
    func fixture(_ name: String) throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "npy"))
        return [UInt8](try Data(contentsOf: url))
    }

    @Test(arguments: [
        ("npy-float32", NpyArray([0, 0.25, 0.5, 0.75, 1, 1.25] as [Float], shape: [2, 3])),
        ("npy-float64-scalar", NpyArray([0.1] as [Double], shape: [])),
        ("npy-int64", NpyArray([-1, 0, 1 << 62] as [Int64], shape: [3])),
        ("npy-empty", NpyArray([] as [Float], shape: [3, 0, 2])),
    ])
    func readsAndWritesTheBytesOfNumPy(name: String, array: NpyArray) throws {
        let bytes = try fixture(name)
        #expect(try NpyFile.read(bytes) == array)
        #expect(NpyFile.write(array) == bytes)
    }

    @Test func readsVersion2() throws {
        #expect(try NpyFile.read(fixture("npy-version2")) == NpyArray([0, 1, 2, 3] as [Double], shape: [4]))
    }

    @Test func refusesWhatItCannotRead() throws {
        #expect(throws: NpyError.fortranOrder) { try NpyFile.read(fixture("npy-fortran")) }
        #expect(throws: NpyError.unsupportedType("<i2")) { try NpyFile.read(fixture("npy-int16")) }
        #expect(throws: NpyError.notNpy) { try NpyFile.read(Array("song_id,valence\n".utf8)) }
        #expect(throws: NpyError.notNpy) { try NpyFile.read([UInt8]()) }
    }

    @Test func checksTheLengthAgainstTheShape() throws {
        let bytes = try fixture("npy-float32")
        #expect(throws: NpyError.wrongLength(expected: 24, found: 23)) { try NpyFile.read(bytes.dropLast()) }
        #expect(throws: NpyError.wrongLength(expected: 24, found: 25)) { try NpyFile.read(bytes + [0]) }
    }

    @Test(arguments: [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4611686018427387904, 0), } x",
        "{'descr': '<f4', 'shape': (2,), }", "{", "", "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "{'descr': [('a', '<f4')]}",
    ])
    func refusesHostileHeaders(header: String) {
        let length = header.utf8.count
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8)
        #expect(throws: NpyError.self) { try NpyFile.read(bytes) }
    }

    @Test func aHeaderLongerThanTheFileIsNotAllocated() {
        let bytes = [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0]
        #expect(throws: NpyError.headerTooLong(bytes: 0x7FFF_FFFF, limit: 1 << 20)) { try NpyFile.read(bytes) }
    }

    @Test func everyErrorIsASentence() {
        let error = NpyError.wrongLength(expected: 24, found: 23)
        #expect(
            "\(error)"
                == "The .npy header announces 24 bytes of values, but 23 follow; the file is truncated or has extra "
                + "bytes at the end.")
    }

    @Test func mutatedFilesNeverCrash() throws {
        let bytes = try fixture("npy-float32")
        for offset in 0..<bytes.count {
            for value: UInt8 in [0, 0x27, 0x28, 0x39, 0x7F, 0xFF] {
                var mutated = bytes
                mutated[offset] = value
                _ = try? NpyFile.read(mutated)
                _ = try? NpyFile.read(Array(mutated.prefix(offset)))
            }
        }
    }
}
