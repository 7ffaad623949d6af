/// Named values of a query or a form, in the order they were sent; a name may occur several times.
public struct FormData: Sendable {
    /// Every name with its value, in order.
    public private(set) var pairs: [(name: String, value: String)]
    /// The files of a multipart form, in order.
    public private(set) var files: [UploadedFile]

    /// A form with these values.
    public init(_ pairs: [(name: String, value: String)] = [], files: [UploadedFile] = []) {
        self.pairs = pairs
        self.files = files
    }

    /// The first value of a name.
    public subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// All values of a name, in order: check boxes, multiple selections.
    public func values(_ name: String) -> [String] {
        pairs.compactMap { $0.name == name ? $0.value : nil }
    }

    /// The file of a field. A file field left empty is no file.
    public func file(_ name: String) -> UploadedFile? {
        files.first { $0.fieldName == name }
    }

    /// Whether nothing was sent.
    public var isEmpty: Bool { pairs.isEmpty && files.isEmpty }

    /// Parses `a=1&b=2` (WHATWG URL section 5.1): `+` is a space, percent-decoding happens once.
    /// - Throws: ``RequestError`` 400 for malformed encoding or text that is not UTF-8, 413 for too many pairs.
    static func urlEncoded(
        _ bytes: UnsafeBufferPointer<UInt8>, limits: FormLimits
    ) throws(RequestError) -> FormData {
        var pairs: [(name: String, value: String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            guard pairs.count < limits.fieldCount else {
                throw RequestError(.contentTooLarge, "the form has more fields than are taken")
            }
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let value = equals < pair.endIndex ? pair[(equals + 1)...] : pair[pair.endIndex...]
            guard let name = PercentCoding.decode(UnsafeBufferPointer(rebasing: pair[..<equals]), plusIsSpace: true),
                let text = PercentCoding.decode(UnsafeBufferPointer(rebasing: value), plusIsSpace: true)
            else { throw .malformed("the form's percent-encoding is malformed or is not UTF-8") }
            pairs.append((name, text))
        }
        return FormData(pairs)
    }

    static func urlEncoded(_ bytes: [UInt8], limits: FormLimits) throws(RequestError) -> FormData {
        try bytes.withUnsafeBufferPointer { (bytes) throws(RequestError) in try urlEncoded(bytes, limits: limits) }
    }
}
