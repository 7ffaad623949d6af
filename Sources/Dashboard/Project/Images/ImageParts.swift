import HTTP
import Images
import ServiceCore

/// The images that the kernel and the ramdisk of another image are chosen from, as Horizon offers them.
struct ImageParts: Sendable {
    private let kernels: [Image]
    private let ramdisks: [Image]

    init(_ images: ImageService, as context: RequestContext) throws {
        kernels = try Self.images(.aki, images, context)
        ramdisks = try Self.images(.ari, images, context)
    }

    private static func images(
        _ format: ImageFormat, _ images: ImageService, _ context: RequestContext
    ) throws -> [Image] {
        var filter = ImageFilter()
        filter.diskFormats = [format.rawValue]
        filter.status = .active
        return try images.images(filter, as: context).items.sorted { $0.title < $1.title }
    }

    func fields(_ fields: FormFields) -> [FormField] {
        [
            fields.select("kernel_id", Message("Kernel"), choices(kernels, fields, "kernel_id")),
            fields.select("ramdisk_id", Message("Ramdisk"), choices(ramdisks, fields, "ramdisk_id")),
        ]
    }

    /// What is chosen already stays so, even if it is an image that the person cannot see.
    private func choices(_ images: [Image], _ fields: FormFields, _ name: String) -> [Choice] {
        let none = Choice(value: "", title: fields.wording(Message("None")))
        let known = images.map { Choice(value: $0.id.text, title: $0.title) }
        let chosen = fields.input[name] ?? ""
        let isKnown = chosen.isEmpty || images.contains { $0.id.text == chosen }
        return [none] + known + (isKnown ? [] : [Choice(value: chosen, title: chosen)])
    }
}
