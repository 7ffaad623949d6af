internal import CLibXML2

/// libxml2's parsers, set up so that a document can neither reach out nor grow.
enum XMLParsing {
    /// libxml2 wants its tables made before threads use them.
    private static let prepared: Void = xmlInitParser()

    static func prepare() {
        _ = prepared
    }

    static func xml(_ bytes: [UInt8]) throws(XMLError) -> xmlDocPtr {
        prepare()
        guard let context = xmlNewParserCtxt() else { throw XMLError(line: 0, reason: "out of memory") }
        defer { xmlFreeParserCtxt(context) }
        daybreak_xml_refuse_doctype(context)
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        let document = try read(bytes) { start, count in
            xmlCtxtReadMemory(context, start, count, nil, nil, Int32(options))
        }
        guard let document else { throw error(of: context) }
        return document
    }

    static func html(_ bytes: [UInt8]) throws(XMLError) -> xmlDocPtr {
        prepare()
        let options =
            HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue
            | HTML_PARSE_NOWARNING.rawValue
        let document = try read(bytes) { start, count in
            htmlReadMemory(start, count, nil, "UTF-8", Int32(options))
        }
        guard let document else { throw XMLError(line: 0, reason: "the page is empty") }
        guard xmlDocGetRootElement(document) != nil else {
            xmlFreeDoc(document)
            throw XMLError(line: 0, reason: "the page is empty")
        }
        return document
    }

    private static func read(
        _ bytes: [UInt8], _ parse: (UnsafePointer<CChar>?, Int32) -> xmlDocPtr?
    ) throws(XMLError) -> xmlDocPtr? {
        guard let count = Int32(exactly: bytes.count) else { throw XMLError(line: 0, reason: "longer than 2 GiB") }
        return bytes.withUnsafeBytes { parse($0.baseAddress?.assumingMemoryBound(to: CChar.self), count) }
    }

    private static func error(of context: xmlParserCtxtPtr) -> XMLError {
        if daybreak_xml_saw_doctype(context) != 0 {
            return XMLError(line: Int(xmlSAX2GetLineNumber(context)), reason: "a document type is not accepted")
        }
        guard let last = xmlCtxtGetLastError(context) else { return XMLError(line: 0, reason: "not XML") }
        let text = last.pointee.message.map { String(cString: $0) } ?? "not XML"
        return XMLError(line: Int(last.pointee.line), reason: String(text.prefix { $0 != "\n" }))
    }
}
