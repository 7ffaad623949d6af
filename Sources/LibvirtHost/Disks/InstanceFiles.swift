import ComputeHost
import Glibc

/// Where the files of instances are, with nova's names.
///
/// Ids that become names are checked by whoever takes them from outside (`InstanceID.check`).
struct InstanceFiles: Sendable, Hashable {
    /// The directory `instances`.
    let root: String

    init(root: String) { self.root = root }

    var baseDirectory: String { root + "/_base" }
    var locksDirectory: String { root + "/locks" }
    /// Which hosts use this directory and when each last started.
    var computeNodes: String { root + "/compute_nodes" }
    /// The id of the installation that owns the domains defined from here.
    var ownerFile: String { root + "/owner" }

    func base(_ name: String) -> String { baseDirectory + "/" + name }
    func directory(_ instanceID: String) -> String { root + "/" + instanceID }
    func disk(_ instanceID: String) -> String { directory(instanceID) + "/disk" }
    /// The root disk as it was before a resize that may still be reverted.
    func keptDisk(_ instanceID: String) -> String { directory(instanceID) + "/disk.resize" }
    func rescueDisk(_ instanceID: String) -> String { directory(instanceID) + "/disk.rescue" }
    /// What a running guest's disk showed at one moment, while it is made into an image.
    func diskCopy(_ instanceID: String) -> String { directory(instanceID) + "/disk.snapshot" }
    func diskInfo(_ instanceID: String) -> String { directory(instanceID) + "/disk.info" }
    func configDrive(_ instanceID: String) -> String { directory(instanceID) + "/disk.config" }
    func consoleLog(_ instanceID: String) -> String { directory(instanceID) + "/console.log" }
    /// What was in the console log before it was full.
    func olderConsoleLog(_ instanceID: String) -> String { consoleLog(instanceID) + ".0" }
    func libvirtXML(_ instanceID: String) -> String { directory(instanceID) + "/libvirt.xml" }
    /// The specification that `libvirt.xml` was written from.
    func domainJSON(_ instanceID: String) -> String { directory(instanceID) + "/domain.json" }

    /// Makes the directories that everything else expects.
    func prepare() throws(HostError) {
        for directory in [root, baseDirectory, locksDirectory] { try FileSystem.createDirectory(directory) }
    }
}
