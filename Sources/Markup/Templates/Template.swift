import Synchronization

/// A template bound to its model: every name in it has become a place in the model's shape.
public struct Template<Model: TemplateModel>: Sendable {
    private let shape: Shape<Model>
    private let programs: [Language: Program]
    private let size = PageSize()

    init(shape: Shape<Model>, programs: [Language: Program]) {
        self.shape = shape
        self.programs = programs
    }

    /// The page as UTF-8. Can be called on many threads at once.
    public func render(_ model: Model, language: Language) -> [UInt8] {
        guard let program = programs[language] else { return [] }
        return withUnsafePointer(to: model) { program.render(Level($0, .passUnretained(shape.table)), size) }
    }
}

/// How much room the pages of a template need, learned from those before.
final class PageSize: Sendable {
    private let bytes = Atomic(16_384)

    /// What is made ready for the next page.
    var expected: Int { bytes.load(ordering: .relaxed) }

    /// After larger pages more is kept ready; after smaller ones, by and by, less.
    func learn(_ count: Int) {
        let expected = expected
        if count > expected || count < expected / 2 {
            bytes.store(max(count + count / 8, expected / 8 * 7), ordering: .relaxed)
        }
    }
}
