import HTTP
import Images
import Markup
import ServiceCore

/// With which projects an image is shared.
struct ImageMemberPages: Sendable {
    private let site: Site
    private let area: Area
    private let tables: TableActions
    private let list: View<TableContent>
    private let formView: View<FormContent>

    private var images: ImageService { site.services.images }

    init(_ site: Site, _ area: Area, _ tables: TableActions) throws {
        self.site = site
        self.area = area
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        formView = try site.view("form", of: FormContent.self)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let image = try shareable(request, visitor)
        let members = try images.members(of: image.id, as: visitor.context)
        let heading = visitor.text(Message("Manage Members"))
        let content = TableContent(
            heading: "\(heading): \(image.title)", table: try table(image, visitor).model(members, request, visitor))
        return list.page(content, .image(image, area, visitor, Crumb(heading)), visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let image = try shareable(request, visitor)
        return try tables.perform(try table(image, visitor), request, visitor) {
            try images.member($0, of: image.id, as: visitor.context)
        }
    }

    func showAdd(_ request: Request, _ visitor: Visitor) throws -> Response {
        try addPage(try shareable(request, visitor), FormData([]), .none(visitor.wording), visitor)
    }

    func add(_ request: Request, _ visitor: Visitor) throws -> Response {
        let image = try shareable(request, visitor)
        do {
            let member = try images.addMember(request.form["member"] ?? "", to: image.id, as: visitor.context)
            let name = try names(visitor)[member.projectID] ?? member.projectID
            let text = Message("Image {image} is offered to project {project}.", ["image": image.title, "project": name])
            return site.seeOther(
                .imageMembers(area, image.id.text), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try addPage(image, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }
}

extension ImageMemberPages {
    private func shareable(_ request: Request, _ visitor: Visitor) throws -> Image {
        let image = try images.image(request.id("image_id", of: "Image"), as: visitor.context)
        guard images.canShare(image, as: visitor.context) else { throw ServiceError.forbidden("image:add_member") }
        return image
    }

    /// The names of projects, for those who may know them.
    private func names(_ visitor: Visitor) throws -> [String: String] {
        guard visitor.context.isAdmin else { return [:] }
        let projects = try site.projectChoices(visitor.context)
        return Dictionary(projects.map { ($0.value, $0.title) }) { first, _ in first }
    }

    private func table(_ image: Image, _ visitor: Visitor) throws -> TableDefinition<ImageMember> {
        let (images, context, wording) = (images, visitor.context, visitor.wording)
        let names = try names(visitor)
        var table = TableDefinition<ImageMember>(
            id: "members", url: .imageMembers(area, image.id.text),
            columns: [
                Column(name: "project", title: Message("Project")) {
                    .text(names[$0.projectID] ?? $0.projectID)
                },
                Column(name: "status", title: Message("Status")) { .status($0.status.level, wording($0.status.label)) },
                Column(name: "updated", title: Message("Updated"), order: { $0.updatedAt < $1.updatedAt }) {
                    .text(wording.time($0.updatedAt))
                },
            ], objectID: { $0.projectID }, name: { names[$0.projectID] ?? $0.projectID })
        table.rowActions = { _ in [.perform("remove")] }
        table.actions = [
            TableAction(
                name: "remove", title: Message("Remove Member"), batchTitle: Message("Remove Members"),
                isDestructive: true,
                help: Message("The project can no longer launch from the image. Its instances keep running."),
                done: Message("Removed member: {names}"), failed: Message("Unable to remove member: {names}")
            ) { try images.removeMember($0, from: image.id, as: context) }
        ]
        table.links = [TableLink(title: Message("Add Member"), url: .addImageMember(area, image.id.text))]
        table.emptyTitle = Message("No members yet")
        table.emptyText = Message("A project that the image is offered to decides whether it becomes one of its own.")
        return table
    }

    /// The projects that an image can still be offered to.
    private func candidates(_ image: Image, _ visitor: Visitor) throws -> [Choice] {
        let members = try images.members(of: image.id, as: visitor.context).map(\.projectID) + [image.ownerProjectID]
        return try site.projectChoices(visitor.context).filter { !members.contains($0.value) }
    }

    private func addPage(
        _ image: Image, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let wording = visitor.wording
        let fields = FormFields(input: input, faults: faults, wording: wording)
        let heading = wording(Message("Add Member"))
        let choices = visitor.context.isAdmin ? try candidates(image, visitor) : []
        let project =
            choices.isEmpty
            ? fields.text(
                "member", Message("Project ID"), help: Message("The project tells its ID on its own pages."),
                required: true)
            : fields.select("member", Message("Project"), choices)
        let content = FormContent(
            heading: heading, action: SiteURL.addImageMember(area, image.id.text).path, verb: heading,
            cancel: SiteURL.imageMembers(area, image.id.text).path, problem: faults.problem, fields: [project],
            notes: [
                wording(Message("A project that the image is offered to decides whether it becomes one of its own."))
            ])
        let members = Crumb(wording(Message("Manage Members")), .imageMembers(area, image.id.text))
        return formView.page(content, .image(image, area, visitor, members, Crumb(heading)), visitor, status: status)
    }
}

extension ImageMember.Status {
    fileprivate var label: Message {
        switch self {
        case .pending: Message("Offered")
        case .accepted: Message("Accepted by the project")
        case .rejected: Message("Declined by the project")
        }
    }

    fileprivate var level: StatusLevel {
        switch self {
        case .pending: .waiting
        case .accepted: .good
        case .rejected: .off
        }
    }
}
