import Foundation
import Testing

@testable import Markup

@Suite("Templates")
struct TemplateTests {
    private func render(
        _ text: String, _ page: NetworkPage = NetworkPage(), with others: [String: String] = [:]
    ) throws -> String {
        let library = try TemplateLibrary(others.merging(["networks/index": text]) { _, main in main })
        let template = try library.template("networks/index", for: NetworkPage.self)
        let computed = String(decoding: template.render(page, language: .english), as: UTF8.self)
        // Whether fields are computed or lie in the model makes no difference.
        let storedTemplate = try library.template("networks/index", for: StoredNetworkPage.self)
        let stored = storedTemplate.render(StoredNetworkPage(page), language: .english)
        #expect(String(decoding: stored, as: UTF8.self) == computed)
        return computed
    }

    @Test func `a page may be longer or shorter than the one before`() throws {
        let library = try TemplateLibrary(["main": "{{#networks}}{{name}},{{mtu}};{{/networks}}"])
        let template = try library.template("main", for: NetworkPage.self)
        for count in [3000, 1, 40_000, 0, 7] {
            let rows = (0..<count).map { NetworkRow(name: "network \($0)", mtu: -$0) }
            let expected = rows.map { "\($0.name),\($0.mtu);" }.joined()
            for _ in 0..<2 {
                let page = template.render(NetworkPage(networks: rows), language: .english)
                #expect(String(decoding: page, as: UTF8.self) == expected)
            }
        }
    }

    @Test(arguments: 0..<20)
    func `a special character is escaped wherever it stands among the bytes looked at together`(
        _ place: Int
    ) throws {
        for (character, entity) in [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")] {
            let before = String(repeating: "x", count: place)
            let text = before + character + "é\u{7F}$#=?%(!"
            #expect(try render("{{title}}", NetworkPage(title: text)) == before + entity + "é\u{7F}$#=?%(!")
        }
    }

    @Test func `every kind of field is shown`() throws {
        let page = try render("{{title}} {{count}} {{hasRouter}} {{{chart}}} {{router.name}} {{first.mtu}}")
        #expect(page == "Networks 2 true <span>&lt;chart&gt;</span> edge 1500")
    }

    @Test func `texts of a model are escaped wherever they stand`() throws {
        let page = try render("{{#networks}}{{name}};{{/networks}}{{#hosts}}{{.}};{{/hosts}}")
        #expect(page == "blue;R&amp;D;10.0.0.1;&lt;2&gt;;")
    }

    @Test(arguments: [
        ("javascript:alert(1)", "<a href=\"#\" title=\"javascript:alert(1)\">"),
        (" JavaScript:x", "<a href=\"#\" title=\" JavaScript:x\">"),
        ("/a?b=1&c", "<a href=\"/a?b=1&amp;c\" title=\"/a?b=1&amp;c\">"),
        ("https://x/", "<a href=\"https://x/\" title=\"https://x/\">"),
    ])
    func `a link that could run a program leads nowhere`(_ link: String, _ tag: String) throws {
        #expect(try render("<a href=\"{{title}}\" title=\"{{title}}\">", NetworkPage(title: link)) == tag)
        #expect(try render("<A HREF='/x/{{title}}'>", NetworkPage(title: "a:b")) == "<A HREF='/x/a:b'>")
    }

    @Test func `sections of every kind are true or false`() throws {
        let template =
            "{{#count}}n{{/count}}{{#title}}t{{/title}}{{#router}}r{{/router}}{{#hosts}}h{{/hosts}}"
            + "{{#chart}}c{{/chart}}{{#hasRouter}}f{{/hasRouter}}"
        #expect(try render(template) == "ntrhhcf")
        let empty = NetworkPage(
            title: "", count: 0, hasRouter: false, chart: .empty, networks: [], router: nil, hosts: [])
        #expect(try render(template, empty) == "")
        #expect(try render(template.replacing("{{#", with: "{{^"), empty) == "ntrhcf")
    }

    @Test func `a missing optional is left out, with all that is read through it`() throws {
        var page = NetworkPage()
        page.router = nil
        #expect(try render("({{router.name}}{{#router.note}}x{{/router.note}})", page) == "()")
        #expect(try render("{{#networks}}{{name}}:{{note}}{{^note}}-{{/note}} {{/networks}}") == "blue:- R&amp;D:big ")
    }

    @Test func `a row sees the page around it`() throws {
        #expect(try render("{{#networks}}{{title}}/{{name}} {{/networks}}") == "Networks/blue Networks/R&amp;D ")
    }

