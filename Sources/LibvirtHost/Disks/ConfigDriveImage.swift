import ComputeHost

/// Writes a directory as an ISO 9660 image with the label that guests look for.
struct ConfigDriveImage {
    let runner: CommandRunner

    /// The programs that can do it, all with mkisofs's options.
    static let programs = ["genisoimage", "mkisofs", "xorrisofs"]

    func write(_ directory: String, to path: String) throws(HostError) {
        guard let program = Self.programs.first(where: { CommandRunner.find($0) != nil }) else {
            throw .failed("no program can write a config drive", remedy: "Install the package genisoimage.")
        }
        try FileSystem.remove(path)
        try runner.succeed(
            Command(program, ["-quiet", "-V", "config-2", "-r", "-J", "-l", "-o", path, directory]))
    }
}
