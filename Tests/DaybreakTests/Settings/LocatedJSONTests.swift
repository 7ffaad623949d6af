import Testing

@testable import daybreak

@Suite struct `JSON with positions` {
    @Test(arguments: [
        "{}", "[]", "null", "true", "-1.5e3", #""a\"b\\c""#, #"{"a": [1, {"b": "ü"}]}"#, #"["\u0001"]"#,
    ])
    func `what is read is written the same`(text: String) throws {
        #expect(try LocatedJSON(parsing: Array(text.utf8)).text == text)
    }

    @Test func `escapes are read, surrogate pairs too`() throws {
        let json = try LocatedJSON(parsing: Array(#""\u00e9\n\ud83d\ude00\/""#.utf8))
        guard case .string(let text) = json.value else {
            Issue.record("not a text")
            return
        }
        #expect(text == "é\n😀/")
    }

    @Test func `values know their line and column`() throws {
        let json = try LocatedJSON(parsing: Array("{\n  \"a\": [\n    7]}".utf8))
        guard case .object(let members) = json.value, case .array(let items) = members[0].value.value else {
            Issue.record("not an object")
            return
        }
        #expect(members[0].line == 2)
        #expect((items[0].line, items[0].column) == (3, 5))
    }

    @Test(arguments: [
        ("", 1, 1), ("{", 1, 2), ("{\"a\" 1}", 1, 6), ("{\"a\": 1,}", 1, 9), ("[1 2]", 1, 4), ("[1,]", 1, 4),
        ("\"a", 1, 3), ("\"a\nb\"", 1, 3), ("{\"a\":1}\n x", 2, 2), ("tru", 1, 1), ("True", 1, 1), ("1-", 1, 3),
        ("{\"a\": 1, \"a\": 2}", 1, 13), (#""\x""#, 1, 4), (#""\ud800""#, 1, 8), ("# comment", 1, 1),
        (String(repeating: "[", count: 17), 1, 17), ("\"\u{01}\"", 1, 2),
    ])
    func `what is not JSON is refused where it goes wrong`(text: String, line: Int, column: Int) {
        do throws(JSONSyntaxError) {
            _ = try LocatedJSON(parsing: Array(text.utf8))
            Issue.record("accepted")
        } catch {
            #expect((error.line, error.column) == (line, column), "\(error.reason)")
        }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: JSONSyntaxError.self) { try LocatedJSON(parsing: [0x22, 0xFF, 0x22]) }
    }
}
