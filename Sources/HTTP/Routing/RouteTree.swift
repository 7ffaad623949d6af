/// The routes, as a tree of their patterns' segments.
struct RouteTree: Sendable {
    /// One segment deep.
    private struct Node: Sendable {
        /// A handful at most places, compared as bytes: cheaper than a table that has to hash the segment first.
        var literals: [(name: [UInt8], node: Int)] = []
        var parameter: Int?
        var rest: Int?
        var endpoints: [Router.Endpoint] = []

        func endpoint(_ method: Method) -> Router.Endpoint? { endpoints.first { $0.method == method } }
    }

    private var nodes = [Node()]
    /// How many endpoints there are.
    private(set) var count = 0

    /// All of them, in the order in which they were added.
    var endpoints: [Router.Endpoint] { nodes.flatMap(\.endpoints).sorted { $0.number < $1.number } }

    /// Adds an endpoint. A second one of the same method and pattern stops the program.
    mutating func add(_ endpoint: Router.Endpoint, at pattern: RoutePattern) {
        var node = 0
        for segment in pattern.segments { node = child(of: node, for: segment) }
        precondition(
            nodes[node].endpoint(endpoint.method) == nil, "two routes for \(endpoint.method.rawValue) \(pattern.text)")
        nodes[node].endpoints.append(endpoint)
        count += 1
    }

    /// The endpoint of a request's path and method, and what the pattern's holes matched. HEAD has GET's.
    /// - Parameter prefix: a path that is tried before the request's own.
    func endpoint(
        for head: RequestHead, below prefix: String? = nil
    ) -> (endpoint: Router.Endpoint, parameters: PathParameters)? {
        guard !head.target.isAsterisk else { return nil }
        if let root = root(prefix), let found = endpoint(for: head, from: root) { return found }
        return endpoint(for: head, from: 0)
    }

    private func endpoint(
        for head: RequestHead, from root: Int
    ) -> (endpoint: Router.Endpoint, parameters: PathParameters)? {
        head.withPath { path in
            var values: [String] = []
            guard let node = find(path, from: 1, at: root, &values) else { return nil }
            let found = nodes[node].endpoint(head.method) ?? (head.method == .head ? nodes[node].endpoint(.get) : nil)
            return found.map { ($0, PathParameters($0.names, values)) }
        }
    }

    /// The methods that have an endpoint at a request's path; none when no pattern matches.
    func methods(at head: RequestHead, below prefix: String? = nil) -> [Method] {
        head.withPath { path in
            if let root = root(prefix) {
                let found = methods(at: path, from: root)
                if !found.isEmpty { return found }
            }
            return methods(at: path)
        }
    }

    /// The same for a path by itself.
    func methods(at path: UnsafeBufferPointer<UInt8>, from root: Int = 0) -> [Method] {
        var values: [String] = []
        return find(path, from: 1, at: root, &values).map { nodes[$0].endpoints.map(\.method) } ?? []
    }

    /// Where the patterns of a prefix hang; nil when none has it.
    private func root(_ prefix: String?) -> Int? {
        guard let prefix else { return nil }
        var root = 0
        for name in prefix.utf8.dropFirst().split(separator: UInt8(ascii: "/")) {
            guard let next = nodes[root].literals.first(where: { $0.name.elementsEqual(name) }) else { return nil }
            root = next.node
        }
        return root
    }

    private mutating func child(of node: Int, for segment: RoutePattern.Segment) -> Int {
        let next = nodes.count
        switch segment {
        case .literal(let text):
            let name = Array(text.utf8)
            if let known = nodes[node].literals.first(where: { $0.name == name }) { return known.node }
            nodes[node].literals.append((name, next))
        case .parameter:
            if let known = nodes[node].parameter { return known }
            nodes[node].parameter = next
        case .rest:
            if let known = nodes[node].rest { return known }
            nodes[node].rest = next
        }
        nodes.append(Node())
        return next
    }

    /// Literals first, then parameter, then rest; goes back when a choice leads nowhere. `values` holds what the
    /// holes on the way matched.
    ///
    /// The path is split first and its segments decoded then, so that an encoded slash stays inside its segment.
    /// - Parameter start: where the next segment of the path begins; one behind its end when there is none.
    private func find(
        _ path: UnsafeBufferPointer<UInt8>, from start: Int, at node: Int, _ values: inout [String]
    ) -> Int? {
        guard start <= max(path.count, 1) else { return nodes[node].endpoints.isEmpty ? nil : node }
        let rest = UnsafeBufferPointer(rebasing: path[min(start, path.count)...])
        let length = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.count
        let segment = PathSegment(UnsafeBufferPointer(rebasing: rest[..<length]))
        // By index: going through the list itself would hold on to it, each time.
        for index in nodes[node].literals.indices where segment.equals(nodes[node].literals[index].name) {
            let next = nodes[node].literals[index].node
            if let found = find(path, from: start + length + 1, at: next, &values) { return found }
        }
        if let next = nodes[node].parameter, length > 0 {
            values.append(segment.text)
            if let found = find(path, from: start + length + 1, at: next, &values) { return found }
            values.removeLast()
        }
        guard let next = nodes[node].rest, !rest.isEmpty else { return nil }
        values.append(PathSegment(rest).text)
        return next
    }
}

/// One segment of a path as sent.
private struct PathSegment {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let isEncoded: Bool

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        isEncoded = bytes.contains(UInt8(ascii: "%"))
    }

    /// Whether it is this name, once decoded.
    func equals(_ name: [UInt8]) -> Bool {
        guard isEncoded else { return bytes.elementsEqual(name) }
        return PercentCoding.decodedBytes(bytes, plusIsSpace: false) == name
    }

    /// Decoded. The request's target was checked, so there is nothing that cannot be.
    var text: String {
        let decoded = isEncoded ? PercentCoding.decode(bytes, plusIsSpace: false) : nil
        return decoded ?? String(decoding: bytes, as: UTF8.self)
    }
}
