/// A parameter and the property of a settings type that it fills, for kinds whose parameters are the settings of
/// another module's type (`TrainingRecipe`): one line declares both, and the property's initial value is the default.
public struct Setting<Settings>: Sendable {
    /// The declared parameter.
    public let parameter: any ParameterDefinition
    private let fill: @Sendable (Configuration, inout Settings) -> Void

    /// The property takes the parameter's value.
    public init<T>(_ property: any WritableKeyPath<Settings, T> & Sendable, _ parameter: Parameter<T>) {
        self.parameter = parameter
        fill = { configuration, settings in settings[keyPath: property] = configuration[parameter] }
    }

    /// The property keeps what it holds where the parameter is null.
    public init<T>(_ property: any WritableKeyPath<Settings, T> & Sendable, unlessNull parameter: Parameter<T?>) {
        self.parameter = parameter
        fill = { configuration, settings in
            if let given = configuration[parameter] { settings[keyPath: property] = given }
        }
    }

    /// A parameter that the kind reads itself.
    public init(_ parameter: any ParameterDefinition) {
        self.parameter = parameter
        fill = { _, _ in }
    }

    /// Fills the property from the parameter's value.
    /// - Precondition: The parameter is in the list that the configuration was made with.
    public func apply(_ configuration: Configuration, to settings: inout Settings) { fill(configuration, &settings) }
}

/// Declares settings whose defaults are the values of a settings type, or, where it has presets, of the preset that the
/// user chooses.
public struct SettingDefaults<Settings: Sendable>: Sendable {
    private let plain: Settings
    private let presets: [(name: String, settings: Settings)]

    /// Defaults from a value.
    /// - Parameter presets: By name, the usual one first.
    public init(_ plain: Settings, presets: [(name: String, settings: Settings)] = []) {
        self.plain = plain
        self.presets = presets
    }

    /// A parameter whose default is the same in all presets.
    public func fixed<T: ParameterValue>(
        _ name: String, _ property: any WritableKeyPath<Settings, T> & Sendable, in range: ClosedRange<Double>? = nil,
        _ summary: String,
        unit: String? = nil, source: String? = nil, isIdentity: Bool = true, inKey: Value? = nil,
        keepsDefaultInKey: Bool = true
    ) -> Setting<Settings> {
        Setting(
            property,
            Parameter(
                name, default: .some(plain[keyPath: property]), in: range, summary, unit: unit, source: source,
                isIdentity: isIdentity,
                inKey: inKey, keepsDefaultInKey: keepsDefaultInKey))
    }

    /// A parameter whose default is null, which means the preset's value; without presets, as `fixed`.
    public func own<T: ParameterValue>(
        _ name: String, _ property: any WritableKeyPath<Settings, T> & Sendable, in range: ClosedRange<Double>? = nil,
        _ summary: String,
        unit: String? = nil
    ) -> Setting<Settings> {
        guard !presets.isEmpty else { return fixed(name, property, in: range, summary, unit: unit) }
        return Setting(property, unlessNull: parameter(name, { $0[keyPath: property] }, in: range, summary, unit: unit))
    }

    /// The same for a value that is derived from several properties.
    public func parameter<T: ParameterValue>(
        _ name: String, _ value: (Settings) -> T, in range: ClosedRange<Double>? = nil, _ summary: String,
        unit: String? = nil
    ) -> Parameter<T?> {
        let texts = presets.map { (name: $0.name, text: value($0.settings).parameterValue.text) }
        let first = texts.first?.text ?? value(plain).parameterValue.text
        let others = texts.dropFirst().filter { $0.text != first }.map { ", \($0.name) \($0.text)" }.joined()
        return Parameter(name, default: .some(nil), in: range, summary, unit: unit, source: "preset: \(first)\(others)")
    }
}
