import Foundation
import HTTP
import Images
import ServiceCore

/// What was typed about an image to create.
struct ImageForm: Sendable {
    /// As large as a disk may reasonably be: 64 GiB.
    static let limits = FormLimits.files(upTo: 64 << 30)

    let input: FormData

    static let initial = ImageForm(
        input: FormData([
            ("source_type", "file"), ("disk_format", ""), ("min_disk", "0"), ("min_ram", "0"),
            ("visibility", ImageVisibility.private.rawValue),
        ]))

    /// What can be told without looking into the file, all of it at once.
    var violations: [Violation] {
        let new = newImage
        let others =
            [new.missingName].compactMap(\.self)
            + new.violations.filter { $0.field != "disk_format" || !isFormatGuessed }
        guard let fileName else {
            let (field, text) =
                isFromURL
                ? ("uri", Message("Give the address of an image."))
                : ("file", Message("Choose a file to upload."))
            return others + [Violation(field: field, code: "required", message: text)]
        }
        guard format.isEmpty else { return others }
        return others + [
            Violation(
                field: "disk_format", code: "unknown_format",
                message: Message("The name {file} does not tell the format. Choose it here.", ["file": fileName]))
        ]
    }

    /// Whether the cloud is to fetch the image itself.
    var isFromURL: Bool { input["source_type"] == "url" }
    /// Where it is to be fetched from.
    var url: String { (input["image_url"] ?? "").trimmingCharacters(in: .whitespaces) }

    /// The name that may tell the format: the file's, or the last part of the address's path.
    private var fileName: String? {
        guard isFromURL else { return input.file("file")?.fileName }
        let path = url.prefix { $0 != "?" && $0 != "#" }
        return url.isEmpty ? nil : String(path.split(separator: "/").last ?? path)
    }

    private var isFormatGuessed: Bool { (input["disk_format"] ?? "").isEmpty }

    /// The format that was chosen, or else the one the file's name tells; empty when it tells none.
    private var format: String {
        guard isFormatGuessed else { return input["disk_format"] ?? "" }
        return fileName.flatMap { ImageFormat.guess(fileName: $0) }?.rawValue ?? ""
    }

    /// What the service is asked for.
    var newImage: NewImage {
        var new = NewImage(name: input["name"] ?? "", diskFormat: format)
        new.minDiskGiB = input.minimum("min_disk")
        new.minRAMMiB = input.minimum("min_ram")
        new.visibility = input["visibility"].flatMap(ImageVisibility.init) ?? .private
        new.protected = input.isTicked("protected")
        for name in Self.properties {
            if let text = input[name], !text.isEmpty { new.properties[name] = text }
        }
        return new
    }

    /// What the form has fields of its own for and Glance keeps among the properties.
    static let properties = ["description", "architecture", "kernel_id", "ramdisk_id"]

    func content(_ faults: Faults, _ parts: ImageParts, _ visitor: Visitor) -> FormContent {
        let wording = visitor.wording
        let fields = FormFields(input: input, faults: faults, wording: wording)
        let guess = Choice(value: "", title: wording(Message("By the file's name")))
        let formats = [guess] + ImageFormat.allCases.map { Choice(value: $0.rawValue, title: wording($0.label)) }
        let isRepeated = input.file("file") != nil
        var file = fields.text(
            "file", Message("File"),
            help: isRepeated
                ? Message("Choose the file again: browsers do not keep it.")
                : Message("A disk image on your computer."),
            required: true)
        file.kind = .input("file")
        file.value = ""
        file.group = "by-file"
        let heading = wording(Message("Create Image"))
        return FormContent(
            heading: heading, action: SiteURL.createImage.path, verb: heading, cancel: SiteURL.images(.project).path,
            problem: faults.problem,
            fields: [
                fields.text("name", Message("Image Name"), required: true),
                fields.text("description", Message("Image Description")),
            ] + Self.sources(fields) + [file, fields.select("disk_format", Message("Format"), formats)]
                + parts.fields(fields) + Self.commonFields(fields, visitor),
            notes: [
                wording(
                    Message("The file is checked when it has arrived: its format must be the one that was chosen.")),
                wording(Message("Images that refer to other files are refused.")),
            ], sendsFiles: true)
    }

    private static func sources(_ fields: FormFields) -> [FormField] {
        var url = fields.text(
            "image_url", Message("Image Location"),
            help: Message("An http or https address that the cloud can reach. It fetches the image in the background."),
            violation: "uri")
        url.group = "by-url"
        url.maxLength = nil
        let source = fields.select(
            "source_type", Message("Source Type"),
            [
                Choice(value: "file", title: fields.wording(Message("File"))),
                Choice(value: "url", title: fields.wording(Message("URL"))),
            ])
        return [source, url]
    }

    /// What is said of an image whether it is new or not.
    static func commonFields(_ fields: FormFields, _ visitor: Visitor) -> [FormField] {
        let visibilities: [ImageVisibility] =
            visitor.context.isAdmin ? ImageVisibility.allCases : [.private, .shared, .community]
        return [
            fields.text("architecture", Message("Architecture"), help: Message("Such as x86_64 or aarch64.")),
            fields.text("min_disk", Message("Minimum Disk (GB)")),
            fields.text("min_ram", Message("Minimum RAM (MB)")),
            fields.select(
                "visibility", Message("Visibility"),
                visibilities.map { Choice(value: $0.rawValue, title: fields.wording($0.label)) }),
            fields.checkbox(
                "protected", Message("Protected"), help: Message("A protected image cannot be deleted.")),
        ]
    }
}

extension FormData {
    /// A minimum of an image. An empty box is 0; what is not a number is out of range, which the service says.
    func minimum(_ name: String) -> Int {
        guard let text = self[name], !text.isEmpty else { return 0 }
        return Int(text) ?? -1
    }
}
