import Testing

@testable import API

@Suite struct `JSON as it is read` {
    private func read<T>(_ text: String, _ body: (JSONReader) throws -> T) throws -> T {
        try JSONMember(value: JSONValue(parsing: Array(text.utf8)), path: "").object(body)
    }

    private func refusal(_ text: String, _ body: (JSONReader) throws -> Void) -> String? {
        do {
            try read(text, body)
            return nil
        } catch {
            return (error as? APIError)?.message
        }
    }

    @Test func `kinds are told apart: a number is no text, true is no number`() throws {
        #expect(
            try JSONValue(parsing: Array(#"[1,true,null,"x",1.5,-3,[],{}]"#.utf8))
                == .list([
                    .integer(1), .bool(true), .null, .text("x"), .number(1.5), .integer(-3), .list([]), .object([:]),
                ]))
        #expect(throws: APIError.self) { try JSONValue(parsing: Array("{".utf8)) }
        for text in [#"{"a":1}"#, #"{"a":true}"#, #"{"a":null}"#, #"{"a":["x"]}"#, #"{"a":{}}"#] {
            #expect(refusal(text) { _ = try $0.required("a").text() }?.contains("a: ") == true)
        }
        #expect(refusal(#"{"a":true}"#) { _ = try $0.required("a").integer() } != nil)
        #expect(refusal(#"{"a":1}"#) { _ = try $0.required("a").bool() } != nil)
    }

    @Test func `a refusal names the place, the value and the rule`() {
        let message = refusal(#"{"list":[{"size":7}]}"#) { reader in
            for item in try reader.required("list").list() {
                try item.object { _ = try $0.required("size").integer(1...5) }
            }
        }
        #expect(message == "Invalid input for list[0].size: 7 must be 1 to 5.")
        #expect(refusal("{}") { _ = try $0.required("name") } == "name is required.")
    }

    @Test func `what nobody asks for is refused, unless any is let pass`() {
        #expect(refusal(#"{"a":1,"b":2}"#) { _ = $0.optional("a") }?.contains("'b'") == true)
        #expect(
            refusal(#"{"a":1,"b":2}"#) {
                _ = $0.optional("a")
                $0.allowUnknown()
            } == nil)
    }

    @Test func `loose readers take what nova and neutron take`() throws {
        #expect(try read(#"{"a":"True"}"#) { try $0.required("a").looseBool() })
        #expect(try !read(#"{"a":0}"#) { try $0.required("a").looseBool() })
        #expect(try read(#"{"a":"12"}"#) { try $0.required("a").looseInteger() } == 12)
        #expect(refusal(#"{"a":"maybe"}"#) { _ = try $0.required("a").looseBool() } != nil)
    }

    @Test(arguments: [
        ("2.1", Microversion(2, 1)), ("2.10", Microversion(2, 10)), ("2", nil), ("2.01", nil), ("2.x", nil),
        ("2.1.1", nil), ("", nil), ("2.", nil),
    ])
    func `microversions are two numbers, not a decimal`(text: String, version: Microversion?) {
        #expect(Microversion(text) == version)
        #expect(Microversion(2, 9) < Microversion(2, 10))
    }
}
