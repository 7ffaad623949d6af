import Foundation

/// A template file after parsing.
struct ParsedTemplate: Sendable {
    /// The path below the folder, `project/instances/index.html`.
    let file: String
    let nodes: [TemplateNode]
    let messages: [TemplateMessage]

    init(file: String, source: [UInt8]) throws(TemplateError) {
        self.file = file
        var parser = TemplateParser(file: file, source: source)
        nodes = try parser.parse()
        messages = parser.messages
    }
}

/// The parsed templates by name: the path below the folder without `.html`.
struct TemplateSources: Sendable {
    private(set) var templates: [String: ParsedTemplate] = [:]

    /// Templates from texts, for tests.
    init(_ texts: [String: String]) throws(TemplateError) {
        for (name, text) in texts {
            templates[name] = try ParsedTemplate(file: "\(name).html", source: Array(text.utf8))
        }
    }

    /// Every `*.html` below a folder.
    init(directory: String) throws(TemplateError) {
        guard let files = FileManager.default.enumerator(atPath: directory) else {
            throw TemplateError(file: directory, line: 0, reason: "cannot be read")
        }
        for case let file as String in files where file.hasSuffix(".html") {
            guard let content = FileManager.default.contents(atPath: "\(directory)/\(file)") else {
                throw TemplateError(file: file, line: 0, reason: "cannot be read")
            }
            guard String(validating: content, as: UTF8.self) != nil else {
                throw TemplateError(file: file, line: 0, reason: "is not UTF-8")
            }
            templates[String(file.dropLast(5))] = try ParsedTemplate(file: file, source: Array(content))
        }
        guard !templates.isEmpty else {
            throw TemplateError(file: directory, line: 0, reason: "holds no templates (*.html)")
        }
    }

    /// The template an inclusion means: beside the including file when the name has no folder, then from the top.
    func find(_ name: String, from file: String) -> ParsedTemplate? {
        candidates(name, from: file).lazy.compactMap { templates[$0] }.first
    }

    func nearest(to name: String, from file: String) -> String? {
        let folder = Self.folder(of: file)
        let names = templates.keys.sorted().map { full in
            full.hasPrefix(folder) && !name.contains("/") ? String(full.dropFirst(folder.count)) : full
        }
        return NearestName.nearest(to: name, among: names)
    }

    /// Every block that can be given to a template: its own, and those of what it includes.
    func blockNames(in template: ParsedTemplate) -> Set<String> {
        var names: Set<String> = []
        var visited: Set<String> = []
        collectBlocks(of: template, into: &names, visited: &visited)
        return names
    }

    private func collectBlocks(of template: ParsedTemplate, into names: inout Set<String>, visited: inout Set<String>) {
        guard visited.insert(template.file).inserted else { return }
        collectBlocks(in: template.nodes, of: template.file, into: &names, visited: &visited)
    }

    private func collectBlocks(
        in nodes: [TemplateNode], of file: String, into names: inout Set<String>, visited: inout Set<String>
    ) {
        for node in nodes {
            switch node {
            case .block(let block):
                names.insert(block.name)
                collectBlocks(in: block.content, of: file, into: &names, visited: &visited)
            case .section(_, let content), .inverted(_, let content):
                collectBlocks(in: content, of: file, into: &names, visited: &visited)
            case .partial(let inclusion):
                if let next = find(inclusion.name, from: file) {
                    collectBlocks(of: next, into: &names, visited: &visited)
                }
            case .parent(let inclusion, let arguments):
                if let next = find(inclusion.name, from: file) {
                    collectBlocks(of: next, into: &names, visited: &visited)
                }
                for argument in arguments.values {
                    collectBlocks(in: argument.content, of: file, into: &names, visited: &visited)
                }
            case .text, .lineStart, .variable, .message: continue
            }
        }
    }

    private func candidates(_ name: String, from file: String) -> [String] {
        name.contains("/") ? [name] : [Self.folder(of: file) + name, name]
    }

    /// `project/instances/` of `project/instances/index.html`.
    private static func folder(of file: String) -> String {
        file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    }
}
