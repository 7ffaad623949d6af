import Testing

@Suite struct `The documents` {
    /// Everything in backquotes that looks like a path of this package.
    private func paths(in document: String) throws -> [String] {
        let text = try SourceTree.text(document)
        let roots = ["Sources/", "Templates/", "Public/", "Tests/", "Benchmarks/", ".ci/"]
        var quoted = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        // Links and pictures: [text](path)
        for piece in text.split(separator: "](").dropFirst() {
            quoted.append(String(piece.prefix { $0 != ")" }))
        }
        return quoted.filter { path in roots.contains { path.hasPrefix($0) } && !path.contains(" ") }
    }

    @Test(arguments: ["README.md", "ARCHITECTURE.md"])
    func `every file a document names exists`(document: String) throws {
        let named = try paths(in: document)
        #expect(named.count >= 5, "\(document) names \(named.count) files")
        for path in named { #expect(SourceTree.exists(path), "\(document) names \(path)") }
    }

    @Test func `every command of make that the README names exists`() throws {
        let makefile = try SourceTree.text("Makefile")
        let words = try SourceTree.text("README.md").split(separator: "`").filter { $0.hasPrefix("make ") }
        #expect(!words.isEmpty)
        for command in words {
            let target = command.dropFirst("make ".count)
            #expect(makefile.contains("\n\(target):"), "make \(target)")
        }
    }

    @Test func `the README is one page`() throws {
        #expect(try SourceTree.text("README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 90)
    }
}
