import Testing

@testable import Markup

@Suite("Writing XML")
struct XMLElementTests {
    @Test func `a tree is written with two spaces a level`() {
        let cores = 2
        let domain = element("domain", ["type": "qemu"]) {
            element("name") { "instance-00000001" }
            element("vcpu") { cores }
            element("devices") {
                for unit in ["vda", "vdb"] {
                    element("disk", ["type": "file", "device": nil]) { element("target", ["dev": unit]) }
                }
                if cores > 1 { element("serial") }
                if cores > 2 { element("absent") } else { element("console") }
            }
        }
        #expect(
            domain.serialize() == """
                <domain type="qemu">
                  <name>instance-00000001</name>
                  <vcpu>2</vcpu>
                  <devices>
                    <disk type="file">
                      <target dev="vda"/>
                    </disk>
                    <disk type="file">
                      <target dev="vdb"/>
                    </disk>
                    <serial/>
                    <console/>
                  </devices>
                </domain>

                """)
    }

    @Test(arguments: [
        "<&>\"'", "]]>", "a]]><b/>", "&amp;", "&#10;", "虚拟机 👩‍👩‍👧", "line\nline\ttab", " spaces ", "%s%n", "<!--", "<?x?>",
    ])
    func `texts and attributes come back as they were`(_ text: String) throws {
        let written = element("a", ["b": text]) { text }.serialize()
        let read = try XMLDocument(parsing: written)
        #expect(read.root.text == text)
        #expect(read.root.attribute("b") == text)
        #expect(read.root.children.isEmpty)
    }

    @Test func `characters that XML cannot hold are replaced`() throws {
        let written = element("a", ["b": "x\u{0}y\u{1B}z\u{FFFF}"]) { "\u{8}" }.serialize()
        let read = try XMLDocument(parsing: written)
        #expect(read.root.attribute("b") == "x\u{FFFD}y\u{FFFD}z\u{FFFD}")
        #expect(read.root.text == "\u{FFFD}")
    }

    @Test func `a namespace is declared like an attribute`() throws {
        let metadata = element("metadata") {
            element("daybreak:instance", ["xmlns:daybreak": "https://daybreak.example/1"]) {
                element("daybreak:name") { "web" }
            }
        }
        let read = try XMLDocument(parsing: metadata.serialize())
        let names = read.xpath("//d:instance/d:name", namespaces: ["d": "https://daybreak.example/1"])
        #expect(names.map(\.text) == ["web"])
        #expect(names.first?.name == "name")
    }

    @Test func `an element tells what is in it`() {
        let port = element("port", ["id": "1"]) {
            "a"
            element("ip") { "10.0.0.1" }
            "b"
        }
        #expect(port.attribute("id") == "1")
        #expect(port.attribute("name") == nil)
        #expect(port.children.map(\.name) == ["ip"])
        #expect(port.text == "ab")
    }
}
