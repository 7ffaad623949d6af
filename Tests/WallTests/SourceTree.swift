import Foundation

/// A text file of the package, read for its shape and not for what it does.
struct SourceFile: Sendable, CustomStringConvertible {
    /// From the root of the package: `Sources/HTTP/Request.swift`.
    let path: String
    let text: String
    let lines: [Substring]
    /// The same lines without comments and strings.
    let code: SwiftCode

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = SwiftCode(text)
    }

    var description: String { path }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    /// The target: the folder below `Sources` or `Tests`.
    var target: String { String(path.split(separator: "/")[1]) }

    /// The modules it imports, whatever the access level written in front.
    var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
            guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
                words[..<at].allSatisfy({ ["public", "package", "internal", "private", "fileprivate"].contains($0) })
            else { return nil }
            // `import struct Module.Name` names the kind of the thing first.
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let module = kinds.contains(words[at + 1]) && at + 2 < words.count ? words[at + 2] : words[at + 1]
            return module.split(separator: ".").first.map(String.init)
        }
    }
}

/// The package on this machine.
enum SourceTree {
    static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    static let sources = swiftFiles(below: "Sources")
    /// Without the fuzzer's package, which has a list of targets of its own.
    static let tests = swiftFiles(below: "Tests").filter { $0.target != "Fuzzing" }

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root + "/" + path)
    }

    private static func swiftFiles(below folder: String) -> [SourceFile] {
        let all = FileManager.default.enumerator(atPath: root + "/" + folder)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            let path = folder + "/" + name
            return (try? text(path)).map { SourceFile(path: path, text: $0) }
        }
    }
}
