/// Turns parsed templates into a program for one shape and one language: partials and parents are put in place, and
/// every name becomes a place on the stack.
struct Binder {
    let sources: TemplateSources
    let translations: Translations
    let language: Language
    let rules: BindingRules
    var program = Program()
    var bodies: [[Program.Operation]] = []
    var inclusions: [OpenInclusion] = []
    /// For every section open around the current point that puts a frame on the stack: whether it takes it from the
    /// frame on top. Only such steps lead into ever smaller parts of the model.
    var descents: [Bool] = []
    /// Where in the page's markup the point is.
    var context = HTMLContext()
    /// The indentation of the next line has been written already.
    var isIndented = false

    /// A partial or parent whose binding is under way.
    struct OpenInclusion {
        let key: Key
        let descentCount: Int
        var body: Int32?

        /// Equal keys make equal operations but for white space.
        struct Key: Hashable {
            let template: String
            let shapes: [ObjectIdentifier]
            let item: Program.Place?
            let arguments: [String: BlockPlace]
        }

        struct BlockPlace: Hashable {
            let file: String
            let offset: Int
        }
    }

    init(sources: TemplateSources, translations: Translations, language: Language, rules: BindingRules) {
        self.sources = sources
        self.translations = translations
        self.language = language
        self.rules = rules
    }

    /// Binds a template to the shape of its model.
    mutating func bind(_ template: ParsedTemplate, to shape: ShapeOutline) throws(TemplateError) -> Program {
        var scope = BindingScope(frames: [], file: template.file)
        try check(shape, in: scope, line: 0)
        _ = scope.push(shape)
        var main: Operations = []
        try expand(template, scope, line: 0, into: &main)
        for body in bodies + [main] {
            program.bodies.append(program.operations.count..<program.operations.count + body.count)
            program.operations.append(contentsOf: body)
        }
        return program
    }

    typealias Operations = [Program.Operation]

    mutating func bind(
        _ nodes: [TemplateNode], _ scope: BindingScope, into operations: inout Operations
    ) throws(TemplateError) {
        for node in nodes {
            switch node {
            case .lineStart(let space):
                if !isIndented { emit(scope.indented(space), into: &operations) }
                isIndented = false
            case .text(let text):
                isIndented = false
                emit(text, into: &operations)
            case .variable(let name, let isEscaped):
                try bindVariable(name, isEscaped: isEscaped, scope, into: &operations)
            case .section(let name, let content):
                try bindSection(name, content, scope, into: &operations)
            case .inverted(let name, let content):
                try bindInverted(name, content, scope, into: &operations)
            case .partial(let inclusion):
                try bindInclusion(inclusion, arguments: [:], scope, into: &operations)
            case .parent(let inclusion, let arguments):
                try bindInclusion(inclusion, arguments: arguments, scope, into: &operations)
            case .block(let block):
                try bindBlock(block, scope, into: &operations)
            case .message(let message):
                try bindMessage(message, scope, into: &operations)
            }
        }
    }

    mutating func emit(_ text: some Collection<UInt8>, into operations: inout Operations) {
        guard !text.isEmpty else { return }
        context.read(text)
        var start = Int32(program.text.count)
        program.text.append(contentsOf: text)
        if case .text(let earlier, start) = operations.last {
            start = earlier
            operations.removeLast()
        }
        operations.append(.text(start: start, end: Int32(program.text.count)))
    }

    /// Operations bound elsewhere, joining the texts that meet.
    mutating func append(_ more: Operations, to operations: inout Operations) {
        var more = more[...]
        if case .text(let start, let middle) = operations.last, case .text(middle, let end) = more.first {
            operations[operations.count - 1] = .text(start: start, end: end)
            more = more.dropFirst()
        }
        operations.append(contentsOf: more)
    }

    mutating func addBody(_ operations: Operations) -> Int32 {
        bodies.append(operations)
        return Int32(bodies.count - 1)
    }

    /// Binds nodes as a body of its own.
    mutating func body(
        of nodes: [TemplateNode], _ scope: BindingScope
    ) throws(TemplateError) -> Int32 {
        var operations: Operations = []
        try bind(nodes, scope, into: &operations)
        return addBody(operations)
    }
}
