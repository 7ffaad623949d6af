/// All templates of a folder, parsed.
///
/// The language is Mustache (https://github.com/mustache/spec, with inheritance) with everything escaped, and two
/// sections of our own: `{{#_}}Text with {{name}}{{/_}}` is translated, and so is
/// `{{#_n}}{{count}} port|{{count}} ports{{/_n}}`, which chooses its form by its first variable.
///
/// A template's name is its path without `.html`. A partial or parent named without a folder is looked for beside the
/// file that names it, then at the top.
public final class TemplateLibrary: Sendable {
    private let sources: TemplateSources
    private let translations: Translations

    /// Reads and parses every `*.html` below the folder.
    ///
    /// - Throws: `TemplateError` at the first file that cannot be read or is not a well-formed template.
    public init(directory: String, translations: Translations) throws(TemplateError) {
        sources = try TemplateSources(directory: directory)
        self.translations = translations
    }

    init(_ texts: [String: String], translations: Translations = .none) throws(TemplateError) {
        sources = try TemplateSources(texts)
        self.translations = translations
    }

    /// Binds the names of a template, of its partials and its parents to a model's shape, once for each language.
    ///
    /// - Parameter name: the path below the folder without `.html`: `project/instances/index`.
    /// - Throws: `TemplateError` for an unknown variable, a missing template, partial or parent, and for markup that
    ///   is not safe.
    public func template<Model: TemplateModel>(
        _ name: String, for model: Model.Type
    ) throws(TemplateError) -> Template<Model> {
        let shape = Model.shape
        var programs: [Language: Program] = [:]
        for language in Language.supported {
            programs[language] = try program(name, for: shape.outline, language, .strict)
        }
        return Template(shape: shape, programs: programs)
    }

    func program(
        _ name: String, for shape: ShapeOutline, _ language: Language, _ rules: BindingRules
    ) throws(TemplateError) -> Program {
        guard let template = sources.templates[name] else {
            throw TemplateError(
                file: "\(name).html", line: 0, reason: "no such template",
                nearest: NearestName.nearest(to: name, among: sources.templates.keys.sorted()))
        }
        var binder = Binder(sources: sources, translations: translations, language: language, rules: rules)
        return try binder.bind(template, to: shape)
    }

    /// A text that a template wants translated, and where.
    public struct TranslatedText: Sendable, Hashable {
        /// The English text as written in the template: the catalogue's key.
        public let key: String
        /// The template, as a path below the folder.
        public let file: String
        /// The line, counted from 1.
        public let line: Int
    }

    /// Every text the templates want translated, by file and line. With `Translations.keys` it tells what a
    /// catalogue lacks and what it holds in vain.
    public var translatedTexts: [TranslatedText] {
        sources.templates.values.sorted { $0.file < $1.file }.flatMap { template in
            template.messages.map { TranslatedText(key: $0.key, file: template.file, line: $0.line) }
        }
    }

    /// The names of all templates, sorted.
    public var names: [String] { sources.templates.keys.sorted() }
}
