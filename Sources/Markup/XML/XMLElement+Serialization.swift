internal import CLibXML2

extension XMLElement {
    /// The element as an XML document without declaration, two spaces a level; libxml2 writes and escapes it.
    ///
    /// Characters that no XML document may hold (XML 1.0 section 2.2: most control characters) become U+FFFD, so
    /// that a name somebody typed can never make the document unreadable.
    public func serialize() -> String {
        XMLParsing.prepare()
        let document = xmlNewDoc("1.0")
        defer { xmlFreeDoc(document) }
        xmlDocSetRootElement(document, tree(in: document))
        let buffer = xmlBufferCreate()
        defer { xmlBufferFree(buffer) }
        let isFormatted: Int32 = 1
        xmlNodeDump(buffer, document, xmlDocGetRootElement(document), 0, isFormatted)
        guard let bytes = xmlBufferContent(buffer) else { return "" }
        return String(cString: bytes) + "\n"
    }

    /// The element and what is in it as nodes of `document`, which owns them.
    private func tree(in document: xmlDocPtr?) -> xmlNodePtr? {
        let node = xmlNewDocNode(document, nil, name.text, nil)
        for attribute in attributes {
            xmlSetProp(node, attribute.name.text, Self.legal(attribute.value))
        }
        for part in content {
            switch part {
            case .element(let child): xmlAddChild(node, child.tree(in: document))
            case .text(let text): xmlAddChild(node, xmlNewDocText(document, Self.legal(text)))
            }
        }
        return node
    }

    private static func legal(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { !isLegal($0) }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isLegal(scalar) ? scalar : "\u{FFFD}") }
        return String(result)
    }

    private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
