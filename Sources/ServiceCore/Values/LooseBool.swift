/// The texts that stand for true and false in OpenStack's queries and bodies (oslo.utils, `strutils.bool_from_string`).
public enum LooseBool {
    /// nil for any other text.
    public static func value(of text: String) -> Bool? {
        switch text.lowercased() {
        case "1", "t", "true", "on", "y", "yes": true
        case "0", "f", "false", "off", "n", "no": false
        default: nil
        }
    }
}
