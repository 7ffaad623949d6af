/// The part of POSIX's extended regular expressions that names are looked for with: literals, `.`, sets, groups,
/// alternatives, anchors and repetition. It is matched in time that grows with the product of the two lengths and never
/// more, whatever somebody sends: no step is ever taken back.
public struct NamePattern: Sendable, Hashable {
    /// As it was sent.
    public let text: String
    /// Nil when the pattern is plain text, or is none.
    private let program: [Step]?
    /// At most so many characters.
    static let longest = 255

    private enum Step: Sendable, Hashable {
        case one(Set<Unicode.Scalar>, inverted: Bool)
        case any
        case start
        case end
        case either(Int, Int)
        case jump(Int)
        case match
    }

    /// Takes a pattern; one that is no regular expression stands for itself.
    public init(_ text: String) {
        self.text = String(text.prefix(Self.longest))
        let isPlain = !self.text.unicodeScalars.contains { "\\.[]()*+?{}|^$".unicodeScalars.contains($0) }
        guard !isPlain else {
            program = nil
            return
        }
        var compiler = Compiler(Array(self.text.lowercased().unicodeScalars))
        program = compiler.program()
    }

    /// Whether names can be searched for the text itself.
    var isPlain: Bool { program == nil }

    /// Whether the pattern is found in a name, whatever the case of its letters.
    public func matches(_ name: String) -> Bool {
        guard let program else { return name.lowercased().contains(text.lowercased()) }
        let scalars = Array(name.lowercased().unicodeScalars)
        var threads = Threads(count: program.count)
        for place in 0...scalars.count {
            threads.add(0, program, isStart: place == 0, isEnd: place == scalars.count)
            if threads.isMatch { return true }
            guard place < scalars.count else { break }
            threads = threads.stepped(
                over: scalars[place], program, isStart: false, isEnd: place + 1 == scalars.count)
            if threads.isMatch { return true }
        }
        return false
    }

    /// Where in the program the search stands: everywhere at once.
    private struct Threads {
        var places: [Int] = []
        var isMatch = false
        private var seen: [Bool]

        init(count: Int) { seen = Array(repeating: false, count: count) }

        mutating func add(_ place: Int, _ program: [Step], isStart: Bool, isEnd: Bool) {
            guard !seen[place] else { return }
            seen[place] = true
            switch program[place] {
            case .match: isMatch = true
            case .jump(let target): add(target, program, isStart: isStart, isEnd: isEnd)
            case .either(let first, let second):
                add(first, program, isStart: isStart, isEnd: isEnd)
                add(second, program, isStart: isStart, isEnd: isEnd)
            case .start: if isStart { add(place + 1, program, isStart: isStart, isEnd: isEnd) }
            case .end: if isEnd { add(place + 1, program, isStart: isStart, isEnd: isEnd) }
            case .one, .any: places.append(place)
            }
        }

        func stepped(over scalar: Unicode.Scalar, _ program: [Step], isStart: Bool, isEnd: Bool) -> Threads {
            var next = Threads(count: program.count)
            for place in places {
                let passes =
                    switch program[place] {
                    case .any: true
                    case .one(let set, let inverted): set.contains(scalar) != inverted
                    default: false
                    }
                if passes { next.add(place + 1, program, isStart: isStart, isEnd: isEnd) }
            }
            return next
        }
    }
}

extension NamePattern {
    /// Reads a pattern (recursive descent) and makes the steps of it (Thompson's construction).
    private struct Compiler {
        private let scalars: [Unicode.Scalar]
        private var place = 0
        private var depth = 0
        private var isGood = true

        init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

        /// Nil when it is no regular expression.
        mutating func program() -> [Step]? {
            let steps = alternatives(at: 0)
            guard isGood, place == scalars.count else { return nil }
            return steps + [.match]
        }

        private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

        private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard next == scalar else { return false }
            place += 1
            return true
        }

        private mutating func alternatives(at base: Int) -> [Step] {
            let begin = place
            let first = sequence(at: base)
            guard next == "|" else { return first }
            // Said again one step later, since a step that goes either way stands before it.
            place = begin
            let left = sequence(at: base + 1)
            place += 1
            let right = alternatives(at: base + left.count + 2)
            return [.either(base + 1, base + left.count + 2)] + left + [.jump(base + left.count + 2 + right.count)]
                + right
        }

        private mutating func sequence(at base: Int) -> [Step] {
            var steps: [Step] = []
            while isGood, let scalar = next, scalar != "|", scalar != ")" {
                steps += repeated(at: base + steps.count)
            }
            return steps
        }

        private mutating func repeated(at base: Int) -> [Step] {
            let begin = place
            let steps = atom(at: base)
            let after = base + steps.count
            if take("+") { return steps + [.either(base, after + 1)] }
            let isStar = next == "*"
            guard isStar || next == "?" else { return steps }
            place = begin
            let moved = atom(at: base + 1)
            place += 1
            let end = base + 1 + moved.count
            return isStar ? [.either(base + 1, end + 1)] + moved + [.jump(base)] : [.either(base + 1, end)] + moved
        }

        private mutating func atom(at base: Int) -> [Step] {
            guard let scalar = next else { return [] }
            place += 1
            switch scalar {
            case ".": return [.any]
            case "^": return [.start]
            case "$": return [.end]
            case "[": return [set()]
            case "(":
                depth += 1
                // Each group is read twice for each repetition around it.
                guard depth <= 6 else { return fail() }
                let steps = alternatives(at: base)
                depth -= 1
                return take(")") ? steps : fail()
            case "\\":
                guard let escaped = next else { return fail() }
                place += 1
                return [Self.escape(escaped)]
            case "*", "+", "?", "{": return fail()
            default: return [.one([scalar], inverted: false)]
            }
        }

        private mutating func fail() -> [Step] {
            isGood = false
            return []
        }

        private static let digits = Set("0123456789".unicodeScalars)
        private static let word = digits.union("abcdefghijklmnopqrstuvwxyz_".unicodeScalars)

        private static func escape(_ scalar: Unicode.Scalar) -> Step {
            switch scalar {
            case "d": .one(digits, inverted: false)
            case "w": .one(word, inverted: false)
            case "s": .one([" ", "\t"], inverted: false)
            default: .one([scalar], inverted: false)
            }
        }

        private mutating func set() -> Step {
            var members: Set<Unicode.Scalar> = []
            let inverted = take("^")
            var isFirst = true
            while let scalar = next, isFirst || scalar != "]" {
                place += 1
                isFirst = false
                guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
                    members.insert(scalar)
                    continue
                }
                let last = scalars[place + 1]
                place += 2
                guard scalar.value <= last.value, last.value - scalar.value < 1024 else {
                    isGood = false
                    continue
                }
                members.formUnion((scalar.value...last.value).compactMap(Unicode.Scalar.init))
            }
            if !take("]") { isGood = false }
            return .one(members, inverted: inverted)
        }
    }
}
