import Testing

@testable import Markup

/// What stops the start, and what is said about it.
@Suite("Template errors")
struct TemplateErrorTests {
    private func error(_ templates: [String: String], translations: Translations = .none) -> TemplateError? {
        do {
            let library = try TemplateLibrary(templates, translations: translations)
            _ = try library.template("networks/index", for: NetworkPage.self)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a template that fits its model is bound`() {
        #expect(error(["networks/index": "{{title}}{{#networks}}{{name}}{{title}}{{/networks}}"]) == nil)
    }

    @Test func `an unknown variable is told with file, line, model and the nearest name`() {
        let found = error(["networks/index": "<h1>\n{{titel}}</h1>"])
        #expect(
            found
                == TemplateError(
                    file: "networks/index.html", line: 2, reason: "no variable \"titel\" in NetworkPage",
                    nearest: "title"))
        #expect("\(found!)" == "networks/index.html:2: no variable \"titel\" in NetworkPage; nearest: \"title\"")
    }

    @Test func `inside a section all models on the stack are named`() {
        let found = error(["networks/index": "{{#networks}}\n\n{{nam}}{{/networks}}"])
        #expect(found?.reason == "no variable \"nam\" in NetworkRow, NetworkPage")
        #expect(found?.line == 3)
        #expect(found?.nearest == "name")
    }

    @Test func `a section over an unknown name is told`() {
        #expect(error(["networks/index": "{{#network}}{{/network}}"])?.nearest == "networks")
        #expect(error(["networks/index": "{{^network}}{{/network}}"])?.nearest == "networks")
    }

    @Test func `a part that its object lacks is told`() {
        let found = error(["networks/index": "{{router.nmae}}"])
        #expect(found?.reason == "no variable \"nmae\" in NetworkRow, for \"router.nmae\"")
        #expect(found?.nearest == "name")
        #expect(error(["networks/index": "{{title.length}}"])?.reason.contains("what is not an object") == true)
    }

    @Test func `an error in a partial names the partial's file`() {
        let found = error(["networks/index": "{{#networks}}{{>_row}}{{/networks}}", "networks/_row": "\n\n{{mtuu}}"])
        #expect(found?.file == "networks/_row.html")
        #expect(found?.line == 3)
    }

    @Test func `an error in a block names the file the block is written in`() {
        let found = error([
            "networks/index": "\n{{<_base}}{{$content}}{{nope}}{{/content}}{{/_base}}",
            "_base": "{{$content}}{{/content}}",
        ])
        #expect(found?.file == "networks/index.html")
        #expect(found?.line == 2)
    }

    @Test func `a missing template, partial or parent is told`() {
        #expect(
            error(["networks/indes": ""])?.description
                == "networks/index.html: no such template; nearest: \"networks/indes\"")
        let partial = error(["networks/index": "{{>_rwo}}", "networks/_row": ""])
        #expect(partial?.description == "networks/index.html:1: no template \"_rwo\"; nearest: \"_row\"")
        #expect(error(["networks/index": "{{<_base}}{{/_base}}"])?.reason == "no template \"_base\"")
    }

