/// What is known about the connected inputs of a stage, one element per port: amounts, attributes, contents.
///
/// A kind looks elements up by its declared ports. Tests and the engine, which know ports by name, build one from a
/// dictionary or a dictionary literal.
public struct PortMap<Element: Sendable>: Sendable, ExpressibleByDictionaryLiteral {
    private let elements: [String: Element]

    /// - Parameter elements: By name of the port; of a source by `key(ofSource:)`.
    public init(_ elements: [String: Element]) { self.elements = elements }

    /// By name of the port, each once.
    public init(dictionaryLiteral elements: (String, Element)...) {
        self.elements = Dictionary(uniqueKeysWithValues: elements)
    }

    /// The element of a port; nil where the port is not connected.
    public subscript(port: InputPort) -> Element? { elements[port.name] }

    /// The element of a source, by the name of its `SourceRequest`.
    public subscript(source name: String) -> Element? { elements[Self.key(ofSource: name)] }

    /// What a source is called among the ports.
    public static func key(ofSource name: String) -> String { "source:" + name }

    /// The elements of all ports and sources, for kinds that accept inputs under any name.
    public var all: [Element] { Array(elements.values) }
}

extension PortMap: Equatable where Element: Equatable {}
