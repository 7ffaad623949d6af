import Foundation

/// The folders the program reads and never writes: `Templates` and `Public`.
struct ProgramFiles: Sendable {
    let templates: String
    let publicFiles: String

    /// Looks beside the settings file, in the current folder, in the folders above the program itself (where a
    /// checkout keeps `.build/release/daybreak`) and in `/usr/share/daybreak`.
    ///
    /// - Throws: `StateFault` naming the places looked at.
    init(settingsFolder: String) throws {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
        var places = [settingsFolder, FileManager.default.currentDirectoryPath]
        var above = URL(filePath: executable).deletingLastPathComponent()
        for _ in 0..<5 where above.path != "/" {
            places.append(above.path)
            above.deleteLastPathComponent()
        }
        places.append("/usr/share/daybreak")
        let found = places.first { place in
            ["Templates", "Public"].allSatisfy { FileManager.default.fileExists(atPath: place + "/" + $0) }
        }
        guard let found else {
            throw StateFault(path: "Templates, Public", reason: "not found in any of \(places.joined(separator: ", "))")
        }
        templates = found + "/Templates"
        publicFiles = found + "/Public"
    }
}
