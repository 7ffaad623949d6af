import Compute
import HTTP
import Images
import Markup
import ServiceCore

/// The list of images, uploading one, and one image.
struct ImagePages: Sendable {
    private let site: Site
    private let area: Area
    private let tables: TableActions
    private let list: View<TableContent>
    private let formView: View<FormContent>
    private let detailView: View<ImageDetailContent>

    private var images: ImageService { site.services.images }

    init(_ site: Site, _ area: Area, _ tables: TableActions) throws {
        self.site = site
        self.area = area
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        formView = try site.view("form", of: FormContent.self)
        detailView = try site.view("project/images/detail", of: ImageDetailContent.self)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = ImageTable(site: site, area: area, visitor: visitor).definition()
        if let row = try tables.row(table, request, visitor, item: { try image($0, visitor) }) { return row }
        let query = TableQuery(request, table: ImageTable.id)
        var filter = ImageFilter()
        filter.name = query.filterText.isEmpty ? nil : query.filterText
        let asked = query.page(size: visitor.reader.preferences.pageSize)
        let page = try images.images(filter, page: asked, as: visitor.context)
        var head = PageHead.images(area, visitor)
        head.refreshes = page.items.contains(where: \.status.isTransient)
        let content = TableContent(
            heading: visitor.text(Message("Images")), table: table.model(page, request, visitor))
        return list.page(content, head, visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = ImageTable(site: site, area: area, visitor: visitor).definition()
        return try tables.perform(table, request, visitor) { try image($0, visitor) }
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let image = try images.image(request.id("image_id", of: "Image"), as: visitor.context)
        let table = ImageTable(site: site, area: area, visitor: visitor).definition()
        let content = ImageDetailContent(
            image, action: table.url.path, actions: table.row(image, visitor.wording).actions, visitor.wording)
        var head = PageHead.images(area, visitor, Crumb(image.title))
        head.refreshes = image.status.isTransient
        return detailView.page(content, head, visitor)
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        try images.requireCreate(as: visitor.context)
        return try formPage(.initial, .none(visitor.wording), visitor)
    }

    /// The file has been written to disk by the time this is called; the service takes it as it is.
    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        try images.requireCreate(as: visitor.context)
        let form = ImageForm(input: request.form)
        let violations = form.violations
        guard violations.isEmpty else {
            return try formPage(
                form, Faults(violations: violations, wording: visitor.wording), visitor, status: .unprocessableContent)
        }
        do {
            let image = try make(form, visitor)
            let text = Message("Image {name} was successfully created.", ["name": image.name])
            var response = site.seeOther(
                .images(.project), Flash(.success, visitor.text(text)), secure: request.isSecure)
            // A script's request would follow 303 by itself and use the message up; it goes to Location when told 201.
            if request.fields["X-Requested-With"] != nil { response.status = .created }
            return response
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try formPage(form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    /// Takes the file that has come, or begins to fetch it.
    private func make(_ form: ImageForm, _ visitor: Visitor) throws -> Image {
        if !form.isFromURL, let file = form.input.file("file") {
            return try images.upload(form.newImage, movingFile: file.path, as: visitor.context)
        }
        return try images.create(
            form.newImage, importing: ImportRequest(.webDownload(uri: form.url)), as: visitor.context)
    }

    private func image(_ id: String, _ visitor: Visitor) throws -> Image {
        guard let id = ID<Image>(untrusted: id) else { throw ServiceError.notFound("Image", id) }
        return try images.image(id, as: visitor.context)
    }

    private func formPage(
        _ form: ImageForm, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let content = form.content(faults, try ImageParts(images, as: visitor.context), visitor)
        var head = PageHead.images(.project, visitor, Crumb(content.heading))
        head.scripts = ["js/upload.js"]
        return formView.page(content, head, visitor, status: status)
    }
}

/// One image as its template sees it.
struct ImageDetailContent: TemplateModel {
    let id: String
    let name: String
    /// Where forms of actions are sent.
    let action: String
    let actions: [ActionModel]
    private(set) var facts: [Cell]

    static let shape = Shape<ImageDetailContent>([
        .text("id", \.id), .text("name", \.name), .text("action", \.action), .list("facts", \.facts),
        .optional("firstAction", \.actions.first), .list("menuActions") { Array($0.actions.dropFirst()) },
        .flag("hasMenu") { $0.actions.count > 1 }, .flag("hasActions") { !$0.actions.isEmpty },
    ])

    init(_ image: Image, action: String, actions: [ActionModel], _ wording: Wording) {
        id = image.id.text
        name = image.title
        self.action = action
        self.actions = actions
        facts = [
            Cell.text(image.name.isEmpty ? "–" : image.name).labelled(wording(Message("Name"))),
            Cell.code(image.id.text).labelled(wording(Message("ID"))),
            Cell.text(image.description.isEmpty ? "–" : image.description).labelled(wording(Message("Description"))),
            Cell.status(of: image, wording).labelled(wording(Message("Status"))),
            Cell.text(image.size.map(wording.bytes) ?? "–").labelled(wording(Message("Size"))),
            Cell.text(image.virtualSize.map(wording.bytes) ?? "–").labelled(wording(Message("Virtual Size"))),
            Cell.text("\(image.minDiskGiB)").labelled(wording(Message("Minimum Disk (GB)"))),
            Cell.text("\(image.minRAMMiB)").labelled(wording(Message("Minimum RAM (MB)"))),
            Cell.text(image.diskFormat.map { wording($0.label) } ?? "–").labelled(wording(Message("Disk Format"))),
            Cell.text(image.containerFormat ?? "–").labelled(wording(Message("Container Format"))),
            Cell.text(image.properties["architecture"] ?? "–").labelled(wording(Message("Architecture"))),
            (image.properties["kernel_id"].map(Cell.code) ?? Cell.text("–")).labelled(wording(Message("Kernel"))),
            (image.properties["ramdisk_id"].map(Cell.code) ?? Cell.text("–")).labelled(wording(Message("Ramdisk"))),
            Cell.code(image.ownerProjectID).labelled(wording(Message("Owner"))),
            Cell.text(wording(image.visibility.label)).labelled(wording(Message("Visibility"))),
            Cell.text(wording.yesNo(image.protected)).labelled(wording(Message("Protected"))),
            Cell.text(wording.time(image.createdAt)).labelled(wording(Message("Created"))),
            Cell.text(wording.time(image.updatedAt)).labelled(wording(Message("Updated"))),
            (image.checksum.map(Cell.code) ?? Cell.text("–")).labelled(wording(Message("Checksum"))),
        ]
        let metadata = MetadataLines.text(image.ownProperties)
        if !metadata.isEmpty { facts.append(Cell.codeLines(metadata).labelled(wording(Message("Metadata")))) }
    }
}
