/// How much a form may send. What goes beyond is refused with 413.
public struct FormLimits: Hashable, Sendable {
    /// Most fields and files together.
    public var fieldCount: Int
    /// Longest value of one field, in bytes.
    public var fieldSize: Int
    /// Largest file, in bytes; 0 takes no files.
    public var fileSize: Int64
    /// Everything together, in bytes, as sent.
    public var totalSize: Int64
    /// Files up to this many bytes stay in memory; larger ones are written to a temporary file as they arrive.
    public var memoryThreshold: Int

    /// Limits for ordinary forms: 500 fields, 1 MiB each, 2 MiB together, no files.
    public init(
        fieldCount: Int = 500, fieldSize: Int = 1 << 20, fileSize: Int64 = 0, totalSize: Int64 = 2 << 20,
        memoryThreshold: Int = 64 << 10
    ) {
        self.fieldCount = fieldCount
        self.fieldSize = fieldSize
        self.fileSize = fileSize
        self.totalSize = totalSize
        self.memoryThreshold = memoryThreshold
    }

    /// Forms without files.
    public static let fields = FormLimits()

    /// Forms that upload files of up to `size` bytes.
    public static func files(upTo size: Int64) -> FormLimits {
        FormLimits(fileSize: size, totalSize: size + (4 << 20))
    }
}
