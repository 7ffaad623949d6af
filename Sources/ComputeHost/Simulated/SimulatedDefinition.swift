/// The definitions of simulated guests: what a hypervisor would be told of them, as far as a reader cares.
enum SimulatedDefinition {
    static func text(_ spec: DomainSpec) -> String {
        let interfaces = spec.interfaces.map { "\n  <interface port=\"\($0.portID)\" mac=\"\($0.macAddress)\"/>" }
        return """
            <domain type="simulated">
              <name>\(spec.domainName)</name>
              <uuid>\(spec.instanceID)</uuid>
              <memory unit="MiB">\(spec.memoryMiB)</memory>
              <vcpu>\(spec.vcpus)</vcpu>\(interfaces.joined())
            </domain>

            """
    }

    static func drift(of found: DomainSpec, expected: DomainSpec) -> DomainDrift {
        var differences: [DomainDifference] = []
        func compare(_ kind: DomainDifference.Kind, named name: String = "", _ expected: String?, _ found: String?) {
            guard expected != found else { return }
            differences.append(
                DomainDifference(kind: kind, name: name, expected: expected, found: found, place: .definition))
        }
        compare(.vcpus, String(expected.vcpus), String(found.vcpus))
        compare(.memory, String(expected.memoryMiB), String(found.memoryMiB))
        let modes = [expected, found].map { spec in
            Dictionary(spec.interfaces.map { ($0.macAddress, $0.mode.rawValue) }) { first, _ in first }
        }
        for mac in Set(modes[0].keys).union(modes[1].keys).sorted() {
            compare(.interface, named: mac, modes[0][mac], modes[1][mac])
        }
        return DomainDrift(xml: text(found), expectedXML: text(expected), differences: differences)
    }
}
