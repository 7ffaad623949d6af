import CLinux
import Glibc

extension StaticFile {
    /// Texts of so many bytes have a compressed form, which is kept in memory.
    static let codedSizes: ClosedRange<Int64> = 1025...4 << 20

    /// The compressed form of a text, with a tag of its own, since its bytes are others (RFC 9110 section 8.8.3.3); nil
    /// when it would not be shorter. Takes a tenth of a second for a megabyte.
    static func compressed(_ text: [UInt8], of version: Version, _ path: String) -> Form? {
        guard let coded = Gzip(level: Gzip.levelForFiles)?.compress(text) else { return nil }
        return Form(varies: true) { fields in
            Representation(
                size: Int64(coded.count), contentType: ContentTypes.type(of: path), contentEncoding: "gzip",
                etag: EntityTag(version.hash + "-gzip"), lastModified: version.modified.tv_sec, fields: fields
            ) { .bytes(coded) }
        }
    }
}

extension StaticFile.Version {
    /// The form a request gets.
    ///
    /// A range applies to the form that is sent (RFC 9110 section 14.2). Parts of a compressed file help nobody, so who
    /// asks for a range gets the file as it is.
    func form(for request: Request) -> StaticFile.Form {
        guard let gzip, AcceptEncoding(request.fields).prefersGzip,
            request.method == .head || !request.fields.contains("Range")
        else { return plain }
        return gzip
    }
}
