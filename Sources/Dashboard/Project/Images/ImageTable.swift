import Compute
import Images
import ServiceCore

/// The table of images with Horizon's columns.
struct ImageTable {
    static let id = "images"

    let site: Site
    let area: Area
    let visitor: Visitor

    func definition() -> TableDefinition<Image> {
        let (area, context) = (area, visitor.context)
        let (images, compute) = (site.services.images, site.services.compute)
        var table = TableDefinition<Image>(
            id: Self.id, url: .images(area), columns: columns(), objectID: { $0.id.text }, name: { $0.title })
        // A snapshot is queued until its instance's disk is copied.
        table.isBusy = { $0.status.isTransient || $0.status == .queued }
        table.liveKind = "image"
        table.filters = [
            TableFilter(name: "name", title: Message("Name")) { _, _ in true }
        ]
        let offers = ImageOffers(images: images, context: context)
        table.rowActions = { image in
            var actions = offers.actions(image)
            if image.isLaunchable, compute.canLaunch(as: context) {
                actions.append(.open(Message("Launch"), SiteURL.launchInstance.with("image", image.id.text)))
            }
            if images.canUpdate(image, as: context) {
                actions += [
                    .open(Message("Edit Image"), .updateImage(area, image.id.text)),
                    .open(Message("Update Metadata"), .imageMetadata(area, image.id.text)),
                ]
            }
            if images.canShare(image, as: context) {
                actions.append(.open(Message("Manage Members"), .imageMembers(area, image.id.text)))
            }
            if images.canDeactivate(image, as: context) {
                actions.append(.perform(image.status == .deactivated ? "reactivate" : "deactivate"))
            }
            guard images.canDelete(image, as: context) else { return actions }
            let refused = image.protected ? Message("The image is protected.") : nil
            return actions + [.perform("delete", refused: refused)]
        }
        let canCreate = images.canCreate(as: context)
        table.actions = [deletion(isOffered: canCreate)] + activity() + offers.deeds()
        if area == .project, canCreate { table.links = [TableLink(title: Message("Create Image"), url: .createImage)] }
        table.emptyTitle = Message("No images yet")
        table.emptyText =
            canCreate
            ? Message("An image is the disk that an instance begins with. Upload one to launch from.")
            : Message("An image is the disk that an instance begins with.")
        return table
    }

    private func deletion(isOffered: Bool) -> TableAction {
        let (images, context) = (site.services.images, visitor.context)
        return TableAction(
            name: "delete", title: Message("Delete Image"),
            batchTitle: isOffered ? Message("Delete Images") : nil,
            isDestructive: true,
            help: Message("Instances that run from the image keep running. A deleted image cannot be brought back."),
            done: Message("Deleted image: {names}"), failed: Message("Unable to delete image: {names}")
        ) { try images.delete(.named($0), as: context) }
    }

    /// Keeping bytes back, and giving them out again.
    private func activity() -> [TableAction] {
        let (images, context) = (site.services.images, visitor.context)
        return [
            TableAction(
                name: "deactivate", title: Message("Deactivate Image"), isDisruptive: true,
                help: Message("Nobody but administrators can launch from the image or download it until it is reactivated."),
                done: Message("Deactivated image: {names}"), failed: Message("Unable to deactivate image: {names}")
            ) { try images.setActive(false, .named($0), as: context) },
            TableAction(
                name: "reactivate", title: Message("Reactivate Image"),
                done: Message("Reactivated image: {names}"), failed: Message("Unable to reactivate image: {names}")
            ) { try images.setActive(true, .named($0), as: context) },
        ]
    }

    private func columns() -> [Column<Image>] {
        let (area, wording) = (area, visitor.wording)
        return [
            Column(name: "name", title: Message("Name"), isSortable: false) {
                .name($0.title, .image(area, $0.id.text))
            },
            Column(name: "type", title: Message("Type"), isMinor: true, isSortable: false) {
                .text(
                    $0.properties["image_type"] == "snapshot" ? wording(Message("Snapshot")) : wording(Message("Image"))
                )
            },
            Column(name: "status", title: Message("Status"), isSortable: false) { .status(of: $0, wording) },
            Column(name: "visibility", title: Message("Visibility"), isSortable: false) {
                .text(wording($0.visibility.label))
            },
            Column(name: "protected", title: Message("Protected"), isMinor: true, isSortable: false) {
                .text(wording.yesNo($0.protected))
            },
            Column(name: "format", title: Message("Disk Format"), isSortable: false) {
                .text($0.diskFormat?.rawValue.uppercased() ?? "–")
            },
            Column(name: "size", title: Message("Size"), isSortable: false) {
                .text($0.size.map(wording.bytes) ?? "–")
            },
        ]
    }
}

extension ImageStatus {
    /// The status in Horizon's words.
    var label: Message {
        switch self {
        case .queued: Message("Queued")
        case .saving: Message("Saving")
        case .uploading: Message("Uploading")
        case .importing: Message("Importing")
        case .active: Message("Active")
        case .deactivated: Message("Deactivated")
        case .killed: Message("Killed")
        }
    }
}

extension Cell {
    static func status(of image: Image, _ wording: Wording) -> Cell {
        let level: StatusLevel =
            switch image.status {
            case .active: .good
            case .saving, .uploading, .importing: .busy
            case .queued, .deactivated: .off
            case .killed: .bad
            }
        return .status(level, wording(image.status.label))
    }
}
