import HTTP
import Images
import Markup
import ServiceCore

/// Edit Image and Update Metadata.
struct ImageForms: Sendable {
    private let site: Site
    private let area: Area
    private let view: View<FormContent>

    private var images: ImageService { site.services.images }

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        view = try site.view("form", of: FormContent.self)
    }

    func showUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let image = try changeable(request, visitor)
        var pairs = [
            ("name", image.name), ("disk_format", image.diskFormat?.rawValue ?? ""),
            ("min_disk", "\(image.minDiskGiB)"), ("min_ram", "\(image.minRAMMiB)"),
            ("visibility", image.visibility.rawValue),
        ]
        pairs += ImageForm.properties.map { ($0, image.properties[$0] ?? "") }
        if image.protected { pairs.append(("protected", "on")) }
        return try updatePage(image, FormData(pairs), .none(visitor.wording), visitor)
    }

    func update(_ request: Request, _ visitor: Visitor) throws -> Response {
        let image = try changeable(request, visitor)
        do {
            let changed = try images.update(image.id, try change(of: image, request.form), as: visitor.context)
            return done(Message("Image {name} was successfully updated.", ["name": changed.title]), request, visitor)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try updatePage(image, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    func showMetadata(_ request: Request, _ visitor: Visitor) throws -> Response {
        let image = try changeable(request, visitor)
        let form = FormData([("metadata", MetadataLines.text(image.ownProperties))])
        return metadataPage(image, form, .none(visitor.wording), visitor)
    }

    func updateMetadata(_ request: Request, _ visitor: Visitor) throws -> Response {
        let image = try changeable(request, visitor)
        let lines = MetadataLines(request.form["metadata"] ?? "", field: "properties")
        do {
            var update = ImageUpdate()
            let wanted = try lines.checked()
            for name in image.ownProperties.keys { update.properties[name] = .some(nil) }
            for (name, value) in wanted { update.properties[name] = value }
            let changed = try images.update(image.id, update, as: visitor.context)
            let text = Message("Updated the metadata of the image \"{name}\".", ["name": changed.title])
            return done(text, request, visitor)
        } catch {
            // A reserved name is a mistake in a line, and no page that is forbidden.
            guard let faults = lines.faults(error, visitor.wording) ?? Faults(reserved: error, visitor.wording) else {
                throw error
            }
            return metadataPage(image, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }
}

extension ImageForms {
    private func changeable(_ request: Request, _ visitor: Visitor) throws -> Image {
        let image = try images.image(request.id("image_id", of: "Image"), as: visitor.context)
        guard images.canUpdate(image, as: visitor.context) else {
            throw ServiceError.forbidden("image:modify_image")
        }
        return image
    }

    /// Only what differs, so that nobody needs a right for what they leave as it is.
    private func change(of image: Image, _ form: FormData) throws -> ImageUpdate {
        var update = ImageUpdate()
        update.name = form["name"] ?? ""
        if let missing = NewImage(name: update.name ?? "", diskFormat: "").missingName {
            throw ServiceError.invalid([missing])
        }
        if let format = form["disk_format"], format != image.diskFormat?.rawValue ?? "" { update.diskFormat = format }
        update.minDiskGiB = form.minimum("min_disk")
        update.minRAMMiB = form.minimum("min_ram")
        let visibility = form["visibility"].flatMap(ImageVisibility.init)
        update.visibility = visibility == image.visibility ? nil : visibility
        update.protected = form.isTicked("protected")
        for name in ImageForm.properties {
            let text = form[name] ?? ""
            guard text != image.properties[name] ?? "" else { continue }
            update.properties[name] = .some(text.isEmpty ? nil : text)
        }
        return update
    }

    private func done(_ text: Message, _ request: Request, _ visitor: Visitor) -> Response {
        site.seeOther(.images(area), Flash(.success, visitor.text(text)), secure: request.isSecure)
    }

    private func updatePage(
        _ image: Image, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let wording = visitor.wording
        let fields = FormFields(input: input, faults: faults, wording: wording)
        let heading = wording(Message("Edit Image"))
        let none = image.diskFormat == nil ? [Choice(value: "", title: "–")] : []
        var format = fields.select(
            "disk_format", Message("Format"),
            none + ImageFormat.allCases.map { Choice(value: $0.rawValue, title: wording($0.label)) },
            help: image.status == .queued ? nil : Message("The format of stored data stays as it was found to be."))
        format.isDisabled = image.status != .queued
        let content = FormContent(
            heading: heading, action: SiteURL.updateImage(area, image.id.text).path,
            verb: wording(Message("Save Changes")), cancel: SiteURL.images(area).path, problem: faults.problem,
            fields: [
                fields.text("name", Message("Image Name"), required: true),
                fields.text("description", Message("Image Description")), format,
            ] + (try ImageParts(images, as: visitor.context).fields(fields)) + ImageForm.commonFields(fields, visitor),
            notes: [wording(Message("Instances that were launched from the image are not changed."))])
        return view.page(content, .image(image, area, visitor, Crumb(heading)), visitor, status: status)
    }

    private func metadataPage(
        _ image: Image, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let wording = visitor.wording
        let fields = FormFields(input: input, faults: faults, wording: wording)
        let heading = wording(Message("Update Metadata"))
        let content = FormContent(
            heading: "\(heading): \(image.title)", action: SiteURL.imageMetadata(area, image.id.text).path,
            verb: wording(Message("Save Changes")), cancel: SiteURL.images(area).path, problem: faults.problem,
            fields: [MetadataLines.field(fields)],
            notes: [
                wording(
                    Message("Properties that begin with hw_ or os_ say what the image's guests need of a host and what they are."))
            ])
        return view.page(content, .image(image, area, visitor, Crumb(heading)), visitor, status: status)
    }
}

extension Image {
    /// Its properties but for those that the service keeps itself, and those that other fields show.
    var ownProperties: [String: String] {
        properties.filter { name, _ in
            !name.hasPrefix("os_glance_") && !ImageForm.properties.contains(name)
        }
    }
}

extension Faults {
    fileprivate init?(reserved error: any Error, _ wording: Wording) {
        guard let error = error as? ServiceError, error.code == "reserved_attribute" else { return nil }
        self.init(
            violations: [Violation(field: "metadata", code: error.code, message: error.message)], wording: wording)
    }
}
