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
            ("disk_format", ""), ("min_disk", "0"), ("min_ram", "0"), ("visibility", ImageVisibility.private.rawValue),
        ]))

    /// What can be told without looking into the file, all of it at once.
    var violations: [Violation] {
        let new = newImage
        let others =
            [new.missingName].compactMap(\.self)
            + new.violations.filter { $0.field != "disk_format" || !isFormatGuessed }
        guard let file = input.file("file") else {
            return others + [
                Violation(field: "file", code: "required", message: Message("Choose a file to upload."))
            ]
        }
        guard format.isEmpty else { return others }
        return others + [
            Violation(
                field: "disk_format", code: "unknown_format",
                message: Message(
                    "The name {file} does not tell the format. Choose it here.", ["file": file.fileName]))
        ]
    }

    private var isFormatGuessed: Bool { (input["disk_format"] ?? "").isEmpty }

    /// The format that was chosen, or else the one the file's name tells; empty when it tells none.
    private var format: String {
        guard isFormatGuessed else { return input["disk_format"] ?? "" }
        return input.file("file").flatMap { ImageFormat.guess(fileName: $0.fileName) }?.rawValue ?? ""
    }

    /// What the service is asked for.
    var newImage: NewImage {
        var new = NewImage(name: input["name"] ?? "", diskFormat: format)
        new.minDiskGiB = Self.number(input["min_disk"])
        new.minRAMMiB = Self.number(input["min_ram"])
        new.visibility = input["visibility"].flatMap(ImageVisibility.init) ?? .private
        new.protected = input.isTicked("protected")
        if let text = input["description"], !text.isEmpty { new.properties["description"] = text }
        return new
    }

    /// An empty box is 0; what is not a number is out of range, which the service says.
    private static func number(_ text: String?) -> Int {
        guard let text, !text.isEmpty else { return 0 }
        return Int(text) ?? -1
    }

    func content(_ faults: Faults, _ visitor: Visitor) -> FormContent {
        let wording = visitor.wording
        let fields = FormFields(input: input, faults: faults, wording: wording)
        let guess = Choice(value: "", title: wording(Message("By the file's name")))
        let formats = [guess] + ImageFormat.allCases.map { Choice(value: $0.rawValue, title: wording($0.label)) }
        let visibilities: [ImageVisibility] =
            visitor.context.isAdmin ? ImageVisibility.allCases : [.private, .shared, .community]
        let isRepeated = input.file("file") != nil
        var file = fields.text(
            "file", Message("File"),
            help: isRepeated
                ? Message("Choose the file again: browsers do not keep it.")
                : Message("A disk image on your computer."),
            required: true)
        file.kind = .input("file")
        file.value = ""
        let heading = wording(Message("Create Image"))
        return FormContent(
            heading: heading, action: SiteURL.createImage.path, verb: heading, cancel: SiteURL.images(.project).path,
            problem: faults.problem,
            fields: [
                fields.text("name", Message("Image Name"), required: true),
                fields.text("description", Message("Image Description")), file,
                fields.select("disk_format", Message("Format"), formats),
                fields.text("min_disk", Message("Minimum Disk (GB)")),
                fields.text("min_ram", Message("Minimum RAM (MB)")),
                fields.select(
                    "visibility", Message("Visibility"),
                    visibilities.map { Choice(value: $0.rawValue, title: wording($0.label)) }),
                fields.checkbox(
                    "protected", Message("Protected"), help: Message("A protected image cannot be deleted.")),
            ],
            notes: [
                wording(
                    Message("The file is checked when it has arrived: its format must be the one that was chosen.")),
                wording(Message("Images that refer to other files are refused.")),
            ], sendsFiles: true)
    }
}
