/// A template bound to its model: every name in it has become a place in the model's shape.
public struct Template<Model: TemplateModel>: Sendable {
    private let shape: Shape<Model>
    private let programs: [Language: Program]

    init(shape: Shape<Model>, programs: [Language: Program]) {
        self.shape = shape
        self.programs = programs
    }

    /// The page as UTF-8. Can be called on many threads at once.
    public func render(_ model: Model, language: Language) -> [UInt8] {
        guard let program = programs[language] else { return [] }
        return program.render(ModelFrame(model, shape))
    }
}
