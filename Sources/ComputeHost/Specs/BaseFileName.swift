import Cryptography

extension BaseFile {
    /// The name in `instances/_base` of the base file of an image: the SHA-1 of the image's id in hexadecimal, as
    /// nova names it. SHA-1 only spreads names here; nothing relies on it being hard to collide.
    public static func name(forImage imageID: String) -> String {
        SHA1.hash(Array(imageID.utf8)).hexadecimal
    }
}
