import Testing

@Suite("Mustache: comments")
struct CommentRules {
    @Test(arguments: rules)
    func `a rule holds`(_ rule: MustacheRule) throws {
        #expect(try rule.rendered() == rule.expected)
    }

    private static let rules: [MustacheRule] = [
        MustacheRule("a comment is not shown", "123{{! note }}456", gives: "123456"),
        MustacheRule("it may have several lines", "123{{!\n  note,\n  and more\n}}456\n", gives: "123456\n"),
        MustacheRule("alone it takes its line away", "a\n{{! note }}\nb\n", gives: "a\nb\n"),
        MustacheRule("also when indented", "a\n  {{! note }}\nb\n", gives: "a\nb\n"),
        MustacheRule("CR LF ends a line", "|\r\n{{! note }}\r\n|", gives: "|\r\n|"),
        MustacheRule("the first line counts", "  {{! note }}\n!", gives: "!"),
        MustacheRule("the last line counts", "!\n  {{! note }}", gives: "!\n"),
        MustacheRule("several lines alone are taken away", "a\n{{!\nnote\n}}\nb\n", gives: "a\nb\n"),
        MustacheRule("also when indented", "a\n  {{!\n    note\n  }}\nb\n", gives: "a\nb\n"),
        MustacheRule("beside other things it leaves the line alone", "  12 {{! 34 }}\n", gives: "  12 \n"),
        MustacheRule("space around stays", "12 {{! note }} 34", gives: "12  34"),
        MustacheRule(
            "a comment is never a name", ">{{! note }}<", ["! note": 1, "!note": 2, "note": 3], gives: "><"),
    ]
}

@Suite("Mustache: delimiters")
struct DelimiterRules {
    @Test(arguments: rules)
    func `a rule holds`(_ rule: MustacheRule) throws {
        #expect(try rule.rendered() == rule.expected)
    }

    private static let rules: [MustacheRule] = [
        MustacheRule("a pair is set", "{{=<% %>=}}(<%a%>)", ["a": "x"], gives: "(x)"),
        MustacheRule("any characters will do", "({{=[ ]=}}[a])", ["a": "x"], gives: "(x)"),
        MustacheRule(
            "what is set before a section holds in it",
            "[\n{{#on}}\n  {{a}}\n  |a|\n{{/on}}\n\n{{= | | =}}\n|#on|\n  {{a}}\n  |a|\n|/on|\n]\n",
            ["on": true, "a": "x"], gives: "[\n  x\n  |a|\n\n  {{a}}\n  x\n]\n"),
        MustacheRule(
            "and in an inverted one",
            "[\n{{^on}}\n  {{a}}\n  |a|\n{{/on}}\n\n{{= | | =}}\n|^on|\n  {{a}}\n  |a|\n|/on|\n]\n",
            ["on": false, "a": "x"], gives: "[\n  x\n  |a|\n\n  {{a}}\n  x\n]\n"),
        MustacheRule(
            "what is set does not reach a partial", "[ {{>p}} ]\n{{= | | =}}\n[ |>p| ]\n", ["v": "yes"],
            partials: ["p": ".{{v}}."], gives: "[ .yes. ]\n[ .yes. ]\n"),
        MustacheRule(
            "what a partial sets stays there", "[ {{>p}} ]\n[ .{{v}}.  .|v|. ]\n", ["v": "yes"],
            partials: ["p": ".{{v}}. {{= | | =}} .|v|."], gives: "[ .yes.  .yes. ]\n[ .yes.  .|v|. ]\n"),
        MustacheRule("space around stays", "| {{=@ @=}} |", gives: "|  |"),
        MustacheRule("also at the end of the line", " | {{=@ @=}}\n", gives: " | \n"),
        MustacheRule("alone it takes its line away", "a\n{{=@ @=}}\nb\n", gives: "a\nb\n"),
        MustacheRule("also when indented", "a\n  {{=@ @=}}\nb\n", gives: "a\nb\n"),
        MustacheRule("CR LF ends a line", "|\r\n{{= @ @ =}}\r\n|", gives: "|\r\n|"),
        MustacheRule("the first line counts", "  {{=@ @=}}\n=", gives: "="),
        MustacheRule("the last line counts", "=\n  {{=@ @=}}", gives: "=\n"),
        MustacheRule("more space between does not count", "|{{= @   @ =}}|", gives: "||"),
    ]
}

@Suite("Mustache: partials")
struct PartialRules {
    @Test(arguments: rules)
    func `a rule holds`(_ rule: MustacheRule) throws {
        #expect(try rule.rendered() == rule.expected)
    }

    private static let rules: [MustacheRule] = [
        MustacheRule("a partial is put in place", "'{{>p}}'", partials: ["p": "part"], gives: "'part'"),
        MustacheRule("a missing one is nothing", "'{{>p}}'", gives: "''"),
        MustacheRule("it sees the stack", "'{{>p}}'", ["a": "x"], partials: ["p": "*{{a}}*"], gives: "'*x*'"),
        MustacheRule(
            "it may include itself", "{{>node}}",
            ["v": "X", "nodes": [["v": "Y", "nodes": []], ["v": "Z", "nodes": []]]],
            partials: ["node": "{{v}}<{{#nodes}}{{>node}}{{/nodes}}>"], gives: "X<Y<>Z<>>"),
        MustacheRule(
            "it may include others", "{{>a}}", ["x": "hello", "y": "world"],
            partials: ["a": "*{{x}} {{>b}}*", "b": "{{y}}!"], gives: "*hello world!*"),
        MustacheRule("space around stays", "| {{>p}} |", partials: ["p": "\t|\t"], gives: "| \t|\t |"),
        MustacheRule(
            "beside other things it is not indented", "  {{a}}  {{> p}}\n", ["a": "|"], partials: ["p": ">\n>"],
            gives: "  |  >\n>\n"),
        MustacheRule("CR LF ends a line", "|\r\n{{>p}}\r\n|", partials: ["p": ">"], gives: "|\r\n>|"),
        MustacheRule("the first line counts", "  {{>p}}\n>", partials: ["p": ">\n>"], gives: "  >\n  >>"),
        MustacheRule("the last line counts", ">\n  {{>p}}", partials: ["p": ">\n>"], gives: ">\n  >\n  >"),
        MustacheRule(
            "alone on its line its own lines are indented, values are not", "\\\n {{>p}}\n/\n", ["a": "<\n->"],
            partials: ["p": "|\n{{{a}}}\n|\n"], gives: "\\\n |\n <\n->\n |\n/\n"),
        MustacheRule(
            "indentation adds up", "  {{>a}}\n", partials: ["a": "a\n {{>b}}\n", "b": "b\n\nc\n"],
            gives: "  a\n   b\n\n   c\n"),
        MustacheRule("space inside a tag does not count", "|{{> p }}|", partials: ["p": "[]"], gives: "|[]|"),
    ]
}
