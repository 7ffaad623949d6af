import Testing

@testable import Markup

/// Whatever bytes a template file holds, reading it ends with a template or with an error that has a line.
@Suite("Templates from arbitrary bytes")
struct TemplateFuzzTests {
    private static let pieces = [
        "{{", "}}", "{{{", "}}}", "{{#", "{{^", "{{/", "{{>", "{{<", "{{$", "{{!", "{{=", "=}}", "{{&", "{{#_}}",
        "{{/_}}", "{{#_n}}", "{{/_n}}", "|", "{{#a}}", "{{/a}}", "{{$b}}", "{{/b}}", "{{<p}}", "{{/p}}", "{{.}}", "a",
        "a.b", " ", "\n", "\r\n", "\t", "<", ">", "\"", "<script>", "</script>", "é", "\u{0}", "{{=| |=}}", "|#a|",
    ]

    @Test(arguments: 0..<8)
    func `no template crashes the reader`(_ series: UInt64) {
        var random = SplitMix64(state: series)
        for _ in 0..<500 {
            let count = Int.random(in: 0...24, using: &random)
            let text = (0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
            do {
                let library = try TemplateLibrary(["main": text, "p": "{{$b}}x{{/b}}"])
                let data: PlainData = ["a": [["b": "x"], ["b": "y"]]]
                let shape = ShapeOutline.of([data])
                let program = try library.program("main", for: shape, .english, .lenient)
                _ = data.rendered(by: program, shape)
            } catch {
                let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
                #expect((1...lines).contains(error.line), "\(error) in \(text.debugDescription)")
            }
        }
    }
}
