/// Collects the parts of a multipart form: fields in memory, files in temporary files, all within limits.
struct MultipartReader {
    private struct Part {
        let name: String
        let fileName: String?
        let contentType: String
        var bytes: [UInt8] = []
        var size: Int64 = 0
        var file: TemporaryFile?
    }

    private var parser: MultipartParser
    private let limits: FormLimits
    private let directory: String
    private var part: Part?
    private var pairs: [(name: String, value: String)] = []
    private var files: [UploadedFile] = []
    /// Bytes of the fields that are complete.
    private var fieldBytes = 0

    /// Bytes in memory.
    var memory: Int { fieldBytes + (part?.bytes.count ?? 0) }

    init(boundary: String, limits: FormLimits, directory: String) throws(RequestError) {
        parser = try MultipartParser(boundary: boundary)
        self.limits = limits
        self.directory = directory
    }

    /// Takes the next piece of the form.
    /// - Throws: ``RequestError`` 400 or 413; ``SystemError`` when the temporary file cannot be written.
    mutating func receive(_ bytes: borrowing Span<UInt8>) throws {
        for event in parser.parse(bytes) {
            switch event {
            case .part(let name, let fileName, let contentType):
                guard pairs.count + files.count < limits.fieldCount else {
                    throw RequestError(.contentTooLarge, "the form has more fields than are taken")
                }
                part = Part(name: name, fileName: fileName, contentType: contentType)
            case .content(let bytes): try append(bytes)
            case .endOfPart: try endPart()
            case .refused(let error): throw error
            }
        }
    }

    /// The form.
    /// - Throws: ``RequestError`` 400 when the closing delimiter is missing.
    mutating func finish() throws -> FormData {
        guard parser.isComplete else { throw RequestError.malformed("the multipart form ends too early") }
        return FormData(pairs, files: files)
    }

    private mutating func append(_ bytes: [UInt8]) throws {
        guard var current = part else { return }
        part = nil  // the only reference is now `current`: appending copies nothing
        current.size += Int64(bytes.count)
        let isFile = current.fileName != nil
        guard current.size <= (isFile ? limits.fileSize : Int64(limits.fieldSize)) else {
            throw ContentReceiver.fieldTooLarge
        }
        if let file = current.file {
            try file.write(bytes.span)
        } else {
            current.bytes += bytes
            if isFile, current.bytes.count > limits.memoryThreshold { try spill(&current) }
        }
        part = current
    }

    private mutating func endPart() throws {
        guard var ended = part else { return }
        part = nil
        guard let fileName = ended.fileName else {
            guard let text = String(validating: ended.bytes, as: UTF8.self) else {
                throw RequestError.malformed("a form field is not UTF-8")
            }
            fieldBytes += ended.bytes.count
            return pairs.append((ended.name, text))
        }
        // What a browser sends for a file field nobody filled in.
        if fileName.isEmpty, ended.size == 0 { return }
        if ended.file == nil { try spill(&ended) }
        guard let file = ended.file else { return }
        files.append(
            UploadedFile(
                fieldName: ended.name, fileName: MultipartReader.baseName(fileName), contentType: ended.contentType,
                size: ended.size, file: file))
    }

    private func spill(_ part: inout Part) throws {
        let file = try TemporaryFile(in: directory)
        try file.write(part.bytes.span)
        part.file = file
        part.bytes = []
    }

    /// Without the directories some clients send along, and without control characters.
    private static func baseName(_ name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
        return last.filter { $0.utf8.allSatisfy { Grammar.isFieldContent($0) } }
    }
}
