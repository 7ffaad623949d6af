import Testing

@Suite("Mustache: sections")
struct SectionRules {
    @Test(arguments: rules)
    func `a rule holds`(_ rule: MustacheRule) throws {
        #expect(try rule.rendered() == rule.expected)
    }

    private static let rules: [MustacheRule] = truth + stack + items + dotted + lines

    private static let truth: [MustacheRule] = [
        MustacheRule("a true section is shown", "({{#on}}yes{{/on}})", ["on": true], gives: "(yes)"),
        MustacheRule("a false section is left out", "({{#on}}yes{{/on}})", ["on": false], gives: "()"),
        MustacheRule("null is false", "({{#on}}yes{{/on}})", ["on": nil], gives: "()"),
        MustacheRule("an unknown name is false", "[{{#missing}}yes{{/missing}}]", gives: "[]"),
        MustacheRule("an empty list is false", "({{#list}}yes{{/list}})", ["list": []], gives: "()"),
        MustacheRule(
            "a section can come twice", "{{#on}}\n* one\n{{/on}}\n* {{two}}\n{{#on}}\n* three\n{{/on}}\n",
            ["on": true, "two": "second"], gives: "* one\n* second\n* three\n"),
        MustacheRule(
            "true sections nest", "| A {{#on}}B {{#on}}C{{/on}} D{{/on}} E |", ["on": true],
            gives: "| A B C D E |"),
        MustacheRule(
            "false sections nest", "| A {{#on}}B {{#on}}C{{/on}} D{{/on}} E |", ["on": false], gives: "| A  E |"),
    ]

    private static let stack: [MustacheRule] = [
        MustacheRule(
            "an object goes on the stack", "({{#net}}It is {{name}}.{{/net}})", ["net": ["name": "blue"]],
            gives: "(It is blue.)"),
        MustacheRule(
            "what the top lacks is looked up below", "{{#top}}{{a}}, {{b}}, {{c.d}}{{/top}}",
            ["a": "one", "b": "hidden", "top": ["b": "two"], "c": ["d": "three"]], gives: "one, two, three"),
        MustacheRule(
            "a text on the stack is the dot, and its name still works", "{{#name}}{{.}} is {{name}}{{/name}}",
            ["name": "blue"], gives: "blue is blue"),
        MustacheRule(
            "all levels of nested lists are in sight",
            "{{#as}}{{#bs}}{{n.low}}{{b}}.{{#cs}}{{n.up}}{{b}}{{c}}.{{/cs}}{{/bs}}{{/as}}",
            ["as": [["n": ["up": "Q", "low": "q"], "bs": [["b": "7", "cs": [["c": "s"], ["c": "t"]]]]]]],
            gives: "q7.Q7s.Q7t."),
        MustacheRule(
            "all levels of nested objects are in sight",
            """
            {{#a}}
            {{one}}
            {{#b}}
            {{one}}{{two}}{{one}}
            {{#c}}
            {{one}}{{two}}{{three}}{{two}}{{one}}
            {{#d}}
            {{one}}{{two}}{{three}}{{four}}{{three}}{{two}}{{one}}
            {{#five}}
            {{one}}{{two}}{{three}}{{four}}{{five}}{{four}}{{three}}{{two}}{{one}}
            {{four}}{{.}}6{{.}}{{four}}
            {{/five}}
            {{one}}{{two}}{{three}}{{four}}
            {{/d}}
            {{one}}{{two}}{{three}}
            {{/c}}
            {{one}}{{two}}
            {{/b}}
            {{one}}
            {{/a}}

            """,
            ["a": ["one": 1], "b": ["two": 2], "c": ["three": 3, "d": ["four": 4, "five": 5]]],
            gives: "1\n121\n12321\n1234321\n123454321\n45654\n1234\n123\n12\n1\n"),
        MustacheRule(
            "a list is walked over, each element on the stack", "{{#nets}}{{mtu}};{{/nets}}",
            ["nets": [["mtu": 1], ["mtu": 2], ["mtu": 3]]], gives: "1;2;3;"),
    ]

    private static let items: [MustacheRule] = [
        MustacheRule("the dot is the text", "{{#l}}({{.}}){{/l}}", ["l": ["a", "b", "c"]], gives: "(a)(b)(c)"),
        MustacheRule("the dot is the number", "{{#l}}({{.}}){{/l}}", ["l": [1, 2, 3]], gives: "(1)(2)(3)"),
        MustacheRule("the dot is the decimal", "{{#l}}({{.}}){{/l}}", ["l": [1.10, 2.20]], gives: "(1.1)(2.2)"),
        MustacheRule(
            "the dot can be a list again", "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}", ["l": [[1, 2, 3], ["a", "b"]]],
            gives: "(123)(ab)"),
        MustacheRule(
            "the dot is escaped", "{{#l}}({{.}}){{/l}}", ["l": ["&", "\"", "<", ">"]],
            gives: "(&amp;)(&quot;)(&lt;)(&gt;)"),
        MustacheRule("the dot in three braces is not", "{{#l}}({{{.}}}){{/l}}", ["l": ["&", "<"]], gives: "(&)(<)"),
        MustacheRule("the dot after an ampersand is not", "{{#l}}({{&.}}){{/l}}", ["l": ["&", "<"]], gives: "(&)(<)"),
        MustacheRule(
            "the dot at the top can be a list", "{{#.}}({{v}}){{/.}}", [["v": "a"], ["v": "b"]], gives: "(a)(b)"),
    ]

