import Foundation

/// What `Package.swift` allows each target to import, read from its text.
struct Manifest {
    let allowed: [String: Set<String>]

    init(_ text: String) {
        var allowed: [String: Set<String>] = [:]
        let products = ["log": "Logging"]
        let services = Self.names(in: Self.section(of: text, from: "let services: [Target.Dependency] = [", to: "]"))
        let targets = Self.section(of: text, from: "targets: [", to: "swiftLanguageModes")
        for declaration in Self.declarations(in: targets) {
            let names = Self.names(in: declaration)
            guard let target = names.first else { continue }
            var imports = Set(names.dropFirst())
            for (word, product) in products where Self.words(in: declaration).contains(word) { imports.insert(product) }
            if Self.words(in: declaration).contains("services") { imports.formUnion(services) }
            if declaration.hasPrefix("tests(") { imports.insert("TestSupport") }
            allowed[target] = imports
        }
        self.allowed = allowed
    }

    private static func section(of text: String, from start: String, to end: String) -> String {
        guard let first = text.range(of: start) else { return "" }
        let rest = text[first.upperBound...]
        return String(rest[..<(rest.range(of: end)?.lowerBound ?? rest.endIndex)])
    }

    /// One piece of text per target: from its opening word to the next.
    private static func declarations(in text: String) -> [String] {
        var pieces: [String] = []
        for line in text.split(separator: "\n") {
            let code = line.drop { $0 == " " }
            let openers = ["room(", "tests(", "system(", ".target(", ".executableTarget("]
            if openers.contains(where: { code.hasPrefix($0) }) {
                pieces.append("")
            }
            if !pieces.isEmpty { pieces[pieces.count - 1] += code + "\n" }
        }
        return pieces
    }

    private static func names(in text: String) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func words(in text: String) -> Set<String> {
        let outside = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined(separator: " ")
        return Set(outside.split { !$0.isLetter }.map(String.init))
    }
}
