import ComputeHost
import Markup

/// The devices of a running guest, read out of the definition that libvirt keeps of it.
enum LiveDevices {
    /// The element by which libvirt finds the interface of a port again; nil when the guest has none in a bridge.
    static func interface(of portID: String, in document: String) -> String? {
        let tap = InterfaceSpec(portID: portID, networkID: "", macAddress: "", fixedIPs: []).tapName
        guard let root = try? XMLDocument(parsing: document) else { return nil }
        let found = root.xpath("/domain/devices/interface").first { node in
            node.xpath("./target").first?.attribute("dev") == tap
        }
        guard let mac = found?.xpath("./mac").first?.attribute("address"),
            let bridge = found?.xpath("./source").first?.attribute("bridge")
        else { return nil }
        // It is found by its MAC address; that it hangs on a bridge must be said for the element to be one.
        return element("interface", ["type": "bridge"]) {
            element("mac", ["address": mac])
            element("source", ["bridge": bridge])
        }.serialize()
    }

    /// The guest's name for the disk that a file is behind, such as `vda`.
    static func target(ofFile path: String, in document: String) -> String? {
        guard let root = try? XMLDocument(parsing: document) else { return nil }
        let found = root.xpath("/domain/devices/disk").first { node in
            node.xpath("./source").first?.attribute("file") == path
        }
        return found?.xpath("./target").first?.attribute("dev")
    }
}