    private static let dotted: [MustacheRule] = [
        MustacheRule("a true chain", "({{#a.b.c}}in{{/a.b.c}})", ["a": ["b": ["c": true]]], gives: "(in)"),
        MustacheRule("a false chain", "({{#a.b.c}}in{{/a.b.c}})", ["a": ["b": ["c": false]]], gives: "()"),
        MustacheRule("a broken chain is false", "({{#a.b.c}}in{{/a.b.c}})", ["a": [:]], gives: "()"),
    ]

    private static let lines: [MustacheRule] = [
        MustacheRule("space around stays", " | {{#on}}\t|\t{{/on}} | \n", ["on": true], gives: " | \t|\t | \n"),
        MustacheRule(
            "space inside stays", " | {{#on}} {{! note }}\n {{/on}} | \n", ["on": true], gives: " |  \n  | \n"),
        MustacheRule(
            "a section on one line leaves the line alone", " {{#on}}A{{/on}}\n {{#on}}B{{/on}}\n", ["on": true],
            gives: " A\n B\n"),
        MustacheRule(
            "a tag alone on its line takes the line away", "| a\n{{#on}}\n|\n{{/on}}\n| b\n", ["on": true],
            gives: "| a\n|\n| b\n"),
        MustacheRule(
            "also when it is indented", "| a\n  {{#on}}\n|\n  {{/on}}\n| b\n", ["on": true],
            gives: "| a\n|\n| b\n"),
        MustacheRule("CR LF ends a line", "|\r\n{{#on}}\r\n{{/on}}\r\n|", ["on": true], gives: "|\r\n|"),
        MustacheRule("the first line counts", "  {{#on}}\n#{{/on}}\n/", ["on": true], gives: "#\n/"),
        MustacheRule("the last line counts", "#{{#on}}\n/\n  {{/on}}", ["on": true], gives: "#\n/\n"),
        MustacheRule("space inside a tag does not count", "|{{# on }}={{/ on }}|", ["on": true], gives: "|=|"),
    ]
}

@Suite("Mustache: inverted sections")
struct InvertedRules {
    @Test(arguments: rules)
    func `a rule holds`(_ rule: MustacheRule) throws {
        #expect(try rule.rendered() == rule.expected)
    }

    private static let rules: [MustacheRule] = [
        MustacheRule("false shows it", "({{^on}}no{{/on}})", ["on": false], gives: "(no)"),
        MustacheRule("true leaves it out", "({{^on}}no{{/on}})", ["on": true], gives: "()"),
        MustacheRule("null shows it", "({{^on}}no{{/on}})", ["on": nil], gives: "(no)"),
        MustacheRule("an object leaves it out", "({{^net}}{{name}}{{/net}})", ["net": ["name": "x"]], gives: "()"),
        MustacheRule("a list leaves it out", "({{^l}}{{n}}{{/l}})", ["l": [["n": 1], ["n": 2]]], gives: "()"),
        MustacheRule("an empty list shows it", "({{^l}}none{{/l}})", ["l": []], gives: "(none)"),
        MustacheRule("an unknown name shows it", "[{{^missing}}none{{/missing}}]", gives: "[none]"),
        MustacheRule(
            "it can come twice", "{{^on}}\n* one\n{{/on}}\n* {{two}}\n{{^on}}\n* three\n{{/on}}\n",
            ["on": false, "two": "second"], gives: "* one\n* second\n* three\n"),
        MustacheRule(
            "shown ones nest", "| A {{^on}}B {{^on}}C{{/on}} D{{/on}} E |", ["on": false], gives: "| A B C D E |"),
        MustacheRule(
            "left out ones nest", "| A {{^on}}B {{^on}}C{{/on}} D{{/on}} E |", ["on": true], gives: "| A  E |"),
        MustacheRule("a true chain", "({{^a.b.c}}no{{/a.b.c}})", ["a": ["b": ["c": true]]], gives: "()"),
        MustacheRule("a false chain", "({{^a.b.c}}no{{/a.b.c}})", ["a": ["b": ["c": false]]], gives: "(no)"),
        MustacheRule("a broken chain", "({{^a.b.c}}no{{/a.b.c}})", ["a": [:]], gives: "(no)"),
        MustacheRule("space around stays", " | {{^on}}\t|\t{{/on}} | \n", ["on": false], gives: " | \t|\t | \n"),
        MustacheRule(
            "space inside stays", " | {{^on}} {{! note }}\n {{/on}} | \n", ["on": false], gives: " |  \n  | \n"),
        MustacheRule(
            "one line is left alone", " {{^on}}A{{/on}}\n {{^on}}B{{/on}}\n", ["on": false], gives: " A\n B\n"),
        MustacheRule(
            "a tag alone takes its line away", "| a\n{{^on}}\n|\n{{/on}}\n| b\n", ["on": false],
            gives: "| a\n|\n| b\n"),
        MustacheRule(
            "also when indented", "| a\n  {{^on}}\n|\n  {{/on}}\n| b\n", ["on": false], gives: "| a\n|\n| b\n"),
        MustacheRule("CR LF ends a line", "|\r\n{{^on}}\r\n{{/on}}\r\n|", ["on": false], gives: "|\r\n|"),
        MustacheRule("the first line counts", "  {{^on}}\n^{{/on}}\n/", ["on": false], gives: "^\n/"),
        MustacheRule("the last line counts", "^{{^on}}\n/\n  {{/on}}", ["on": false], gives: "^\n/\n"),
        MustacheRule("space inside a tag does not count", "|{{^ on }}={{/ on }}|", ["on": false], gives: "|=|"),
    ]
}
