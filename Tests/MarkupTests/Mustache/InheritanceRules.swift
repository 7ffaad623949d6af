import Testing

@Suite("Mustache: inheritance")
struct InheritanceRules {
    @Test(arguments: rules)
    func `a rule holds`(_ rule: MustacheRule) throws {
        #expect(try rule.rendered() == rule.expected)
    }

    private static let rules: [MustacheRule] = defaults + overrides + levels + lines

    private static let defaults: [MustacheRule] = [
        MustacheRule("a block shows its default", "{{$t}}Title{{/t}}\n", gives: "Title\n"),
        MustacheRule("a default may show variables", "{{$t}}a {{x}} b{{/t}}\n", ["x": "y"], gives: "a y b\n"),
        MustacheRule("also unescaped", "{{$t}}a {{{x}}} b{{/t}}\n", ["x": "<y>"], gives: "a <y> b\n"),
        MustacheRule(
            "a default may hold sections", "{{$t}}a {{#o}}{{x}}{{/o}} b{{/t}}\n", ["o": ["x": "y"]],
            gives: "a y b\n"),
        MustacheRule(
            "a default may hold inverted sections", "{{$t}}a {{^o}}{{x}}{{/o}} b{{/t}}\n", ["x": "y"],
            gives: "a y b\n"),
        MustacheRule(
            "values in a default are not templates", "{{$t}}a {{#o}}{{x}}{{/o}} b{{/t}}\n",
            ["o": ["x": "{{y}}"]], gives: "a {{y}} b\n"),
        MustacheRule(
            "a parent shows its defaults", "{{<p}}{{/p}}", partials: ["p": "{{$t}}default{{/t}}"],
            gives: "default"),
        MustacheRule(
            "a parent without blocks is a partial", "{{>p}}|{{<p}}{{/p}}",
            partials: ["p": "{{$t}}default{{/t}}"], gives: "default|default"),
        MustacheRule(
            "text beside the blocks is left out", "{{<p}} x {{$t}}mine{{/t}} y {{/p}}",
            partials: ["p": "{{$t}}default{{/t}}"], gives: "mine"),
        MustacheRule(
            "text without blocks is left out", "{{<p}} x y {{/p}}", partials: ["p": "{{$t}}default{{/t}}"],
            gives: "default"),
    ]

    private static let overrides: [MustacheRule] = [
        MustacheRule(
            "a block is overridden", "{{<p}}{{$t}}mine{{/t}}{{/p}}",
            partials: ["p": "...{{$t}}default{{/t}}..."], gives: "...mine..."),
        MustacheRule(
            "data does not override a given block", "{{<p}}{{$v}}given{{/v}}{{/p}}", ["v": "data"],
            partials: ["p": "{{$v}}default{{/v}}"], gives: "given"),
        MustacheRule(
            "data does not override a default", "{{<p}}{{/p}}", ["v": "data"],
            partials: ["p": "{{$v}}default{{/v}}"], gives: "default"),
        MustacheRule(
            "text around the parent stays", "test {{<p}}{{$t}}mine{{/t}}{{/p}}",
            partials: ["p": "{{$t}}...{{/t}}"], gives: "test mine"),
        MustacheRule(
            "one parent twice with different blocks",
            "test {{<p}}{{$t}}one{{/t}}{{/p}} {{<p}}{{$t}}two{{/t}}{{/p}}\n",
            partials: ["p": "|{{$t}}...{{/t}}{{$d}} default{{/d}}|"], gives: "test |one default| |two default|\n"),
        MustacheRule(
            "one block is given, the other not", "{{<p}}{{$b}}two{{/b}}{{/p}}",
            partials: ["p": "{{$a}}new one{{/a}}, {{$b}}new two{{/b}}"], gives: "new one, two"),
        MustacheRule(
            "a block sees the stack where the parent puts it", "{{<p}}{{$b}}I have {{f}}.{{/b}}{{/p}}",
            ["f": "apples", "n": ["f": "pears"]], partials: ["p": "{{#n}}{{$b}}You have {{f}}.{{/b}}{{/n}}"],
            gives: "I have pears."),
    ]

    private static let levels: [MustacheRule] = [
        MustacheRule(
            "parents may include each other", "{{<p}}{{$f}}over{{/f}}{{/p}}",
            partials: [
                "p": "{{$f}}default{{/f}} {{$b}}{{<q}}{{/q}}{{/b}}",
                "q": "{{$f}}q default{{/f}} {{<p}}{{$b}}stop{{/b}}{{/p}}",
            ], gives: "over over over stop"),
        MustacheRule(
            "the outermost block wins", "{{<p}}{{$a}}c{{/a}}{{/p}}",
            partials: [
                "p": "{{<q}}{{$a}}p{{/a}}{{/q}}", "q": "{{<r}}{{$a}}q{{/a}}{{/r}}", "r": "{{$a}}r{{/a}}",
            ], gives: "c"),
        MustacheRule(
            "without it the next one wins", "{{<p}}{{/p}}",
            partials: [
                "p": "{{<q}}{{$a}}p{{/a}}{{/q}}", "q": "{{<r}}{{$a}}q{{/a}}{{/r}}", "r": "{{$a}}r{{/a}}",
            ], gives: "p"),
    ]

    private static let lines: [MustacheRule] = [
        MustacheRule(
            "a block may have several lines", "{{<p}}{{$b}}\nup\n\n:(\n{{/b}}{{/p}}",
            partials: ["p": "{{$b}}default{{/b}}"], gives: "up\n\n:(\n"),
        MustacheRule(
            "the parent's indentation holds for a given block", "{{<p}}{{$b}}go{{/b}}{{/p}}",
            partials: ["p": "stop:\n  {{$b}}default{{/b}}\n"], gives: "stop:\n  go\n"),
        MustacheRule(
            "a parent alone on its line is indented", "Hi,\n  {{<p}}{{/p}}\n", partials: ["p": "one\ntwo\n"],
            gives: "Hi,\n  one\n  two\n"),
        MustacheRule(
            "a block alone on its line is indented", "{{<p}}{{$b}}\none\ntwo{{/b}}\n{{/p}}\n",
            partials: ["p": "Hi,\n  {{$b}}{{/b}}\n"], gives: "Hi,\n  one\n  two\n"),
        MustacheRule(
            "indentation is that of the place, not of the definition",
            "{{<p}}{{$b}}\n    one\n    two\n{{/b}}{{/p}}\n", partials: ["p": "Hi,\n  {{$b}}\n  {{/b}}\n"],
            gives: "Hi,\n  one\n  two\n"),
        MustacheRule(
            "a tag at the margin takes the indentation of its default", "{{<p}}{{$b}}\none\ntwo\n{{/b}}{{/p}}\n",
            partials: ["p": "Hi,\n{{$b}}\n  default\n{{/b}}\n"], gives: "Hi,\n  one\n  two\n"),
        MustacheRule(
            "a block within a block is indented with it", "{{<p}}{{$n}}\nthree\n{{/n}}{{/p}}\n",
            partials: [
                "p": "{{<g}}{{$b}}\n  one\n  {{$n}}\n    two\n  {{/n}}\n{{/b}}{{/g}}\n",
                "g": "{{$b}}default{{/b}}",
            ], gives: "one\n  three\n"),
    ]
}
