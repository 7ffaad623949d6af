internal import CLibXML2

/// A node of a parsed document: an element, an attribute or a text.
public struct XMLNode {
    private let node: xmlNodePtr
    private let tree: ParsedTree

    init(_ node: xmlNodePtr, in tree: ParsedTree) {
        self.node = node
        self.tree = tree
    }

    /// The element's or attribute's name without prefix; `text` for a text.
    public var name: String {
        node.pointee.name.map { String(cString: $0) } ?? ""
    }

    /// All text inside, as it stands.
    public var text: String {
        guard let content = xmlNodeGetContent(node) else { return "" }
        defer { daybreak_xml_free(content) }
        return String(cString: content)
    }

    /// All text inside with runs of white space made one space, and none at the ends: what a reader sees.
    public var visibleText: String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The value of an attribute, by its name with prefix; nil when the element has none.
    public func attribute(_ name: String) -> String? {
        guard node.pointee.type == XML_ELEMENT_NODE, let value = value(ofAttribute: name) else { return nil }
        defer { daybreak_xml_free(value) }
        return String(cString: value)
    }

    /// The elements directly inside.
    public var children: [XMLNode] {
        var result: [XMLNode] = []
        var next = xmlFirstElementChild(node)
        while let child = next {
            result.append(XMLNode(child, in: tree))
            next = xmlNextElementSibling(child)
        }
        return result
    }

    /// The nodes an XPath expression selects from here (`./source`); none when the expression is wrong.
    public func xpath(_ expression: String, namespaces: [String: String] = [:]) -> [XMLNode] {
        XPath.evaluate(expression, from: node, in: tree, namespaces: namespaces)
    }

    private func value(ofAttribute name: String) -> UnsafeMutablePointer<xmlChar>? {
        let parts = name.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let namespace = xmlSearchNs(tree.document, node, String(parts[0])) else {
            return xmlGetNoNsProp(node, name)
        }
        return xmlGetNsProp(node, String(parts[1]), namespace.pointee.href)
    }
}

enum XPath {
    static func evaluate(
        _ expression: String, from node: xmlNodePtr?, in tree: ParsedTree, namespaces: [String: String]
    ) -> [XMLNode] {
        guard let context = xmlXPathNewContext(tree.document) else { return [] }
        defer { xmlXPathFreeContext(context) }
        daybreak_xpath_be_quiet(context)
        context.pointee.node = node ?? xmlDocGetRootElement(tree.document)
        for (prefix, address) in namespaces { xmlXPathRegisterNs(context, prefix, address) }
        guard let found = xmlXPathEvalExpression(expression, context) else { return [] }
        defer { xmlXPathFreeObject(found) }
        guard found.pointee.type == XPATH_NODESET, let set = found.pointee.nodesetval, set.pointee.nodeNr > 0,
            let nodes = set.pointee.nodeTab
        else { return [] }
        return (0..<Int(set.pointee.nodeNr)).compactMap { index in
            guard let node = nodes[index], node.pointee.type != XML_NAMESPACE_DECL else { return nil }
            return XMLNode(node, in: tree)
        }
    }
}
