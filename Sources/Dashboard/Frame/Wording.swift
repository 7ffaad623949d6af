import Foundation
import Markup
import ServiceCore

/// How texts and times are said to one reader: a language and a time zone.
struct Wording: Sendable {
    let language: Language
    let translations: Translations
    let timeZone: TimeZone
    private let words: [String: String]?

    init(language: Language, translations: Translations, timeZone: TimeZone) {
        self.language = language
        self.translations = translations
        self.timeZone = timeZone
        words = translations.words(language)
    }

    /// The text in the reader's language, as it stands in the catalogue.
    func text(_ english: String) -> String { words?[english] ?? english }

    /// The message in the reader's language. `{resource}` stands for a word of ours, such as "Network", and is said in
    /// that language too.
    func callAsFunction(_ message: Message) -> String {
        guard !message.arguments.isEmpty else { return text(message.text) }
        var arguments = message.arguments
        if let resource = arguments["resource"] {
            arguments["resource"] = translations.text(resource, arguments: [:], language)
        }
        return translations.text(message.text, arguments: arguments, language)
    }

    /// `2026-11-23 17:06:50` in the reader's time zone.
    func time(_ moment: Timestamp) -> String {
        let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000))
        let local = Timestamp(milliseconds: moment.milliseconds + Int64(offset) * 1000).iso8601
        return local.prefix(19).replacingOccurrences(of: "T", with: " ")
    }

    func yesNo(_ condition: Bool) -> String {
        condition ? self(Message("Yes")) : self(Message("No"))
    }

    /// Neutron's admin state, in Horizon's capitals.
    func adminState(_ isUp: Bool) -> String {
        isUp ? self(Message("UP")) : self(Message("DOWN"))
    }
}
