import Testing

@Suite struct `Size and manners` {
    @Test func `no file is longer than 400 lines`() {
        let offenders = SourceTree.sources.filter { $0.lines.count > 401 }.map { "\($0): \($0.lines.count) lines" }
        #expect(offenders == [])
    }

    @Test func `no function is longer than 60 lines`() {
        let offenders = SourceTree.sources.flatMap { file in
            file.code.functions.filter { $0.length > 60 }
                .map { "\(file):\($0.line): \($0.name) has \($0.length) lines" }
        }
        #expect(offenders == [])
    }

    @Test func `nothing crashes on purpose, and nothing is left to be done`() {
        let banned = ["fatalError(", "try!"]
        var offenders: [String] = []
        for file in SourceTree.sources {
            let code = file.code.lines
            for (index, line) in file.lines.enumerated() {
                if banned.contains(where: { code[index].contains($0) }) { offenders.append("\(file):\(index + 1)") }
                if ["TODO", "FIXME", "XXX"].contains(where: { mark in
                    line.split { !$0.isLetter }.contains(Substring(mark))
                }) {
                    offenders.append("\(file):\(index + 1): \(line)")
                }
            }
        }
        #expect(offenders == [])
    }

    @Test func `what is public says what it is`() {
        let offenders = SourceTree.sources.flatMap { file in undocumented(in: file) }
        #expect(offenders == [])
    }

    /// Public declarations without a documentation comment. Members that a protocol or an override demands, and
    /// extensions as such, speak through what they fulfil.
    private func undocumented(in file: SourceFile) -> [String] {
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "actor", "func", "init", "var", "let", "typealias", "subscript",
            "case",
        ]
        let fulfilled = [
            "hash(into", "encode(to", "init(from decoder", "func ==", "func <", "var description", "init(stringLiteral",
            "init(integerLiteral", "init(arrayLiteral", "init(dictionaryLiteral", "init(stringInterpolation",
            "rawValue",
            "var debugDescription", "var errorDescription", "typealias RawValue",
        ]
        return file.lines.enumerated().compactMap { index, line in
            let code = line.drop { $0 == " " }
            let words = code.split { $0 == " " || $0 == "(" || $0 == "<" || $0 == "?" }.filter { !$0.hasPrefix("@") }
            guard words.first == "public", let kind = words.first(where: kinds.contains),
                !words.contains("override"), !fulfilled.contains(where: code.contains)
            else { return nil }
            var above = index - 1
            while above >= 0, file.lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
            let documented = above >= 0 && file.lines[above].drop { $0 == " " }.hasPrefix("///")
            return documented ? nil : "\(file):\(index + 1): \(kind) \(code.prefix(60))"
        }
    }
}
