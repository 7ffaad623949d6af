import Foundation
import Testing

@testable import Markup

@Suite("Reading XML and HTML")
struct XMLDocumentTests {
    private let domain = """
        <?xml version="1.0"?>
        <domain type='kvm' id='3'>
          <name>instance-00000001</name>
          <devices>
            <disk type='file'><source file='/a'/></disk>
            <disk type='block'><source dev='/b'/></disk>
          </devices>
        </domain>
        """

    @Test func `nodes are selected by XPath`() throws {
        let document = try XMLDocument(parsing: domain)
        #expect(document.root.name == "domain")
        #expect(document.xpath("/domain/name").map(\.text) == ["instance-00000001"])
        #expect(document.xpath("//disk").map { $0.attribute("type") } == ["file", "block"])
        #expect(document.xpath("//disk/@type").map(\.text) == ["file", "block"])
        #expect(document.xpath("//disk[@type='block']/source").first?.attribute("dev") == "/b")
        #expect(document.xpath("//disk").first?.xpath("./source").first?.attribute("file") == "/a")
        #expect(document.xpath("//disk").first?.attribute("device") == nil)
        #expect(document.xpath("/domain/devices").first?.children.map(\.name) == ["disk", "disk"])
        #expect(document.xpath("//interface").isEmpty)
    }

    @Test func `a wrong expression selects nothing`() throws {
        #expect(try XMLDocument(parsing: domain).xpath("//[").isEmpty)
        #expect(try XMLDocument(parsing: domain).xpath("count(//disk)").isEmpty)
        #expect(try XMLDocument(parsing: domain).xpath("//unknown:disk").isEmpty)
    }

    @Test func `a node outlives the variable that held its document`() throws {
        func name() throws -> XMLNode? { try XMLDocument(parsing: domain).xpath("//name").first }
        #expect(try name()?.text == "instance-00000001")
    }

    @Test(arguments: [("<a>\n<b>\n</a>", 3), ("", 0), ("text", 1), ("<a/><b/>", 1), ("<a b=1/>", 1), ("<a>&x;</a>", 1)])
    func `what is not well formed is refused with its line`(_ text: String, _ line: Int) {
        let error = #expect(throws: XMLError.self) { try XMLDocument(parsing: text) }
        if line > 0 { #expect(error?.line == line) }
        #expect(error?.reason.isEmpty == false)
    }

    @Test func `an external entity is never read`() throws {
        let secret = FileManager.default.temporaryDirectory.appendingPathComponent("secret-\(UUID().uuidString)")
        try Data("secret".utf8).write(to: secret)
        defer { try? FileManager.default.removeItem(at: secret) }
        let attack = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file://\(secret.path)\">]>\n<a>&x;</a>"
        let error = #expect(throws: XMLError.self) { try XMLDocument(parsing: attack) }
        #expect(error?.reason == "a document type is not accepted")
    }

    @Test func `entities that grow are refused before they grow`() {
        let attack =
            "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\">"
            + (0..<9).map {
                "<!ENTITY \("abcdefghij".dropFirst($0 + 1).prefix(1)) \"\(String(repeating: "&\("abcdefghij".dropFirst($0).prefix(1));", count: 10))\">"
            }.joined()
            + "]><a>&j;</a>"
        #expect(throws: XMLError.self) { try XMLDocument(parsing: attack) }
        #expect(throws: XMLError.self) {
            try XMLDocument(parsing: "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\"><a/>")
        }
    }

    @Test func `many threads read at once`() async throws {
        let domain = domain
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<64 { group.addTask { try XMLDocument(parsing: domain).xpath("//disk").count } }
            for try await count in group { #expect(count == 2) }
        }
    }

    @Test func `a page is read as browsers read it`() throws {
        let page = try HTMLDocument(
            parsing: "<!DOCTYPE html><title>T</title><main><p class=x>网络 &amp;\n  more<p>two<br>three<svg><rect/></svg>"
        )
        #expect(page.xpath("//p").map(\.visibleText) == ["网络 & more", "twothree"])
        #expect(page.xpath("//p[@class='x']").count == 1)
        #expect(page.root.name == "html")
        #expect(throws: XMLError.self) { try HTMLDocument(parsing: "") }
    }
}
