import Testing

@Suite("Mustache: interpolation")
struct InterpolationRules {
    @Test(arguments: rules)
    func `a rule holds`(_ rule: MustacheRule) throws {
        #expect(try rule.rendered() == rule.expected)
    }

    private static let rules: [MustacheRule] = values + misses + dotted + items + spaces

    private static let values: [MustacheRule] = [
        MustacheRule("a template without tags is the page", "Plain {text}.\n", gives: "Plain {text}.\n"),
        MustacheRule("a tag is replaced by its value", "Net {{name}}!\n", ["name": "blue"], gives: "Net blue!\n"),
        MustacheRule(
            "a value is not read as a template", "{{a}}|{{b}}", ["a": "{{b}}", "b": "x"], gives: "{{b}}|x"),
        MustacheRule("a value is escaped", "<{{a}}>", ["a": "& \" < >"], gives: "<&amp; &quot; &lt; &gt;>"),
        MustacheRule("three braces do not escape", "<{{{a}}}>", ["a": "& \" < >"], gives: "<& \" < >>"),
        MustacheRule("an ampersand does not escape", "<{{&a}}>", ["a": "& \" < >"], gives: "<& \" < >>"),
        MustacheRule("a whole number is shown", "{{n}} GB", ["n": 85], gives: "85 GB"),
        MustacheRule("a whole number in three braces", "{{{n}}} GB", ["n": 85], gives: "85 GB"),
        MustacheRule("a whole number after an ampersand", "{{&n}} GB", ["n": 85], gives: "85 GB"),
        MustacheRule("a negative number is shown", "{{n}}", ["n": -204], gives: "-204"),
        MustacheRule("a decimal is shown without needless zeros", "{{n}} GB", ["n": 1.210], gives: "1.21 GB"),
        MustacheRule("a decimal in three braces", "{{{n}}} GB", ["n": 1.210], gives: "1.21 GB"),
        MustacheRule("a decimal after an ampersand", "{{&n}} GB", ["n": 1.210], gives: "1.21 GB"),
        MustacheRule("null is shown as nothing", "({{x}})", ["x": nil], gives: "()"),
        MustacheRule("null in three braces", "({{{x}}})", ["x": nil], gives: "()"),
        MustacheRule("null after an ampersand", "({{&x}})", ["x": nil], gives: "()"),
    ]

    private static let misses: [MustacheRule] = [
        MustacheRule("an unknown name is shown as nothing", "({{x}})", gives: "()"),
        MustacheRule("an unknown name in three braces", "({{{x}}})", gives: "()"),
        MustacheRule("an unknown name after an ampersand", "({{&x}})", gives: "()"),
    ]

    private static let dotted: [MustacheRule] = [
        MustacheRule(
            "a dotted name is short for sections", "{{net.name}}={{#net}}{{name}}{{/net}}",
            ["net": ["name": "blue"]], gives: "blue=blue"),
        MustacheRule(
            "a dotted name in three braces", "{{{net.name}}}={{#net}}{{{name}}}{{/net}}",
            ["net": ["name": "<"]], gives: "<=<"),
        MustacheRule(
            "a dotted name after an ampersand", "{{&net.name}}={{#net}}{{&name}}{{/net}}",
            ["net": ["name": "<"]], gives: "<=<"),
        MustacheRule(
            "dotted names go to any depth", "{{a.b.c.d.e.name}}",
            ["a": ["b": ["c": ["d": ["e": ["name": "deep"]]]]]], gives: "deep"),
        MustacheRule("a broken chain is shown as nothing", "({{a.b.c}})", ["a": [:]], gives: "()"),
        MustacheRule(
            "each part is looked up in the part before only", "({{a.b.c.name}})",
            ["a": ["b": [:]], "c": ["name": "elsewhere"]], gives: "()"),
        MustacheRule(
            "the first part is looked up like any name", "{{#a}}{{b.c.name}}{{/a}}",
            ["a": ["b": ["c": ["name": "inner"]]], "b": ["c": ["name": "outer"]]], gives: "inner"),
        MustacheRule(
            "the nearest first part counts, even if the chain breaks there", "{{#a}}{{b.c}}{{/a}}",
            ["a": ["b": [:]], "b": ["c": "outer"]], gives: ""),
        MustacheRule("a dotted name is never one key", "({{a.b}})", ["a.b": "c"], gives: "()"),
        MustacheRule(
            "a key with a dot does not hide a chain", "{{a.b}}", ["a.b": "c", "a": ["b": "d"]], gives: "d"),
    ]

    private static let items: [MustacheRule] = [
        MustacheRule("a dot is the whole value", "It is {{.}}.\n", "blue", gives: "It is blue.\n"),
        MustacheRule("a dot is escaped", "{{.}}", "& \" < >", gives: "&amp; &quot; &lt; &gt;"),
        MustacheRule("a dot in three braces is not", "{{{.}}}", "& \" < >", gives: "& \" < >"),
        MustacheRule("a dot after an ampersand is not", "{{&.}}", "& \" < >", gives: "& \" < >"),
        MustacheRule("a dot can be a number", "{{.}} GB", 85, gives: "85 GB"),
    ]

    private static let spaces: [MustacheRule] = [
        MustacheRule("space around a tag stays", "| {{a}} |", ["a": "-"], gives: "| - |"),
        MustacheRule("space around three braces stays", "| {{{a}}} |", ["a": "-"], gives: "| - |"),
        MustacheRule("space around an ampersand tag stays", "| {{&a}} |", ["a": "-"], gives: "| - |"),
        MustacheRule("a value alone on its line keeps the line", "  {{a}}\n", ["a": "-"], gives: "  -\n"),
        MustacheRule("so do three braces", "  {{{a}}}\n", ["a": "-"], gives: "  -\n"),
        MustacheRule("so does an ampersand", "  {{&a}}\n", ["a": "-"], gives: "  -\n"),
        MustacheRule("space inside a tag does not count", "|{{ a }}|", ["a": "-"], gives: "|-|"),
        MustacheRule("nor inside three braces", "|{{{ a }}}|", ["a": "-"], gives: "|-|"),
        MustacheRule("nor after an ampersand", "|{{& a }}|", ["a": "-"], gives: "|-|"),
    ]
}
