import Foundation
import Testing

@testable import API

@Suite struct `JSON as it is written` {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        body(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `members, lists and nothing are set apart as RFC 8259 wants it`() {
        let text = written { json in
            json.object {
                $0.member("a", 1)
                $0.member("none", String?.none)
                $0.optionalMember("left out", String?.none)
                $0.list("empty", [String]())
                $0.list("b", ["x", "y"])
                $0.object("c") { _ in }
                $0.list("d", [1, 2]) { json, number in json.object { $0.member("n", number) } }
                $0.member("t", true)
                $0.member("f", 1.5)
                $0.member("nan", Double.nan)
            }
        }
        #expect(
            text
                == #"{"a":1,"none":null,"empty":[],"b":["x","y"],"c":{},"d":[{"n":1},{"n":2}],"t":true,"f":1.5,"nan":null}"#
        )
    }

    @Test(arguments: ["", "a\"b\\c", "line\nbreak\r\ttab", "\u{1}\u{1f}", "{", "[", ":", "东京 🗼", "</script>"])
    func `any text comes back as it was, as name and as value, whatever stands before it`(text: String) throws {
        let bytes = written { json in
            json.object {
                $0.entry(text, text)
                $0.entry(text + "2") { $0.list([text, text]) { $1.write(to: &$0) } }
            }
        }
        let back = try #require(try JSONSerialization.jsonObject(with: Data(bytes.utf8)) as? [String: Any])
        #expect(back[text] as? String == text)
        #expect(back[text + "2"] as? [String] == [text, text])
    }

    @Test(arguments: ["\"", "\\", "\n", "\u{0}", "\u{1f}", "\u{7f}", " ", "é"])
    func `a text that needs care is found wherever it stands`(care: String) throws {
        for place in 0..<20 {
            let text = String(repeating: "a", count: place) + care + String(repeating: "~", count: 19 - place)
            let bytes = written { $0.list([text]) { $1.write(to: &$0) } }
            #expect(try JSONSerialization.jsonObject(with: Data(bytes.utf8)) as? [String] == [text])
        }
    }
}
