/// What a name or a block means at one point of a template that is being bound.
struct BindingScope {
    /// The shapes of the frames that will be on the stack, the innermost last; no shape twice.
    var frames: [ShapeOutline]
    /// The value of the innermost open section that holds a single value: what `{{.}}` is there.
    var item: BoundValue?
    /// The blocks given by the templates that inherit; the outermost wins.
    var arguments: [String: BlockArgument] = [:]
    /// Put in front of every line.
    var indentation: [UInt8] = []
    /// How much white space at the start of every line is left out: that of the block it stands in.
    var dedentation = 0
    /// The file the nodes come from.
    var file: String

    /// The scope inside a section over an object or a list: the shape goes on top, and if it is on the stack
    /// already, the lower one goes (all its names are hidden). Returns the level that goes, or nil.
    mutating func push(_ shape: ShapeOutline) -> Int? {
        let hidden = frames.firstIndex { $0.identity == shape.identity }
        if let hidden { frames.remove(at: hidden) }
        frames.append(shape)
        item = nil
        return hidden
    }

    /// The white space at the start of a line, as it will be.
    func indented(_ space: [UInt8]) -> [UInt8] {
        indentation + space.dropFirst(dedentation)
    }

    /// All names in sight, for suggestions.
    var names: [String] { frames.reversed().flatMap(\.names) }
}

/// A name that has been resolved.
struct BoundValue {
    let place: Program.Place
    let kind: FieldKind
}

/// A block given to a parent, together with the blocks that were given to the template it is written in: what stands
/// inside it means the same wherever it is expanded.
final class BlockArgument: Sendable {
    let block: TemplateBlock
    let surroundings: [String: BlockArgument]

    init(_ block: TemplateBlock, in surroundings: [String: BlockArgument]) {
        self.block = block
        self.surroundings = surroundings
    }
}

/// How strict the binding is.
enum BindingRules {
    /// For pages: every name, partial and parent exists, and only safe markup is shown as it stands.
    case strict
    /// The Mustache specification's: what is missing is empty, and anything can be shown as it stands.
    case lenient
}