    @Test func `a block that the parent lacks is told`() {
        let found = error([
            "networks/index": "{{<_base}}\n{{$contents}}x{{/contents}}{{/_base}}", "_base": "{{>_main}}",
            "_main": "{{$content}}{{/content}}",
        ])
        #expect(
            found?.description == "networks/index.html:2: no block \"contents\" in _base.html; nearest: \"content\"")
    }

    @Test(arguments: [
        ("{{#a}}", "\"a\" is not closed"),
        ("{{/a}}", "\"a\" is closed but not open"),
        ("{{#a}}{{#b}}{{/a}}{{/b}}", "\"a\" is closed where \"b\" of line 1 is open"),
        ("{{a", "the tag is not closed by \"}}\""),
        ("{{{a}}", "the tag is not closed by \"}}\""),
        ("{{}}", "\"\" is not a name"),
        ("{{a b}}", "\"a b\" is not a name"),
        ("{{a..b}}", "\"a..b\" is not a name"),
        ("{{>}}", "a template's name is missing"),
        ("{{=<%=}}", "two delimiters are set, with a space between"),
        ("{{<_base}}", "\"_base\" is not closed"),
        ("{{<_base}}{{#a}}{{/a}}{{/_base}}", "only blocks stand inside a parent"),
        ("{{<_base}}{{$a}}{{/a}}{{$a}}{{/a}}{{/_base}}", "the block \"a\" is given twice"),
        ("{{#_}}text", "\"_\" is not closed"),
        ("{{#_}} {{/_}}", "a text to translate is empty"),
        ("{{#_}}{{#a}}x{{/a}}{{/_}}", "a text to translate holds variables only"),
    ])
    func `a malformed template is told`(_ template: String, _ reason: String) {
        let found = error(["networks/index": template])
        #expect(found?.reason == reason)
        #expect(found?.line == 1)
    }

    @Test func `only safe markup is shown as it stands`() {
        #expect(error(["networks/index": "{{{title}}}"])?.reason.contains("make it SafeHTML") == true)
        #expect(error(["networks/index": "{{&count}}"])?.reason.contains("make it SafeHTML") == true)
        #expect(error(["networks/index": "{{{chart}}}{{& chart}}"]) == nil)
        #expect(error(["networks/index": "{{chart}}"])?.reason == "\"chart\" is markup: write {{{chart}}}")
    }

    @Test(arguments: [
        ("<a href={{title}}>", "in a tag outside of quotes"),
        ("<p {{title}}>", "in a tag outside of quotes"),
        ("<input value='x'{{title}}>", "in a tag outside of quotes"),
        ("<{{title}}>", "in a tag outside of quotes"),
        ("</{{title}}>", "in a tag outside of quotes"),
        ("<a onclick=\"go('{{title}}')\">", "in a program"),
        ("<A ONCLICK = '{{title}}'>", "in a program"),
        ("<script>let a = \"{{title}}\"</script>", "in <script>"),
        ("<SCRIPT defer>if (a </b/ ) {{title}}</SCRIPT>", "in <script>"),
        ("<style>p { color: {{title}} }</style>", "in <style>"),
        ("<p class=\"{{#count}}a{{/count}}\" {{#count}}{{title}}{{/count}}>", "in a tag outside of quotes"),
        ("<p {{#_}}x {{title}}{{/_}}>", "in a tag outside of quotes"),
        ("<p {{>_x}}", "in a tag outside of quotes"),
        ("<p title=\"{{{chart}}}\">", "is markup, which only stands in text"),
    ])
    func `a value where escaping does not help is told`(_ template: String, _ place: String) {
        let found = error(["networks/index": template, "_x": "{{title}}"])
        #expect(found?.reason.contains(place) == true, "\(found?.description ?? "no error")")
    }

    @Test(arguments: [
        "<a href=\"/x/{{title}}/\" class='{{title}}'>{{title}}</a>", "a < b {{title}}", "1 <{{! note }} 2 {{title}}",
        "<!DOCTYPE html><!-- it's -->{{title}}", "<script src=\"/x.js\"></script>{{title}}",
        "<style>p > a { content: '<' }</style><p title=\"{{title}}\">", "<p{{#count}} class=\"a\"{{/count}}>{{title}}",
        "<br/>{{title}}<p\nid=\"{{count}}\"\n>{{title}}", "<a data-on=\"{{title}}\">", "</script>{{title}}",
    ])
    func `a value in text or in quotes is fine`(_ template: String) {
        #expect(error(["networks/index": template]) == nil)
    }

    @Test func `a list, an object and a model are no texts`() {
        #expect(error(["networks/index": "{{networks}}"])?.reason.contains("open a section") == true)
        #expect(error(["networks/index": "{{router}}"])?.reason.contains("open a section") == true)
        #expect(error(["networks/index": "{{.}}"])?.reason == "{{.}} is all of NetworkPage: write a name")
    }

    @Test func `a partial that includes itself without end is told`() {
        let endless = "includes itself without end"
        #expect(error(["networks/index": "{{>_a}}", "_a": "{{>_a}}"])?.reason.contains(endless) == true)
        #expect(
            error(["networks/index": "{{>_a}}", "_a": "{{#hasRouter}}{{>_a}}{{/hasRouter}}"])?.reason.contains(endless)
                == true)
        // A section over something of the page, not of the row, would be the same again at every depth.
        let sideways = ["networks/index": "{{>_a}}", "_a": "{{#networks}}{{>_a}}{{/networks}}"]
        #expect(error(sideways)?.reason.contains(endless) == true)
    }

    @Test func `a shape with a name twice, or with no name, is told`() {
        struct Twice: TemplateModel {
            static let shape = Shape<Twice>([.text("a") { _ in "" }, .text("a") { _ in "" }])
        }
        struct Dotted: TemplateModel {
            static let shape = Shape<Dotted>([.text("a.b") { _ in "" }])
        }
        let library = try? TemplateLibrary(["main": ""])
        #expect(throws: TemplateError.self) { try library?.template("main", for: Twice.self) }
        #expect(throws: TemplateError.self) { try library?.template("main", for: Dotted.self) }
    }
}

