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

    /// Public types and functions without a documentation comment. Initialisers and properties speak through their
    /// names and the comment of their type, and so do the members of a type or extension that conforms to something:
    /// what they do is said where it is demanded.
    private func undocumented(in file: SourceFile) -> [String] {
        let types: Set<Substring> = ["struct", "class", "enum", "protocol", "actor"]
        var offenders: [String] = []
        var conforms = false
        for (index, line) in file.lines.enumerated() {
            let words = line.split { $0 == " " || $0 == "(" || $0 == "<" }
            let isType = words.prefix(4).contains(where: types.contains)
            if !line.hasPrefix(" "), isType || words.prefix(2).contains("extension") { conforms = line.contains(":") }
            guard words.first == "public", isType || (words.prefix(4).contains("func") && !conforms) else { continue }
            var above = index - 1
            while above >= 0, file.lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
            let documented = above >= 0 && file.lines[above].drop { $0 == " " }.hasPrefix("///")
            if !documented { offenders.append("\(file):\(index + 1): \(line.drop { $0 == " " }.prefix(70))") }
        }
        return offenders
    }
}
