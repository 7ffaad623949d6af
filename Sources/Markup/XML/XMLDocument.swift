internal import CLibXML2

/// A parsed XML document. Not to be shared between threads.
///
/// It reads no network and no other file, and refuses a document type declaration: without one there are no entities
/// of the document's own, neither external ones (XXE) nor ones that grow when they are expanded.
public final class XMLDocument {
    let tree: ParsedTree

    /// Parses a document.
    ///
    /// - Throws: `XMLError` with the line, when it is not well formed or declares a document type.
    public init(parsing bytes: [UInt8]) throws(XMLError) {
        tree = ParsedTree(try XMLParsing.xml(bytes))
    }

    /// Parses a document.
    ///
    /// - Throws: `XMLError` with the line, when it is not well formed or declares a document type.
    public convenience init(parsing text: String) throws(XMLError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// The outermost element.
    public var root: XMLNode { XMLNode(xmlDocGetRootElement(tree.document), in: tree) }

    /// The nodes an XPath 1.0 expression selects, in document order; none when the expression is wrong.
    /// Write it in the program: values from outside do not belong into it.
    public func xpath(_ expression: String, namespaces: [String: String] = [:]) -> [XMLNode] {
        XPath.evaluate(expression, from: nil, in: tree, namespaces: namespaces)
    }
}

/// A parsed HTML page, read as leniently as browsers do. For tests of pages. Not to be shared between threads.
public final class HTMLDocument {
    let tree: ParsedTree

    /// Parses a page in UTF-8.
    ///
    /// - Throws: `XMLError` when there is nothing to parse.
    public init(parsing bytes: [UInt8]) throws(XMLError) {
        tree = ParsedTree(try XMLParsing.html(bytes))
    }

    /// Parses a page.
    ///
    /// - Throws: `XMLError` when there is nothing to parse.
    public convenience init(parsing text: String) throws(XMLError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// The `html` element.
    public var root: XMLNode { XMLNode(xmlDocGetRootElement(tree.document), in: tree) }

    /// The nodes an XPath 1.0 expression selects, in document order; none when the expression is wrong.
    public func xpath(_ expression: String) -> [XMLNode] {
        XPath.evaluate(expression, from: nil, in: tree, namespaces: [:])
    }
}

/// Why a document could not be read.
public struct XMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, counted from 1; 0 when it is not known.
    public let line: Int
    /// libxml2's words.
    public let reason: String

    /// `line 3: Opening and ending tag mismatch`.
    public var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}

/// One owner of libxml2's tree; nodes keep it alive.
final class ParsedTree {
    let document: xmlDocPtr

    init(_ document: xmlDocPtr) {
        self.document = document
    }

    deinit {
        xmlFreeDoc(document)
    }
}
