import Testing

/// The other tests of this folder believe what `SwiftCode` tells them.
@Suite struct `The reader of Swift code` {
    @Test func `comments and strings are blanked, code is not`() {
        let code = SwiftCode(#"let a = "{ // }" // {"# + "\n/* } /* { */ */ let b = 1")
        #expect(code.lines[0].hasPrefix("let a = "))
        #expect(!code.lines[0].contains("{") && !code.lines[0].contains("/"))
        #expect(code.lines[1].hasSuffix("let b = 1") && !code.lines[1].contains("}"))
    }

    @Test func `code inside an interpolation is code`() {
        let code = SwiftCode(#"let a = "x\(try! f("}"))z"; b"#)
        #expect(code.lines[0].contains("try! f(") && code.lines[0].hasSuffix("; b"))
        #expect(!code.lines[0].contains("}") && !code.lines[0].contains("z"))
    }

    @Test func `raw and multi-line strings end where they end`() {
        let code = SwiftCode("let a = #\"\\(\" { \"#; b\nlet c = \"\"\"\n  \" {\n  \"\"\"; d")
        #expect(code.lines[0].hasSuffix("; b") && !code.lines[0].contains("{"))
        #expect(code.lines[3].hasSuffix("; d") && !code.lines[2].contains("{"))
    }

    @Test func `functions are measured from their first line to their closing brace`() {
        let code = SwiftCode(
            """
            protocol P {
                func required() -> Int
                func another()
            }
            struct S {
                init(
                    a: Int
                ) {
                    self.a = a
                }
                @discardableResult public static func long(_ a: Int) -> Int
                    where T == U
                {
                    let f = { a }
                    return f()
                }
                func short() { }
            }
            """)
        #expect(code.functions.map(\.name) == ["init", "long", "short"])
        #expect(code.functions.map(\.length) == [5, 6, 1])
    }
}
