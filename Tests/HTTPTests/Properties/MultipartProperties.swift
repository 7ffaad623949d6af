@testable import HTTP

/// Multipart forms (RFC 7578). The boundary is what the input itself begins with.
enum MultipartProperties {
    static func check(_ bytes: [UInt8]) throws {
        let line = bytes.prefix { $0 != 0x0D }.dropFirst(2).prefix(70)
        let boundary = String(decoding: line, as: UTF8.self)
        guard (try? MultipartParser(boundary: boundary)) != nil else { return }
        _ = try checkStream(bytes, isRefused: { $0.last!.hasPrefix("400") }) { parserTrace($0, $1, boundary) }
        _ = try checkStream(bytes, isRefused: { _ in false }) { readerTrace($0, $1, boundary) }
        try checkIdentity(bytes)
    }

    /// Any content without the delimiter comes out as it went in.
    private static func checkIdentity(_ content: [UInt8]) throws {
        let boundary = "a-boundary"
        guard content.firstRange(of: Array("\r\n--\(boundary)".utf8), from: 0) == nil else { return }
        let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n"
        let form = Array(head.utf8) + content + Array("\r\n--\(boundary)--\r\n".utf8)
        for cuts in [[]] + cuttings(of: form) {
            let log = parserTrace(form, cuts, boundary)
            try require(log == ["part n nil text/plain", "content \(summary(content))", "complete true"], "\(log)")
        }
    }

    private static func parserTrace(_ bytes: [UInt8], _ cuts: [Int], _ boundary: String) -> [String] {
        var log: [String] = []
        var content: [UInt8] = []
        guard var parser = try? MultipartParser(boundary: boundary) else { return ["no boundary"] }
        var previous = 0
        for cut in cuts + [bytes.count] {
            for event in parser.parse(bytes.span.extracting(previous..<cut)) {
                switch event {
                case .part(let name, let fileName, let contentType):
                    log.append("part \(name) \(fileName ?? "nil") \(contentType)")
                case .content(let piece): content += piece
                case .endOfPart:
                    log.append("content \(summary(content))")
                    content = []
                case .refused(let error):
                    return log + ["content so far \(summary(content))", "\(error.status.code) \(error.reason)"]
                }
            }
            previous = cut
        }
        return log + ["complete \(parser.isComplete)"]
    }

    /// Small limits, no files: nothing but an empty file is ever written.
    private static func readerTrace(_ bytes: [UInt8], _ cuts: [Int], _ boundary: String) -> [String] {
        let limits = FormLimits(fieldCount: 4, fieldSize: 64)
        do {
            var reader = try MultipartReader(boundary: boundary, limits: limits, directory: "/tmp")
            var previous = 0
            for cut in cuts + [bytes.count] {
                try reader.receive(bytes.span.extracting(previous..<cut))
                previous = cut
            }
            let form = try reader.finish()
            return form.pairs.map { "\($0.name)=\($0.value)" } + form.files.map { "\($0.fieldName):\($0.fileName)" }
        } catch {
            return ["\(error)"]
        }
    }
}
