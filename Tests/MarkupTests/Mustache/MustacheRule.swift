import Testing

@testable import Markup

/// A rule of the Mustache specification (https://github.com/mustache/spec), shown by one example.
struct MustacheRule: Sendable, CustomTestStringConvertible {
    let rule: String
    let template: String
    let data: PlainData
    let partials: [String: String]
    let expected: String

    init(
        _ rule: String, _ template: String, _ data: PlainData = [:], partials: [String: String] = [:],
        gives expected: String
    ) {
        self.rule = rule
        self.template = template
        self.data = data
        self.partials = partials
        self.expected = expected
    }

    var testDescription: String { rule }

    /// What we make of it, bound by the specification's lenient rules.
    func rendered() throws -> String {
        try Self.render(template, data, partials: partials)
    }

    static func render(_ template: String, _ data: PlainData, partials: [String: String] = [:]) throws -> String {
        let library = try TemplateLibrary(partials.merging(["main": template]) { _, main in main })
        let shape = ShapeOutline.of([data])
        let program = try library.program("main", for: shape, .english, .lenient)
        return String(decoding: data.rendered(by: program, shape), as: UTF8.self)
    }
}
