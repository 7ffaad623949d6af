/// The names that nova takes for pairs of texts: metadata of instances and aggregates, extra specs of flavors.
public enum MetadataName {
    /// 1 to 255 letters, digits, spaces and the characters - _ : .
    public static func isPossible(_ name: String) -> Bool {
        (1...LaunchRequest.nameLimit).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"),
                    UInt8(ascii: "."), UInt8(ascii: " "):
                    true
                default: false
                }
            }
    }
}