    @Test func `a partial is looked for beside the template, then at the top`() throws {
        let others = ["networks/_row": "near", "_row": "far", "_nav": "nav", "shared/_x": "x"]
        #expect(try render("{{>_row}} {{>_nav}} {{>shared/_x}}", with: others) == "near nav x")
    }

    @Test func `a partial named in a given block is looked for beside the template that gives it`() throws {
        let page = try render(
            "{{<_base}}{{$content}}{{>_row}}{{/content}}{{/_base}}",
            with: ["networks/_row": "near", "_row": "far", "_base": "[{{>_row}}:{{$content}}{{/content}}]"])
        #expect(page == "[far:near]")
    }

    @Test func `a parent used inside a block keeps its blocks apart from the page's`() throws {
        let page = try render(
            """
            {{<_base}}{{$title}}page{{/title}}{{$content}}\
            {{<_card}}{{$title}}card{{/title}}{{$content}}in card{{/content}}{{/_card}}\
            {{<_card}}{{/_card}}{{/content}}{{/_base}}
            """,
            with: [
                "_base": "<{{$title}}{{/title}}>{{$content}}{{/content}}",
                "_card": "({{$title}}untitled{{/title}}:{{$content}}empty{{/content}})",
            ])
        #expect(page == "<page>(card:in card)(untitled:empty)")
    }

    @Test func `a tree is rendered by a partial that includes itself, with the page in sight at every depth`() throws {
        let tree = TreePage(
            title: "T",
            roots: [Tree(name: "a", children: [Tree(name: "b", children: [Tree(name: "c")])]), Tree(name: "d")])
        let library = try TemplateLibrary([
            "tree": "{{#roots}}{{>_node}}{{/roots}}",
            "_node": "({{name}} {{title}}{{#children}}{{>_node}}{{/children}})",
        ])
        let template = try library.template("tree", for: TreePage.self)
        let page = String(decoding: template.render(tree, language: .english), as: UTF8.self)
        #expect(page == "(a T(b T(c T)))(d T)")
    }

    @Test func `after a tree the frames below are in their old places`() throws {
        let tree = TreePage(title: "T", roots: [Tree(name: "a", children: [Tree(name: "b")])])
        let library = try TemplateLibrary([
            "tree": "{{#roots}}{{#children}}{{name}}{{/children}}{{name}}{{/roots}}{{title}}"
        ])
        let template = try library.template("tree", for: TreePage.self)
        #expect(String(decoding: template.render(tree, language: .english), as: UTF8.self) == "baT")
    }

    @Test func `many threads render one template at once`() async throws {
        let library = try TemplateLibrary(["networks/index": "{{#networks}}{{name}} {{/networks}}"])
        let template = try library.template("networks/index", for: NetworkPage.self)
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let rows = (0..<50).map { NetworkRow(name: "n\(number).\($0)", mtu: 1) }
                    let page = template.render(NetworkPage(networks: rows), language: .english)
                    return String(decoding: page, as: UTF8.self) == rows.map { $0.name + " " }.joined()
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func `a folder is read with all its folders, and only templates`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("templates-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("networks/subnets"), withIntermediateDirectories: true)
        try Data("{{>_row}}{{>networks/subnets/_x}}".utf8).write(
            to: folder.appendingPathComponent("networks/index.html"))
        try Data("row".utf8).write(to: folder.appendingPathComponent("_row.html"))
        try Data("x".utf8).write(to: folder.appendingPathComponent("networks/subnets/_x.html"))
        try Data("{{broken".utf8).write(to: folder.appendingPathComponent("note.txt"))
        let library = try TemplateLibrary(directory: folder.path, translations: .none)
        #expect(library.names == ["_row", "networks/index", "networks/subnets/_x"])
        let template = try library.template("networks/index", for: NetworkPage.self)
        #expect(String(decoding: template.render(NetworkPage(), language: .english), as: UTF8.self) == "rowx")
    }

    @Test func `a folder that is missing or empty stops the start`() {
        #expect(throws: TemplateError.self) { try TemplateLibrary(directory: "/nonexistent", translations: .none) }
    }
}

private struct TreePage: TemplateModel {
    var title: String
    var roots: [Tree]

    static let shape = Shape<TreePage>([.text("title") { $0.title }, .list("roots") { $0.roots }])
}

private struct Tree: TemplateModel {
    var name: String
    var children: [Tree] = []

    static let shape = Shape<Tree>([.text("name") { $0.name }, .list("children") { $0.children }])
}
