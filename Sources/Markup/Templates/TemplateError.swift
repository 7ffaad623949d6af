/// What is wrong with a template or a catalogue, and where.
public struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, as a path below the folder that was read.
    public let file: String
    /// The line, counted from 1; 0 when the whole file is meant.
    public let line: Int
    /// What is wrong.
    public let reason: String
    /// The known name nearest to an unknown one.
    public let nearest: String?

    init(file: String, line: Int, reason: String, nearest: String? = nil) {
        self.file = file
        self.line = line
        self.reason = reason
        self.nearest = nearest
    }

    /// `project/instances/index.html:12: no variable "nmae" in InstanceRow; nearest: "name"`.
    public var description: String {
        let place = line > 0 ? "\(file):\(line)" : file
        return "\(place): \(reason)" + (nearest.map { "; nearest: \"\($0)\"" } ?? "")
    }
}
