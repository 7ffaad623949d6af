import Foundation
import Testing

@testable import Markup

@Suite("Translations")
struct TranslationTests {
    private let chinese = Translations(catalogues: [
        .simplifiedChinese: [
            "Networks": "网络",
            "Delete {{title}}?": "删除“{{title}}”？",
            "{{count}} port|{{count}} ports": "{{count}} 个端口",
            "Launch an instance": "启动实例",
            "{name} is in use by {count} ports.": "{count} 个端口正在使用 {name}。",
        ]
    ])

    private func render(
        _ text: String, _ language: Language, page: NetworkPage = NetworkPage()
    ) throws -> String {
        let library = try TemplateLibrary(["main": text], translations: chinese)
        let template = try library.template("main", for: NetworkPage.self)
        return String(decoding: template.render(page, language: language), as: UTF8.self)
    }

    @Test func `a text is shown in the reader's language`() throws {
        #expect(try render("<h1>{{#_}}Networks{{/_}}</h1>", .english) == "<h1>Networks</h1>")
        #expect(try render("<h1>{{#_}}Networks{{/_}}</h1>", .simplifiedChinese) == "<h1>网络</h1>")
    }

    @Test func `a text without translation stays English`() throws {
        #expect(try render("{{#_}}Routers{{/_}}", .simplifiedChinese) == "Routers")
    }

    @Test func `variables stand where the translation wants them, escaped`() throws {
        let page = NetworkPage(title: "<x>")
        #expect(try render("{{#_}}Delete {{title}}?{{/_}}", .english, page: page) == "Delete &lt;x&gt;?")
        #expect(try render("{{#_}}Delete {{title}}?{{/_}}", .simplifiedChinese, page: page) == "删除“&lt;x&gt;”？")
    }

    @Test func `space around and line ends inside a text are no part of its key`() throws {
        let template = "<p>\n  {{#_}}\n    Launch\n    an instance\n  {{/_}}\n</p>"
        #expect(try render(template, .simplifiedChinese).contains("\n    启动实例\n"))
    }

    @Test func `a plural chooses its form by its first variable`() throws {
        let template = "{{#_n}}{{count}} port|{{count}} ports{{/_n}}"
        let counts = [0, 1, 2]
        let english = try counts.map { try render(template, .english, page: NetworkPage(count: $0)) }
        #expect(english == ["0 ports", "1 port", "2 ports"])
        let chinese = try counts.map { try render(template, .simplifiedChinese, page: NetworkPage(count: $0)) }
        #expect(chinese == ["0 个端口", "1 个端口", "2 个端口"])
    }

    @Test(arguments: [
        ("{{#_n}}{{count}} ports{{/_n}}", "2 form(s) in en"),
        ("{{#_n}}{{title}} a|{{title}} b{{/_n}}", "first variable is the number"),
        ("{{#_n}}a|b{{/_n}}", "first variable is the number"),
        ("{{#_}}{{nope}}{{/_}}", "no variable \"nope\""),
    ])
    func `a text that cannot be shown stops the start`(_ template: String, _ reason: String) throws {
        let error = #expect(throws: TemplateError.self) { try render(template, .english) }
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("Hello {{title}}", "你好 {{count}}", "uses \"count\", which it does not have"),
        ("Hello {{title}}", "你好 {{title", "not closed"),
        ("Hello {{title}}", "你好 {{#title}}{{/title}}", "holds variables only"),
    ])
    func `a translation that does not fit its text stops the start`(
        _ english: String, _ translated: String, _ reason: String
    ) throws {
        let translations = Translations(catalogues: [.simplifiedChinese: [english: translated]])
        let library = try TemplateLibrary(["main": "\n{{#_}}\(english){{/_}}"], translations: translations)
        let error = #expect(throws: TemplateError.self) { try library.template("main", for: NetworkPage.self) }
        #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.line == 2)
    }

    @Test func `every text of the templates is listed with its place`() throws {
        let library = try TemplateLibrary([
            "b": "{{#_}}Two{{/_}}", "a": "\n{{#_}}One{{/_}}{{#count}}{{#_n}}{{count}} x|{{count}} y{{/_n}}{{/count}}",
        ])
        #expect(
            library.translatedTexts == [
                .init(key: "One", file: "a.html", line: 2),
                .init(key: "{{count}} x|{{count}} y", file: "a.html", line: 2),
                .init(key: "Two", file: "b.html", line: 1),
            ])
    }

    @Test func `a message of the program is filled in after it is translated`() {
        let key = "{name} is in use by {count} ports."
        let arguments = ["name": "blue", "count": "3"]
        #expect(chinese.text(key, arguments: arguments, .english) == "blue is in use by 3 ports.")
        #expect(chinese.text(key, arguments: arguments, .simplifiedChinese) == "3 个端口正在使用 blue。")
    }

    @Test func `arguments are not filled in again, and unknown placeholders stay`() {
        let none = Translations.none
        #expect(none.text("{a} {b} {c} { d} {", arguments: ["a": "{b}", "b": "{a}"], .english) == "{b} {a} {c} { d} {")
    }

    private func catalogue(_ file: String, _ content: String) throws -> Translations {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("locale-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(content.utf8).write(to: folder.appendingPathComponent(file))
        return try Translations(directory: folder.path)
    }

    @Test func `a catalogue is read from its file`() throws {
        let translations = try catalogue("zh-hans.json", #"{"Networks": "网络"}"#)
        #expect(translations.text("Networks", .simplifiedChinese) == "网络")
        #expect(translations.text("Networks", .english) == "Networks")
        #expect(translations.keys(.simplifiedChinese) == ["Networks"])
    }

    @Test(arguments: [
        ("zh-hans.json", "[1]", "not a JSON object of texts"),
        ("zh-hans.json", #"{"a": 1}"#, "not a JSON object of texts"),
        ("zh-hant.json", "{}", "not a supported language"),
        ("zh-hans.json", #"{"Delete {name}": "删除 {nmae}"}"#, "uses {nmae}, which it does not have"),
    ])
    func `a wrong catalogue stops the start`(_ file: String, _ content: String, _ reason: String) {
        let error = #expect(throws: TemplateError.self) { try catalogue(file, content) }
        #expect(error?.file == file)
        #expect(error?.reason.contains(reason) == true)
    }

    @Test(arguments: [
        ("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"), ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        ("fr, zh;q=0.3, en;q=0.2", "zh-hans"), ("fr", "en"), ("zh-TW", "zh-hans"), ("zh;q=0, en;q=0.1", "en"),
        ("ZH-hans", "zh-hans"), (" zh-CN ; q=0.5 , en ; q=0.6", "en"), ("*", "en"), ("zh;q=x", "zh-hans"),
        (";;,,q=1", "en"), ("en;q=0.5,zh;q=0.5", "en"),
    ])
    func `the best language for an Accept-Language field`(_ field: String, _ tag: String) {
        #expect(Language.best(for: field).tag == tag)
    }
}
