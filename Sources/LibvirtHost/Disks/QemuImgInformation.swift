import ComputeHost
import Foundation

/// What `qemu-img info --output=json` says about a file.
struct QemuImgInformation: Decodable, Sendable {
    let format: String
    let virtualSize: Int64
    let actualSize: Int64
    let backingFile: String?
    /// Files beside the one asked for that hold the image's data.
    let otherFiles: [String]

    private enum Keys: String, CodingKey {
        case format
        case filename
        case virtualSize = "virtual-size"
        case actualSize = "actual-size"
        case backingFile = "backing-filename"
        case specific = "format-specific"
    }

    private struct Specific: Decodable {
        struct Details: Decodable {
            let dataFile: String?
            let extents: [Extent]?

            private enum CodingKeys: String, CodingKey {
                case dataFile = "data-file"
                case extents
            }
        }
        struct Extent: Decodable { let filename: String? }
        let data: Details?
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        format = try values.decode(String.self, forKey: .format)
        virtualSize = try values.decode(Int64.self, forKey: .virtualSize)
        actualSize = try values.decodeIfPresent(Int64.self, forKey: .actualSize) ?? 0
        backingFile = try values.decodeIfPresent(String.self, forKey: .backingFile)
        let filename = try values.decodeIfPresent(String.self, forKey: .filename)
        // The details differ by format; formats whose details look otherwise name no other file.
        let details = (try? values.decodeIfPresent(Specific.self, forKey: .specific))?.data
        let extents = details?.extents?.compactMap(\.filename).filter { $0 != filename } ?? []
        otherFiles = extents + [details?.dataFile].compactMap { $0 }
    }

    /// - Throws: `.failed` when the text is not qemu-img's.
    static func parse(_ json: [UInt8]) throws(HostError) -> QemuImgInformation {
        do {
            return try JSONDecoder().decode(QemuImgInformation.self, from: Data(json))
        } catch {
            throw .failed("qemu-img's description of the image cannot be read", remedy: nil)
        }
    }

    /// - Throws: `.failed` when the image leads to a file other than itself: whoever uploaded it could read, through
    ///   a guest, any file that the host's emulator may read.
    func refuseOtherFiles() throws(HostError) {
        guard backingFile == nil, otherFiles.isEmpty else {
            throw .failed(
                backingFile == nil
                    ? "the image keeps its data in another file" : "the image refers to a backing file",
                remedy: "Flatten it: qemu-img convert -O qcow2 IN OUT.")
        }
    }
}
