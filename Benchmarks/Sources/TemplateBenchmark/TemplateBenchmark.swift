import Foundation
import Markup
import Mustache

/// Renders one page with our templates and with swift-mustache, and prints the time of each.
@main
enum TemplateBenchmark {
    static func main() throws {
        let page = Page.example
        let ours = try bound()
        let library = MustacheLibrary(templates: try Page.templates.mapValues { try MustacheTemplate(string: $0) })
        let theirPage = library.render(page.dictionary, withTemplate: "page") ?? ""
        let ourPage = ours.render(page, language: .english)
        let isSame = visible(String(decoding: ourPage, as: UTF8.self)) == visible(theirPage)
        print("page: \(ourPage.count) bytes; same as swift-mustache but for indentation: \(isSame)")

        let own = measure(rounds: 2000) { ours.render(page, language: .english).count }
        report("daybreak, from model structs", own, own)
        let dictionary = page.dictionary
        let ready = measure(rounds: 100) { library.render(dictionary, withTemplate: "page")?.utf8.count ?? 0 }
        report("swift-mustache, dictionary ready", ready, own)
        let built = measure(rounds: 100) { library.render(page.dictionary, withTemplate: "page")?.utf8.count ?? 0 }
        report("swift-mustache, dictionary built", built, own)
    }

    private static func bound() throws -> Template<Page> {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in Page.templates {
            try Data(text.utf8).write(to: folder.appendingPathComponent("\(name).html"))
        }
        return try TemplateLibrary(directory: folder.path, translations: .none).template("page", for: Page.self)
    }

    /// The page without the white space lines begin with.
    private static func visible(_ page: String) -> [Substring] {
        page.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }.filter { !$0.isEmpty }
    }

    /// The median and the least time of one round, in microseconds.
    private static func measure(rounds: Int, _ round: () -> Int) -> (median: Double, least: Double) {
        let clock = ContinuousClock()
        var total = 0
        let times = (0..<rounds).map { _ in
            let time = clock.measure { total += round() }
            return Double(time.components.attoseconds) / 1e12 + Double(time.components.seconds) * 1e6
        }.sorted()
        precondition(total > 0, "the pages were rendered")
        return (times[rounds / 2], times[0])
    }

    private static func report(
        _ what: String, _ time: (median: Double, least: Double), _ own: (median: Double, least: Double)
    ) {
        print(
            String(
                format: "%@: median %.1f µs, least %.1f µs, ratio of the least %.1f", what, time.median, time.least,
                time.least / own.least))
    }
}
