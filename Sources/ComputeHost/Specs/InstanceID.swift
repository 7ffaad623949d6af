/// The form of an instance's id on a host, where it becomes a directory's name.
public enum InstanceID {
    /// Whether `text` is a UUID in lower-case canonical form (RFC 9562, section 4).
    public static func isValid(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count == 36 else { return false }
        for (index, byte) in bytes.enumerated() {
            switch index {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return false }
            default:
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): continue
                default: return false
                }
            }
        }
        return true
    }

    /// Throws `.failed` unless `text` is a UUID in canonical form.
    public static func check(_ text: String) throws(HostError) {
        guard isValid(text) else {
            throw .failed("\"\(text)\" is not an instance's UUID", remedy: nil)
        }
    }
}
