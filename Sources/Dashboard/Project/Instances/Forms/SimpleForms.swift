import Compute
import HTTP
import Images
import ServiceCore

/// Edit Instance: name and description.
struct EditInstanceForm: InstanceForm {
    static let action = InstanceAction.rename
    static let template = "form"

    static func step(_ name: String?) -> InstanceAction {
        name == "update_security_groups" ? .editSecurityGroups : action
    }

    func initial(_ desk: InstanceDesk) -> FormData {
        FormData([("name", desk.instance.name), ("description", desk.instance.description)])
    }

    func content(_ desk: InstanceDesk, _ fields: FormFields) -> FormContent {
        desk.form(
            fields, verb: Message("Save"),
            [
                fields.text("name", Message("Name"), required: true),
                fields.text("description", Message("Description")),
            ],
            notes: [Message("The guest keeps the host name it was launched with.")])
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        let instance = try desk.services.compute.rename(
            desk.instance.id, name: input["name"] ?? "", description: input["description"] ?? "", as: desk.context)
        return .done(Message("Modified instance \"{name}\".", ["name": instance.name]))
    }
}

/// Lock Instance, with a reason if there is one to give (nova: locked_reason, microversion 2.73).
struct LockForm: InstanceForm {
    static let action = InstanceAction.lock
    static let template = "form"

    func initial(_ desk: InstanceDesk) -> FormData { FormData([]) }

    func content(_ desk: InstanceDesk, _ fields: FormFields) -> FormContent {
        var reason = fields.text(
            "reason", Message("Reason"), help: Message("Everybody who sees the instance can read it."),
            violation: "locked_reason")
        reason.takesFocus = true
        return desk.form(fields, verb: Message("Lock Instance"), [reason])
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        let instance = try desk.services.compute.lock(desk.instance.id, reason: input["reason"], as: desk.context)
        return .done(Message("Locked: {names}", ["names": instance.name]))
    }
}

/// Create Snapshot: an image of the disk.
struct SnapshotForm: InstanceForm {
    static let action = InstanceAction.createImage
    static let template = "form"

    func initial(_ desk: InstanceDesk) -> FormData { FormData([]) }

    func content(_ desk: InstanceDesk, _ fields: FormFields) -> FormContent {
        var name = fields.text("name", Message("Snapshot Name"), required: true)
        name.takesFocus = true
        return desk.form(
            fields, verb: Message("Create Snapshot"), [name],
            notes: [
                Message(
                    "A running guest goes on meanwhile. What it has not yet written to its disk is not in the image.")
            ])
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        let image = try desk.services.compute.createImage(
            of: desk.instance.id, name: input["name"] ?? "", as: desk.context)
        return .done(
            Message(
                "Creating snapshot \"{name}\" of instance \"{instance}\".",
                ["name": image.name, "instance": desk.instance.name]))
    }

    /// Where the snapshot appears.
    func next(_ desk: InstanceDesk) -> SiteURL { .images(desk.area) }
}

/// Rescue Instance: a boot from another image.
struct RescueForm: InstanceForm {
    static let action = InstanceAction.rescue
    static let template = "form"

    func initial(_ desk: InstanceDesk) -> FormData { FormData([("image", desk.instance.imageID.text)]) }

    func content(_ desk: InstanceDesk, _ fields: FormFields) throws -> FormContent {
        desk.form(
            fields, verb: Message("Rescue Instance"),
            [fields.select("image", Message("Image"), try desk.images(), violation: "rescue_image_ref")],
            notes: [Message("For emergencies: when the guest does not boot any more, or nobody can log in to it.")])
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        _ = try desk.services.compute.rescue(desk.instance.id, imageID: input["image"], as: desk.context)
        return .done(Message("Rescuing instance \"{name}\".", ["name": desk.instance.name]))
    }
}

/// Rebuild Instance: a new disk in place of the old one.
struct RebuildForm: InstanceForm {
    static let action = InstanceAction.rebuild
    static let template = "form"

    func initial(_ desk: InstanceDesk) -> FormData {
        FormData([("image", desk.instance.imageID.text), ("description", desk.instance.description)])
    }

    func content(_ desk: InstanceDesk, _ fields: FormFields) throws -> FormContent {
        var content = desk.form(
            fields, verb: Message("Rebuild Instance"),
            [
                fields.select("image", Message("Select Image"), try desk.images(), violation: "image_id"),
                fields.text("description", Message("Description")),
            ])
        content.warning = desk.wording(Message("Everything on the instance's disk is lost."))
        return content
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        let request = RebuildRequest(imageID: input["image"] ?? "", description: input["description"])
        _ = try desk.services.compute.rebuild(desk.instance.id, request, as: desk.context)
        return .done(Message("Rebuilding instance \"{name}\".", ["name": desk.instance.name]))
    }
}

extension InstanceDesk {
    /// What a guest can boot from, as Horizon names it: "cirros (12.1 MB)". The instance's own image is always among
    /// them, as long as it exists.
    func images() throws -> [Choice] {
        var filter = ImageFilter()
        filter.launchable = true
        let page = PageRequest(limit: LaunchOffer.imageLimit)
        var images = try services.images.images(filter, page: page, as: context).items
        if !images.contains(where: { $0.id == instance.imageID }),
            let own = try? services.images.image(instance.imageID, as: context), own.isLaunchable
        {
            images.insert(own, at: 0)
        }
        return images.map { image in
            Choice(value: image.id.text, title: "\(image.title) (\(wording.bytes(image.size ?? 0)))")
        }
    }
}
