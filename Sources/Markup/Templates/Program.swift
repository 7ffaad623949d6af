/// A bound template in one language: a list of operations without a name left in it.
struct Program: Sendable {
    /// Bodies one after the other.
    var operations: [Operation] = []
    /// The operations of each body.
    var bodies: [Range<Int>] = []
    /// Every literal text of the template.
    var text: [UInt8] = []
    /// The fields that follow the first one in dotted names.
    var paths: [[Int]] = []

    /// Where a value is found: a level of the stack counted from the bottom, a field there, and, for a dotted name,
    /// the path that goes on from it (-1: none).
    struct Place: Sendable, Hashable {
        let level: Int32
        let field: Int32
        let path: Int32
    }

    /// One step of rendering. Only numbers, so that reading one touches no reference count.
    enum Operation: Sendable {
        case text(start: Int32, end: Int32)
        case variable(Place)
        case raw(Place)
        /// A value that begins a link: `#` when its scheme could run a program.
        case link(Place)
        /// The body when the value is true.
        case when(Place, body: Int32)
        /// The body when the value is not.
        case unless(Place, body: Int32)
        /// The body with the value, an object, on top of the stack.
        case with(Place, body: Int32, hiding: Int32)
        /// The body for each element of the value, a list, on top of the stack.
        case each(Place, body: Int32, hiding: Int32)
        /// A partial that includes itself.
        case call(body: Int32)
        /// One of two bodies: the first when the number is 1.
        case plural(Place, one: Int32, other: Int32)
    }
}

extension Program {
    /// The index of a path, which is added when it is new; -1 for the empty one.
    mutating func index(ofPath path: [Int]) -> Int32 {
        if path.isEmpty { return -1 }
        if let known = paths.firstIndex(of: path) { return Int32(known) }
        paths.append(path)
        return Int32(paths.count - 1)
    }
}
