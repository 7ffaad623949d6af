extension Program {
    /// Runs the program over a model.
    func render(_ root: Level, _ size: PageSize) -> [UInt8] {
        var page: [UInt8]
        var room = size.expected
        repeat {
            var needed = 0
            page = [UInt8](unsafeUninitializedCapacity: room) { memory, count in
                let writer = run(root, PageWriter(memory))
                needed = writer.count
                count = writer.isComplete ? needed : 0
            }
            if needed <= room { break }
            room = needed
        } while true
        size.learn(page.count)
        return page
    }

    private func run(_ root: Level, _ writer: PageWriter) -> PageWriter {
        operations.withUnsafeBufferPointer { operations in
            bodies.withUnsafeBufferPointer { bodies in
                text.withUnsafeBufferPointer { text in
                    var rendering = Rendering(
                        operations: operations, bodies: bodies, text: text, paths: paths, root: root, output: writer)
                    rendering.run(bodies.count - 1)
                    return rendering.output
                }
            }
        }
    }
}

/// One run of a program: the stack of levels, and the page so far.
private struct Rendering {
    let operations: UnsafeBufferPointer<Program.Operation>
    let bodies: UnsafeBufferPointer<Range<Int>>
    let text: UnsafeBufferPointer<UInt8>
    let paths: [[Int]]
    var levels: [Level]
    var output: PageWriter

    init(
        operations: UnsafeBufferPointer<Program.Operation>, bodies: UnsafeBufferPointer<Range<Int>>,
        text: UnsafeBufferPointer<UInt8>, paths: [[Int]], root: Level, output: PageWriter
    ) {
        self.operations = operations
        self.bodies = bodies
        self.text = text
        self.paths = paths
        self.output = output
        levels = [root]
        levels.reserveCapacity(16)
    }

    mutating func run(_ body: Int) {
        for index in bodies[body] {
            switch operations[index] {
            case .text(let start, let end):
                output.append(UnsafeBufferPointer(rebasing: text[Int(start)..<Int(end)]))
            case .variable(let place):
                find(place) { $0.show($1, $2, isEscaped: true) }
            case .raw(let place):
                find(place) { $0.show($1, $2, isEscaped: false) }
            case .link(let place):
                find(place) { $0.showLink($1, $2) }
            case .when(let place, let body):
                if isTrue(place) { run(Int(body)) }
            case .unless(let place, let body):
                if !isTrue(place) { run(Int(body)) }
            case .with(let place, let body, let hiding), .each(let place, let body, let hiding):
                find(place) { $0.walk($1, $2, Int(body), hiding: Int(hiding)) }
            case .call(let body): run(Int(body))
            case .plural(let place, let one, let other):
                run(Int(isOne(place) ? one : other))
            }
        }
    }

    /// Finds the level and the field a place means; does nothing when an object on the way is missing.
    @inline(__always)
    private mutating func find(_ place: Program.Place, _ body: (inout Rendering, Level, Int32) -> Void) {
        let level = levels[Int(place.level)]
        guard place.path >= 0 else { return body(&self, level, place.field) }
        follow(paths[Int(place.path)][...], from: level, place.field, body)
    }

    private mutating func follow(
        _ path: ArraySlice<Int>, from level: Level, _ field: Int32, _ body: (inout Rendering, Level, Int32) -> Void
    ) {
        guard let next = path.first else { return body(&self, level, field) }
        switch level.slot(field) {
        case .object(let offset, let child):
            follow(
                path.dropFirst(), from: Level(level.model + offset, child.fields), Int32(next), body)
        case .optional(let offset, let child):
            guard let model = child.object(at: level.model + offset) else { return }
            follow(path.dropFirst(), from: Level(model, child.fields), Int32(next), body)
        default:
            guard case .object(let owner) = level.value(field) else { return }
            owner.forEach { follow(path.dropFirst(), from: $0, Int32(next), body) }
        }
    }

