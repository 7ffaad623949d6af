import Cryptography
import Foundation

extension Doctor {
    /// Whether every certificate can be used, belongs to its key, and for how long it will.
    func certificates() -> [Finding] {
        file.settings.listen.compactMap(\.files).flatMap { files in
            let (certificate, key) = (file.resolve(files.certificate), file.resolve(files.key))
            do throws(TLSFileError) {
                let context = try TLSContext(certificateFile: certificate, keyFile: key)
                return [Self.validity(context.validity, certificate, now: time(nil))] + Self.secrecy(of: key)
            } catch {
                return [
                    .bad(
                        "certificate", "\(error)",
                        remedy: "LISTEN needs a certificate and its own key in PEM form, readable by this user.")
                ]
            }
        }
    }

    static func validity(_ validity: Range<Int>, _ path: String, now: Int) -> Finding {
        let day = 86_400
        let end = Date(timeIntervalSince1970: Double(validity.upperBound)).formatted(.iso8601.year().month().day())
        if now < validity.lowerBound {
            return .bad("certificate", "\(path) is not valid yet", remedy: "Set the clock, or wait.")
        }
        guard now < validity.upperBound else {
            return .bad(
                "certificate", "\(path) expired on \(end)", remedy: "Renew it; it is taken up without a restart.")
        }
        let days = (validity.upperBound - now) / day
        let text = "\(path) is valid until \(end), \(days) days more"
        return days >= 14
            ? .good("certificate", text)
            : .warning("certificate", text, remedy: "Renew it; it is taken up without a restart.")
    }

    private static func secrecy(of key: String) -> [Finding] {
        var status = stat()
        guard stat(key, &status) == 0, status.st_mode & 0o007 != 0 else { return [] }
        return [
            .warning(
                "certificate", "everybody on this machine may read the key \(key)",
                remedy: "chmod 600 it, and give it to the user daybreak runs as.")
        ]
    }
}
