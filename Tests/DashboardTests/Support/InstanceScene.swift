import Compute
import Images
import Networking
import ServiceCore
import Testing

/// An image and a network to launch instances with, for tests of their pages.
struct InstanceScene {
    let site: TestSite
    let image: Image
    let network: Network

    init(_ site: TestSite) throws {
        self.site = site
        image = try site.makeImage()
        network = try site.makeNetwork().network
        var sharing = NetworkUpdate()
        sharing.shared = true
        _ = try site.networking.updateNetwork(network.id, sharing, as: site.admin)
    }

    /// An instance that was asked for.
    func launched(_ name: String, as owner: RequestContext? = nil) throws -> Instance {
        var request = LaunchRequest(name: name, flavorID: "42", imageID: image.id.text)
        request.networkIDs = [network.id.text]
        return try site.compute.launch(request, as: owner ?? site.admin)[0]
    }

    /// An instance whose guest runs.
    func running(_ name: String, as owner: RequestContext? = nil) throws -> Instance {
        let instance = try launched(name, as: owner)
        try site.jobs.drain()
        return try site.compute.instance(instance.id, as: owner ?? site.admin)
    }

    /// The instance as it is now.
    func current(_ instance: Instance) throws -> Instance {
        try site.compute.instance(instance.id, as: site.admin)
    }
}

extension Browser {
    /// Opens a page of an instance, whose id stands in `path` as `ID`.
    func open(_ path: String, _ instance: Instance, _ area: String = "project") throws {
        try get("/dashboard/\(area)/" + path.replacing("ID", with: instance.id.text))
        #expect(page.status == 200)
    }

    /// The token of the page's forms.
    func token() throws -> String {
        try #require(page.value("//input[@name='csrfmiddlewaretoken']"))
    }
}
