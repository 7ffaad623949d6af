import Foundation
import Markup
import Testing

@testable import Dashboard

/// The catalogue and what is said, held against each other.
struct WordingTests {
    /// Every English text of the templates and of `Message("…")` in the program.
    private static func texts() throws -> Set<String> {
        let translations = try Translations(directory: TestSite.root + "/Templates/locale")
        let library = try TemplateLibrary(directory: TestSite.root + "/Templates", translations: translations)
        var texts = Set(library.translatedTexts.map(\.key))
        let sources = TestSite.root + "/Sources"
        let files = try #require(FileManager.default.enumerator(atPath: sources))
        for case let file as String in files where file.hasSuffix(".swift") && !isBelowServices(file) {
            let source = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
            for pattern in patterns {
                for match in source.matches(of: pattern) { texts.insert(unescaped(String(match.output.1))) }
            }
        }
        return texts.filter(hasWords)
    }

    /// What hosts report is quoted in messages, never said by itself.
    private static func isBelowServices(_ file: String) -> Bool {
        file.hasPrefix("LibvirtHost/") || file.hasPrefix("ComputeHost/")
    }

    /// `{host}` and `{used} / {limit}` are the same in every language.
    private static func hasWords(_ text: String) -> Bool {
        text.replacing(/\{\w+\}/, with: "").contains(where: \.isLetter)
    }

    /// Where the program says something to people: messages as such, and the places that take one as a literal.
    private static var patterns: [Regex<(Substring, Substring)>] {
        [
            /Message\(\s*"((?:[^"\\]|\\.)+)"/,
            /notFound\("([\w ]+)"/,
            /code: "\w+",\s*"((?:[^"\\]|\\.)+)"/,
            /(?:: Message = |message: |\.unavailable\(|\.unsupported\(|translations\.text\()\s*"((?:[^"\\]|\\.)+)"/,
            /add\(\s*(?:Place\([^()]*\)|[\w.]+),\s*"\w+",\s*"((?:[^"\\]|\\.)+)"/,
        ]
    }

    private static func unescaped(_ literal: String) -> String {
        literal.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
    }

    @Test func `what could not be found is named in the reader's language`() throws {
        let browser = try TestSite().adminBrowser()
        browser.language = "zh-CN"
        #expect(try browser.get("/dashboard/project/networks/nope/detail/").text.contains("找不到网络 nope"))
    }

    @Test func `every text is translated`() throws {
        let translations = try Translations(directory: TestSite.root + "/Templates/locale")
        let missing = try Self.texts().subtracting(translations.keys(.simplifiedChinese))
        #expect(missing.sorted() == [])
    }

    @Test func `no translation is left over`() throws {
        let translations = try Translations(directory: TestSite.root + "/Templates/locale")
        let unused = translations.keys(.simplifiedChinese).filter(Self.hasWords).subtracting(try Self.texts())
        #expect(unused.sorted() == [])
    }
}
