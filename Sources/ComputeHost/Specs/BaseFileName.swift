import Cryptography

extension BaseFile {
    /// The name in `instances/_base` of the base file of an image: the SHA-1 of the image's id in hexadecimal, as
    /// nova names it. SHA-1 only spreads names here; nothing relies on it being hard to collide.
    public static func name(forImage imageID: String) -> String {
        SHA1.hash(Array(imageID.utf8)).hexadecimal
    }

    /// Whether a file in `instances/_base` is a base file: 40 hexadecimal digits.
    public static func isName(_ text: String) -> Bool {
        text.utf8.count == 40 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
