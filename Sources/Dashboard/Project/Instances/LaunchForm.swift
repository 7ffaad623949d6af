import Compute
import Foundation
import HTTP
import Images
import Networking
import ServiceCore

/// What was typed about an instance to launch. Everything is kept as text, so that a refused form comes back whole.
struct LaunchForm: Sendable {
    /// A script and a few fields; the largest script the service takes fits twice.
    static let limits = FormLimits.files(upTo: Int64(2 * LaunchRequest.userDataLimit))

    var input: FormData
    /// A script that came as a file and is no text: it goes to the guest as it is, and no box can show it.
    private var file: [UInt8]?

    init(input: FormData) { self.input = input }

    /// A form that was sent. A script from a file replaces the one in the box, so that the box shows what was sent.
    init(sent form: FormData) {
        guard let script = form.file("user_data_file"), script.size > 0,
            let bytes = FileManager.default.contents(atPath: script.path)
        else {
            // Browsers end the lines of a text box with CRLF (HTML, "Constructing the entry list"); a shell needs LF.
            let lines = form["user_data"]?.replacing("\r\n", with: "\n")
            input = lines.map { Self.replacing($0, in: form) } ?? form
            return
        }
        let text = String(bytes: bytes, encoding: .utf8)
        file = text == nil ? Array(bytes) : nil
        input = Self.replacing(text ?? "", in: form)
    }

    private static func replacing(_ script: String, in form: FormData) -> FormData {
        FormData(form.pairs.filter { $0.name != "user_data" } + [("user_data", script)])
    }

    /// A form to begin with: what the address asks for (`?image=…&flavor=…&network=…&name=…`), and what there is no
    /// choice about.
    init(initial query: FormData, _ offer: LaunchOffer) {
        var pairs: [(String, String)] = [("count", query["count"] ?? "1"), ("name", query["name"] ?? "")]
        let image = query["image"] ?? offer.images.first?.id.text
        if let image { pairs.append(("image_id", image)) }
        if let flavor = query["flavor"] ?? offer.fittingFlavor(imageID: image) { pairs.append(("flavor_id", flavor)) }
        if let network = query["network"] {
            pairs.append(("networks", network))
        } else if offer.networks.count == 1 {
            pairs.append(("networks", offer.networks[0].id.text))
        }
        pairs += offer.securityGroups.filter(\.isDefault).map { ("security_groups", $0.id.text) }
        if offer.keypairs.count == 1 { pairs.append(("key_name", offer.keypairs[0].name)) }
        input = FormData(pairs)
    }

    var imageID: String { input["image_id"] ?? "" }
    var flavorID: String { input["flavor_id"] ?? "" }
    var networkIDs: [String] { input.values("networks") }
    /// What is not a whole number counts as none; the service says which numbers are possible.
    var count: Int { Int(input["count"] ?? "") ?? 0 }

    /// The guest's metadata, as they were typed.
    var metadata: MetadataLines { MetadataLines(input["metadata"] ?? "", field: "metadata") }

    /// What the service is asked for.
    /// - Throws: `ServiceError`: invalid when a line of the metadata is no pair.
    func request() throws -> LaunchRequest {
        var request = LaunchRequest(name: input["name"] ?? "", flavorID: flavorID, imageID: imageID)
        request.description = input["description"] ?? ""
        request.count = count
        request.networkIDs = networkIDs
        request.securityGroups = input.values("security_groups")
        request.keypairName = Self.filled(input["key_name"])
        request.availabilityZone = Self.filled(input["availability_zone"])
        request.serverGroupID = Self.filled(input["server_group"])
        // Nova's clients name the group as a hint, and it is shown as one.
        request.schedulerHints = request.serverGroupID.map { ["group": [$0]] } ?? [:]
        request.configDrive = input.isTicked("config_drive")
        request.userData = file ?? Self.filled(input["user_data"]).map { Array($0.utf8) }
        request.metadata = try metadata.checked()
        return request
    }

    private static func filled(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return text
    }
}
