import CLibvirt
import ComputeHost
import Glibc
import Markup

/// What the disks' keeper asks of whoever runs the guests.
protocol RunningGuests: Sendable {
    /// Whether the guest has its disks open.
    func isOn(_ instanceID: String) throws(HostError) -> Bool

    /// Copies what a disk's file, and whatever lies below it, shows a running guest at one moment into the qcow2 file
    /// `target`.
    /// - Returns: false when the guest is not on: then the file itself can be read.
    func copyDisk(_ path: String, of instanceID: String, to target: String) throws(HostError) -> Bool
}

extension LibvirtHypervisor: RunningGuests {
    /// How long a copy may take; a disk of 100 GiB at 100 MiB/s takes a third of it.
    private static let copyPatience = Duration.seconds(3_600)

    func isOn(_ instanceID: String) throws(HostError) -> Bool {
        // libvirt's test driver opens no files.
        guard identity.driver != "test" else { return false }
        return try use { connect throws(HostError) in
            guard let domain = try find(instanceID, connect) else { return false }
            return domain.isActive
        }
    }

    func copyDisk(_ path: String, of instanceID: String, to target: String) throws(HostError) -> Bool {
        guard identity.driver != "test" else { return false }
        return try use { connect throws(HostError) in
            guard let domain = try find(instanceID, connect), domain.isActive else { return false }
            guard let disk = LiveDevices.target(ofFile: path, in: try domain.xml()) else {
                throw .failed("\(domain.name) runs without this disk", remedy: nil)
            }
            // A copy that we began before we were interrupted.
            try endCopy(disk, of: domain)
            try FileSystem.remove(target)
            let copy = element("disk", ["type": "file"]) {
                element("source", ["file": target])
                element("driver", ["type": "qcow2"])
            }.serialize()
            // Never a commit: that would write into the base file, which other guests share.
            try domain.call("copying the disk of") {
                virDomainBlockCopy($0, disk, copy, nil, 0, UInt32(VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB.rawValue))
            }
            try waitForCopy(disk, of: domain)
            // Without a pivot the guest stays on its disk; the copy shows this moment.
            try endCopy(disk, of: domain)
            return true
        }
    }

    private func waitForCopy(_ disk: String, of domain: borrowing DomainHandle) throws(HostError) {
        let deadline = ContinuousClock.now + Self.copyPatience
        var pause: UInt32 = 10_000
        while true {
            var job = virDomainBlockJobInfo()
            let found = virDomainGetBlockJobInfo(domain.pointer, disk, &job, 0)
            guard found >= 0 else { throw LibvirtError.current().hostError("copying the disk of \(domain.name)") }
            guard found > 0 else { throw .busy("the copy of the disk of \(domain.name) was interrupted") }
            // Both are 0 while the job is being set up.
            if job.end > 0, job.cur == job.end { return }
            guard ContinuousClock.now < deadline else {
                try endCopy(disk, of: domain)
                throw .failed("the disk of \(domain.name) could not be copied within an hour", remedy: nil)
            }
            usleep(pause)
            pause = min(pause * 2, 200_000)
        }
    }

    private func endCopy(_ disk: String, of domain: borrowing DomainHandle) throws(HostError) {
        var job = virDomainBlockJobInfo()
        guard virDomainGetBlockJobInfo(domain.pointer, disk, &job, 0) > 0 else { return }
        guard job.type == Int32(VIR_DOMAIN_BLOCK_JOB_TYPE_COPY.rawValue) else {
            throw .busy("somebody else works on the disk of \(domain.name)")
        }
        try domain.call("ending the copy of the disk of", tolerating: [VIR_ERR_OPERATION_INVALID]) {
            virDomainBlockJobAbort($0, disk, 0)
        }
    }
}
