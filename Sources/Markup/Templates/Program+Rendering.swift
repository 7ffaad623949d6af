extension Program {
    /// Runs the program over a model.
    func render(_ root: Frame) -> [UInt8] {
        operations.withUnsafeBufferPointer { operations in
            text.withUnsafeBufferPointer { text in
                var rendering = Rendering(program: self, operations: operations, text: text, root: root)
                rendering.run(bodies.count - 1)
                return rendering.output
            }
        }
    }
}

/// One run of a program: the stack of frames, and the page so far.
private struct Rendering {
    let program: Program
    let operations: UnsafeBufferPointer<Program.Operation>
    let text: UnsafeBufferPointer<UInt8>
    var frames: [Frame]
    var output: [UInt8] = []

    init(
        program: Program, operations: UnsafeBufferPointer<Program.Operation>, text: UnsafeBufferPointer<UInt8>,
        root: Frame
    ) {
        self.program = program
        self.operations = operations
        self.text = text
        frames = [root]
        frames.reserveCapacity(8)
        output.reserveCapacity(max(4096, 4 * text.count))
    }

    mutating func run(_ body: Int) {
        for index in program.bodies[body] {
            switch operations[index] {
            case .text(let start, let end):
                output.append(contentsOf: UnsafeBufferPointer(rebasing: text[Int(start)..<Int(end)]))
            case .variable(let place): show(value(at: place), isEscaped: true)
            case .raw(let place): show(value(at: place), isEscaped: false)
            case .link(let place): showLink(value(at: place))
            case .when(let place, let body): if value(at: place).isTrue { run(Int(body)) }
            case .unless(let place, let body): if !value(at: place).isTrue { run(Int(body)) }
            case .with(let place, let body, let hiding):
                if case .object(let frame) = value(at: place) { run(Int(body), with: frame, hiding: Int(hiding)) }
            case .each(let place, let body, let hiding):
                if case .list(let list) = value(at: place) {
                    list.forEach { run(Int(body), with: $0, hiding: Int(hiding)) }
                }
            case .call(let body): run(Int(body))
            case .plural(let place, let one, let other):
                if case .number(1) = value(at: place) { run(Int(one)) } else { run(Int(other)) }
            }
        }
    }

    /// Runs a body with one more frame on top. A frame of the same shape below is taken out meanwhile (-1: there is
    /// none): its names are all hidden by the new one, and so the depth stays the same however deep a tree goes.
    private mutating func run(_ body: Int, with frame: Frame, hiding: Int) {
        let hidden = hiding >= 0 ? frames.remove(at: hiding) : nil
        frames.append(frame)
        run(body)
        frames.removeLast()
        if let hidden { frames.insert(hidden, at: hiding) }
    }

    private func value(at place: Program.Place) -> Value {
        let value = frames[Int(place.level)].value(Int(place.field))
        return place.path < 0 ? value : follow(program.paths[Int(place.path)], from: value)
    }

    private func follow(_ path: [Int], from start: Value) -> Value {
        var value = start
        for field in path {
            guard case .object(let frame) = value else { return .nothing }
            value = frame.value(field)
        }
        return value
    }

    private mutating func show(_ value: Value, isEscaped: Bool) {
        switch value {
        case .text(let text):
            isEscaped ? HTMLEscaping.append(text, to: &output) : HTMLEscaping.appendRaw(text, to: &output)
        case .number(let number): append(number)
        case .flag(let flag): HTMLEscaping.appendRaw(flag ? "true" : "false", to: &output)
        case .html(let html): HTMLEscaping.appendRaw(html.markup, to: &output)
        case .nothing, .object, .list: break
        }
    }

    private mutating func showLink(_ value: Value) {
        if case .text(let link) = value, !LinkScheme.isHarmless(link) {
            output.append(UInt8(ascii: "#"))
        } else {
            show(value, isEscaped: true)
        }
    }

    private mutating func append(_ number: Int) {
        var rest = number.magnitude
        if number < 0 { output.append(UInt8(ascii: "-")) }
        let start = output.count
        repeat {
            output.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        output[start...].reverse()
    }
}
