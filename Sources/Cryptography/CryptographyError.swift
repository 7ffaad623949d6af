import COpenSSL

/// A cryptographic operation that could not be done, or whose input cannot be trusted.
public enum CryptographyError: Error, Equatable {
    /// The input has not the form it should have.
    case malformed
    /// The input was not made with this key, or was changed since.
    case forged
    /// The input is older than is allowed.
    case expired
    /// OpenSSL refused, usually for want of memory.
    case failed(String)

    /// What OpenSSL says about its last refusal on this thread.
    static func openSSL(_ operation: String) -> CryptographyError {
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(ERR_get_error(), &text, text.count)
        ERR_clear_error()
        let reason = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return .failed("\(operation): \(String(decoding: reason, as: UTF8.self))")
    }
}
