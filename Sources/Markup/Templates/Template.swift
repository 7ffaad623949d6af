/// A template bound to its model: every name in it is a place in the model's shape.
public struct Template<Model: TemplateModel>: Sendable {
    let shape: Shape<Model>
    let programs: [Language: Program]
    let fallback: Program

    /// The page as UTF-8.
    public func render(_ model: Model, language: Language) -> [UInt8] {
        let program = programs[language] ?? fallback
        return program.render(ModelFrame(model, shape))
    }
}
