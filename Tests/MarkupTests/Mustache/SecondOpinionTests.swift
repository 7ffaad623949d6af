import Mustache
import Testing

@testable import Markup

/// Whatever template and data come along, swift-mustache makes the same page of them.
@Suite("Mustache: second opinion")
struct SecondOpinionTests {
    @Test(arguments: 0..<20)
    func `swift-mustache renders generated templates alike`(_ series: Int) throws {
        for seed in 0..<25 {
            var corpus = MustacheCorpus(seed: UInt64(series * 1000 + seed))
            let partials = [
                "p0": corpus.template(depth: 1, partials: []),
                "p1": corpus.template(depth: 2, partials: ["p0"]),
                "layout": "<main>{{$a}}default {{t0}}{{/a}}|{{#l0}}{{$b}}{{i0}}{{/b}}{{/l0}}</main>",
            ]
            let template = corpus.template(depth: 3, partials: ["p0", "p1"])
            let data = corpus.data()
            let ours = try MustacheRule.render(template, data, partials: partials)
            let library = MustacheLibrary(
                templates: try partials.merging(["main": template]) { _, main in main }
                    .mapValues { try MustacheTemplate(string: $0) })
            let theirs = library.render(data.any as Any, withTemplate: "main")
            #expect(ours == theirs, "template \(template.debugDescription), partials \(partials), data \(data)")
            if ours != theirs { return }
        }
    }
}

/// Random templates and data that fit each other. Equal seeds give equal ones.
private struct MustacheCorpus {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(state: seed)
    }

    /// All data has the same names: texts t0…t2, numbers n0, flags f0 and f1, an object o, lists l0 (of objects),
    /// l1 (of texts); objects have names of their own (i0, i1) beside names they hide (t0).
    mutating func data() -> PlainData {
        [
            "t0": text(), "t1": text(), "t2": text(), "n0": .number(Int.random(in: 1...9999, using: &random)),
            "f0": .flag(chance(2)), "f1": .flag(chance(2)), "o": object(),
            "l0": .list((0..<count(4)).map { _ in object() }), "l1": .list((0..<count(4)).map { _ in text() }),
        ]
    }

    /// Whole lines: either one tag alone, or tags between visible texts. Two tags and nothing else on one line are
    /// left out, because the two of us differ on them and the specification does not say; so are indented partials,
    /// of which swift-mustache indents a section's first round only.
    mutating func template(depth: Int, partials: [String]) -> String {
        (0...count(6)).map { _ in line(depth: depth, partials: partials) }.joined()
    }

    private mutating func line(depth: Int, partials: [String]) -> String {
        let space = pick(["", "", "  ", "\t"])
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return "\(space){{! note }}\n"
        case 1: return "\(space)\n"
        case 2: return "\(space){{=<% %>=}}\n<p><% t0 %>\n\(space)<%={{ }}=%>\n"
        case 3,
            4 where depth > 0:
            let name = pick(Self.sections)
            let inner = template(depth: depth - 1, partials: partials)
            return "\(space){{\(pick(["#", "^"]))\(name)}}\n\(inner)\(space){{/\(name)}}\n"
        case 5:
            let block = pick(["a", "b"])
            return "-{{<layout}}{{$\(block)}}\(inline(depth: 1)){{/\(block)}}{{/layout}}-\n"
        case 6 where !partials.isEmpty: return pick(["", "-"]) + "{{> \(pick(partials))}}\n"
        default: return "\(space)<p>\((0...count(3)).map { _ in inline(depth: 1) }.joined())</p>\n"
        }
    }

    private mutating func inline(depth: Int) -> String {
        let name = pick(["t0", "t1", "t2", "n0", "o.i0", "o.i1", "i0", "missing"])
        let section = pick(Self.sections)
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1: return "{{\(name)}}"
        case 2: return "{{{\(name)}}} "
        case 3: return "{{& \(name) }}"
        case 4: return " {{! note }}"
        case 5 where depth > 0: return "{{#\(section)}}\(inline(depth: 0)){{/\(section)}}"
        case 6 where depth > 0: return "{{^\(section)}}\(inline(depth: 0)){{/\(section)}}"
        case 7: return "{{#l1}}[{{.}}]{{/l1}}"
        default: return pick(["<b>", "é 中文", "{ }", " "])
        }
    }

    private static let sections = ["f0", "f1", "o", "l0", "o.g", "missing"]

    private mutating func object() -> PlainData {
        ["i0": text(), "i1": text(), "t0": text(), "g": .flag(chance(2))]
    }

    private mutating func text() -> PlainData {
        .text(pick(["plain", "<a href=\"x\">", "R&D", "it's", "虚拟机 <1>", "&amp;", "line\nline", "{{t0}}"]))
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }
    private mutating func chance(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &random) == 0 }
    private mutating func count(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
}

/// Steele, Lea and Flood's generator: small, and the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
