import Compute
import Dashboard
import HTTP
import LibvirtHost
import ServiceCore

extension DashboardServices {
    init(_ cloud: Cloud) {
        self.init(
            identity: cloud.identity, images: cloud.images, networking: cloud.networking, compute: cloud.compute,
            events: cloud.events)
    }
}

extension DashboardConfiguration {
    /// What of the settings the pages need to know.
    init(_ settings: Settings, secretKey: [UInt8], files: StaticFiles, cloud: Cloud) {
        self.init(secretKey: secretKey)
        sessionTimeout = settings.sessionTimeout
        asksForDomain = settings.keystoneMultidomainSupport
        defaultDomain = settings.keystoneDefaultDomain
        timeZone = settings.timeZone
        networkFeatures.enableRouter = settings.neutronNetwork.enableRouter
        networkFeatures.enableQuotas = settings.neutronNetwork.enableQuotas
        networkFeatures.enableIPv6 = settings.neutronNetwork.enableIPv6
        // What the catalogue of a token names has an address; the others are there, and answer these pages.
        endpoints = [
            ServiceEndpoint(name: "keystone", type: "identity", url: settings.keystoneURL),
            ServiceEndpoint(name: "nova", type: "compute", url: nil),
            ServiceEndpoint(name: "glance", type: "image", url: nil),
            ServiceEndpoint(name: "neutron", type: "network", url: nil),
        ]
        staticURL = { files.url(for: $0) }
        if !cloud.compute.isSimulated, !cloud.hosts.haveBridges {
            missingForBridges = cloud.hosts.missingForBridges.joined(separator: " ")
        }
        if cloud.compute.isSimulated {
            banner =
                settings.computeHosts.isEmpty && settings.libvirtURI == "simulated"
                ? Message("Instances are simulated, as LIBVIRT_URI asks for: no guest really runs.")
                : Message(
                    "Instances are simulated: no guest really runs. {reason}", ["reason": cloud.hosts.simulatedReason])
        }
    }
}