/// The models of these tests.
struct NetworkPage: TemplateModel {
    var title = "Networks"
    var count = 2
    var hasRouter = true
    var chart = SafeHTML.element(.span, [.text("<chart>")])
    var networks = [NetworkRow(name: "blue", mtu: 1500), NetworkRow(name: "R&D", mtu: 9000, note: "big")]
    var router: NetworkRow? = NetworkRow(name: "edge", mtu: 1400)
    var hosts = ["10.0.0.1", "<2>"]

    static let shape = Shape<NetworkPage>([
        .text("title") { $0.title },
        .number("count") { $0.count },
        .flag("hasRouter") { $0.hasRouter },
        .safe("chart") { $0.chart },
        .list("networks") { $0.networks },
        .optional("router") { $0.router },
        .object("first") { $0.networks.first ?? NetworkRow(name: "none", mtu: 0) },
        .texts("hosts") { $0.hosts },
    ])
}

struct NetworkRow: TemplateModel {
    var name: String
    var mtu: Int
    var note: String?

    static let shape = Shape<NetworkRow>([
        .text("name") { $0.name },
        .number("mtu") { $0.mtu },
        .optionalText("note") { $0.note },
    ])
}

/// The same page with fields that lie in the model.
struct StoredNetworkPage: TemplateModel {
    let title: String
    let count: Int
    let hasRouter: Bool
    let chart: SafeHTML
    let networks: [StoredNetworkRow]
    let router: StoredNetworkRow?
    let first: StoredNetworkRow
    let hosts: [String]

    init(_ page: NetworkPage) {
        title = page.title
        count = page.count
        hasRouter = page.hasRouter
        chart = page.chart
        networks = page.networks.map(StoredNetworkRow.init)
        router = page.router.map(StoredNetworkRow.init)
        first = page.networks.first.map(StoredNetworkRow.init) ?? StoredNetworkRow(NetworkRow(name: "none", mtu: 0))
        hosts = page.hosts
    }

    static let shape = Shape<StoredNetworkPage>([
        .text("title", \.title), .number("count", \.count), .flag("hasRouter", \.hasRouter),
        .safe("chart") { $0.chart }, .list("networks", \.networks), .optional("router", \.router),
        .object("first", \.first), .texts("hosts", \.hosts),
    ])
}

struct StoredNetworkRow: TemplateModel {
    let name: String
    let mtu: Int
    let note: String?

    init(_ row: NetworkRow) {
        name = row.name
        mtu = row.mtu
        note = row.note
    }

    static let shape = Shape<StoredNetworkRow>([
        .text("name", \.name), .number("mtu", \.mtu), .optionalText("note", \.note),
    ])
}
