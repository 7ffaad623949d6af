import Foundation

/// The texts of the user interface in other languages, keyed by the English text as in gettext.
///
/// A catalogue is one flat JSON object per language, `zh-hans.json`, from English to translated text.
public struct Translations: Sendable {
    private let catalogues: [Language: [String: String]]

    /// No translations: every text stays English.
    public static let none = Translations(catalogues: [:])

    init(catalogues: [Language: [String: String]]) {
        self.catalogues = catalogues
    }

    /// Reads every `*.json` of a folder.
    ///
    /// - Throws: `TemplateError` when a file is not a flat object of texts, is named after a language that is not
    ///   supported, or has a translation with a `{placeholder}` that its English text lacks.
    public init(directory: String) throws(TemplateError) {
        var catalogues: [Language: [String: String]] = [:]
        let files: [String]
        do {
            files = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw TemplateError(file: directory, line: 0, reason: "cannot be read: \(error.localizedDescription)")
        }
        for file in files.sorted() where file.hasSuffix(".json") {
            guard let language = Language(supported: String(file.dropLast(5))) else {
                throw TemplateError(
                    file: file, line: 0, reason: "not a supported language",
                    nearest: NearestName.nearest(
                        to: String(file.dropLast(5)), among: Language.supported.map(\.tag)))
            }
            catalogues[language] = try Self.read("\(directory)/\(file)", named: file)
        }
        self.init(catalogues: catalogues)
    }

    /// All texts in the language, by their English; nil when there are none, as for English itself.
    public func words(_ language: Language) -> [String: String]? { catalogues[language] }

    /// The text in the language, or the English text itself when it has no translation.
    public func text(_ english: String, _ language: Language) -> String {
        catalogues[language]?[english] ?? english
    }

    /// The text in the language with every `{name}` replaced by its argument; a placeholder without one stays.
    public func text(_ english: String, arguments: [String: String], _ language: Language) -> String {
        Placeholders.fill(text(english, language), with: arguments)
    }

    /// The translation of an English text, when there is one.
    public func translation(of english: String, _ language: Language) -> String? {
        catalogues[language]?[english]
    }

    /// The English texts a language has translations of: with the texts in use, what is missing or left over.
    public func keys(_ language: Language) -> Set<String> {
        Set((catalogues[language] ?? [:]).keys)
    }

    private static func read(_ path: String, named file: String) throws(TemplateError) -> [String: String] {
        let catalogue: [String: String]
        do {
            catalogue = try JSONDecoder().decode(
                [String: String].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw TemplateError(file: file, line: 0, reason: "not a JSON object of texts: \(error)")
        }
        for (english, translated) in catalogue {
            let invented = Placeholders.names(in: translated).subtracting(Placeholders.names(in: english))
            guard invented.isEmpty else {
                throw TemplateError(
                    file: file, line: 0,
                    reason: "the translation of \"\(english)\" uses {\(invented.sorted()[0])}, which it does not have")
            }
        }
        return catalogue
    }
}

/// `{name}` in a text.
enum Placeholders {
    static func fill(_ text: String, with arguments: [String: String]) -> String {
        guard !arguments.isEmpty, text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var output = ""
        var rest = text[...]
        while let next = first(in: rest) {
            output += rest[..<next.start]
            output += arguments[next.name] ?? String(rest[next.start..<next.end])
            rest = rest[next.end...]
        }
        return output + rest
    }

    static func names(in text: String) -> Set<String> {
        var names: Set<String> = []
        var rest = text[...]
        while let next = first(in: rest) {
            names.insert(next.name)
            rest = rest[next.end...]
        }
        return names
    }

    /// The first `{name}` whose name is letters, digits and underscores.
    private static func first(in text: Substring) -> (start: String.Index, end: String.Index, name: String)? {
        let bytes = text.utf8
        var from = bytes.startIndex
        while let open = bytes[from...].firstIndex(of: UInt8(ascii: "{")) {
            let nameStart = bytes.index(after: open)
            let nameEnd = bytes[nameStart...].firstIndex { !isNameByte($0) } ?? bytes.endIndex
            if nameEnd > nameStart, nameEnd < bytes.endIndex, bytes[nameEnd] == UInt8(ascii: "}") {
                return (open, bytes.index(after: nameEnd), String(text[nameStart..<nameEnd]))
            }
            from = nameStart
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
