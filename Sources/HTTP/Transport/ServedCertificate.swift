import CLinux
import Cryptography
import Glibc
import Logging

/// The certificate of one address, and what its files looked like when they were read.
struct ServedCertificate: Sendable {
    /// What tells one version of a file from the next.
    private struct Version: Equatable {
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int

        /// nil when there is no such file.
        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    /// How long session tickets are sealed with one key, in seconds. Whoever steals the key can read what was said in
    /// TLS 1.2 sessions that were resumed with it.
    private static let longestAge = 12 * 3600

    private let files: CertificateFiles
    private(set) var context: TLSContext
    private var versions: [Version?]
    private var madeAt: Int
    /// What the log was told last, so that it is not told again every half minute.
    private var complaint: String?

    init(_ files: CertificateFiles) throws(TLSFileError) {
        self.files = files
        // Looked at before they are read: a file that changes in between is read again.
        versions = ServedCertificate.versions(files)
        context = try TLSContext(certificateFile: files.certificate, keyFile: files.key)
        madeAt = Clock.wallSeconds()
    }

    /// Reads the files again when they have changed, or the ticket key is old.
    /// - Returns: what new connections are to be met with; nil when that is what it was.
    mutating func renew(_ logger: Logger) -> TLSContext? {
        let current = ServedCertificate.versions(files)
        let haveChanged = current != versions
        guard haveChanged || Clock.wallSeconds() - madeAt >= ServedCertificate.longestAge else { return nil }
        do {
            context = try TLSContext(certificateFile: files.certificate, keyFile: files.key)
        } catch {
            // Certificate and key are two files: between the two writes they do not fit each other.
            if complaint != "\(error)" {
                logger.warning("certificate not renewed; the old one stays in use", metadata: ["reason": "\(error)"])
            }
            complaint = "\(error)"
            return nil
        }
        (versions, madeAt, complaint) = (current, Clock.wallSeconds(), nil)
        if haveChanged { logger.info("certificate renewed", metadata: ["file": "\(files.certificate)"]) }
        return context
    }

    private static func versions(_ files: CertificateFiles) -> [Version?] {
        [Version(files.certificate), Version(files.key)]
    }
}