    /// Runs a body with each model of a field, of a list or the one object, on top of the stack. A level of the same
    /// shape below is taken out meanwhile (-1: there is none): its names are all hidden by the new one, and so the depth
    /// stays the same however deep a tree goes.
    private mutating func walk(_ level: Level, _ field: Int32, _ body: Int, hiding: Int) {
        let hidden = hiding >= 0 ? levels.remove(at: hiding) : nil
        defer { if let hidden { levels.insert(hidden, at: hiding) } }
        switch level.slot(field) {
        case .list(let offset, let child):
            let (first, count) = child.elements(at: level.model + offset)
            guard let first, count > 0 else { return }
            run(body, from: Level(first, child.fields), count, stride: child.stride)
        case .object(let offset, let child):
            run(body, from: Level(level.model + offset, child.fields), 1, stride: 0)
        case .optional(let offset, let child):
            guard let model = child.object(at: level.model + offset) else { return }
            run(body, from: Level(model, child.fields), 1, stride: 0)
        default:
            switch level.value(field) {
            case .list(let owner), .object(let owner): owner.forEach { run(body, from: $0, 1, stride: 0) }
            default: return
            }
        }
    }

    private mutating func run(_ body: Int, from first: Level, _ count: Int, stride: Int) {
        let top = levels.count
        levels.append(first)
        for _ in 0..<count {
            run(body)
            levels[top].model += stride
        }
        levels.removeLast()
    }

    @inline(__always)
    private mutating func isTrue(_ place: Program.Place) -> Bool {
        var isTrue = false
        find(place) { _, level, field in
            switch level.slot(field) {
            case .text(let offset): isTrue = !level.model.text(at: offset).isEmpty
            case .optionalText(let offset): isTrue = level.model.optionalText(at: offset).map { !$0.isEmpty } ?? false
            case .flag(let offset): isTrue = (level.model + offset).assumingMemoryBound(to: Bool.self).pointee
            case .number(let offset): isTrue = (level.model + offset).assumingMemoryBound(to: Int.self).pointee != 0
            case .list(let offset, let child): isTrue = child.elements(at: level.model + offset).count > 0
            case .object: isTrue = true
            case .optional(let offset, let child):
                isTrue = child.object(at: level.model + offset) != nil
            case .computed: isTrue = level.value(field).isTrue
            }
        }
        return isTrue
    }

    private mutating func isOne(_ place: Program.Place) -> Bool {
        var isOne = false
        find(place) { _, level, field in
            if case .number(let offset) = level.slot(field) {
                isOne = (level.model + offset).assumingMemoryBound(to: Int.self).pointee == 1
            } else if case .number(1) = level.value(field) {
                isOne = true
            }
        }
        return isOne
    }

    @inline(__always)
    private mutating func show(_ level: Level, _ field: Int32, isEscaped: Bool) {
        switch level.slot(field) {
        case .text(let offset): show(level.model.text(at: offset), isEscaped)
        case .optionalText(let offset):
            if let text = level.model.optionalText(at: offset) { show(text, isEscaped) }
        case .number(let offset): output.append((level.model + offset).assumingMemoryBound(to: Int.self).pointee)
        default: show(level.value(field), isEscaped)
        }
    }

    private mutating func show(_ value: Value, _ isEscaped: Bool) {
        switch value {
        case .text(let text): show(text, isEscaped)
        case .number(let number): output.append(number)
        case .flag(let flag): output.append(flag ? "true" : "false")
        case .html(let html): output.append(html.markup)
        case .nothing, .object, .list: break
        }
    }

    @inline(__always)
    private mutating func show(_ text: String, _ isEscaped: Bool) {
        isEscaped ? output.appendEscaped(text) : output.append(text)
    }

    private mutating func showLink(_ level: Level, _ field: Int32) {
        let link: String? =
            switch level.slot(field) {
            case .text(let offset): level.model.text(at: offset)
            case .optionalText(let offset): level.model.optionalText(at: offset)
            default: if case .text(let text) = level.value(field) { text } else { nil }
            }
        guard let link else { return show(level, field, isEscaped: true) }
        if LinkScheme.isHarmless(link) { output.appendEscaped(link) } else { output.append(UInt8(ascii: "#")) }
    }
}

extension UnsafeRawPointer {
    fileprivate func text(at offset: Int) -> String {
        (self + offset).assumingMemoryBound(to: String.self).pointee
    }

    fileprivate func optionalText(at offset: Int) -> String? {
        (self + offset).assumingMemoryBound(to: String?.self).pointee
    }
}
