/// All templates of a folder, parsed.
public final class TemplateLibrary: Sendable {
    let translations: Translations

    /// Reads and parses every `*.html` below the folder.
    ///
    /// - Throws: `TemplateError` at the first file that cannot be read or is not a well-formed template.
    public init(directory: String, translations: Translations) throws(TemplateError) {
        self.translations = translations
    }

    /// Binds the names of a template, of its partials and its parents to a model's shape.
    ///
    /// - Parameter name: the path below the folder without `.html`: `project/instances/index`.
    /// - Throws: `TemplateError` for an unknown variable, a missing template, partial or parent.
    public func template<Model: TemplateModel>(
        _ name: String, for model: Model.Type
    ) throws(TemplateError) -> Template<Model> {
        Template(shape: Model.shape, programs: [:], fallback: Program())
    }

    /// Every text the templates want translated, as the catalogue's keys.
    public var messageKeys: Set<String> { [] }
}
