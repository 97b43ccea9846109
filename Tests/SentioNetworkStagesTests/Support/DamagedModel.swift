import SentioKit
import SentioNumerics
import SentioTesting
import Testing

/// A stored network whose files are changed one way or another, as strangers' files may be.
struct DamagedModel {
    let harness: StageHarness
    let manifest: Manifest
    let config: Value

    init(_ harness: StageHarness, _ manifest: Manifest) throws {
        self.harness = harness
        self.manifest = manifest
        config = try JSON.parse(Array(try harness.text(manifest, "config.json").utf8))
    }

    private func replacing(_ name: String, _ bytes: [UInt8]) -> Manifest {
        var manifest = manifest
        for index in manifest.entries.indices where manifest.entries[index].id == name {
            manifest.entries[index].blob = harness.store.write(bytes)
        }
        return manifest
    }

    func with(configBytes bytes: [UInt8]) -> Manifest { replacing("config.json", bytes) }

    /// - parameter value: put at a path in `config.json`; nil: what is there is removed.
    func with(_ value: Value?, at path: String) -> Manifest {
        let changed = Self.replacing(config, path.split(separator: ".").map(String.init)[...], with: value)
        return with(configBytes: Array(JSON.text(changed ?? .null).utf8))
    }

    private static func replacing(_ value: Value, _ path: ArraySlice<String>, with new: Value?) -> Value? {
        guard let name = path.first else { return new }
        var entries = value.map ?? [:]
        entries[name] = replacing(entries[name] ?? [:], path.dropFirst(), with: new)
        return .map(entries)
    }

    /// The paths of all values in `config.json` but those below `skipped`.
    func paths(without skipped: [String]) -> [String] {
        func below(_ value: Value, _ path: String) -> [String] {
            guard !skipped.contains(path) else { return [] }
            let inner = (value.map ?? [:]).sorted { $0.key < $1.key }.flatMap {
                below($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)")
            }
            return path.isEmpty ? inner : [path] + inner
        }
        return below(config, "")
    }

    func weights() throws -> SafetensorsFile {
        let entry = try #require(manifest.entry("weights.safetensors"))
        return try SafetensorsFile(bytes: try harness.store.read(entry.blob))
    }

    func with(weightBytes bytes: [UInt8]) -> Manifest { replacing("weights.safetensors", bytes) }

    func with(weights change: (inout SafetensorsFile) -> Void) throws -> Manifest {
        var file = try weights()
        change(&file)
        return with(weightBytes: try file.bytes())
    }
}
