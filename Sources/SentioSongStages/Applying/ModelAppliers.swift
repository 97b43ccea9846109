/// Names of the kinds that apply models to new songs. The kinds that fit the models name them too.
package enum ModelAppliers {
    /// For models of features.
    package static let features = "apply"
}
