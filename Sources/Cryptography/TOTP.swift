/// One-time passwords that change with the time (RFC 6238), of six digits, with SHA-1 as RFC 4226 has it.
public enum TOTP {
    /// The passcode of a step: steps are half minutes since 1970.
    public static func passcode(seed: [UInt8], step: Int64) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - 8 * $0)) }
        let code = HMAC.sha1(key: seed, message: counter)
        let offset = Int(code[19] & 15)
        let number = code[offset...offset + 3].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        return String(String(1_000_000 + number % 1_000_000).dropFirst())
    }
}
