import CLibvirt
import ComputeHost

/// A reference to one of libvirt's domains, given back when it goes out of scope.
struct DomainHandle: ~Copyable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { virDomainFree(pointer) }

    /// The domain of that UUID, or nil when there is none.
    static func find(_ instanceID: String, _ connect: OpaquePointer) throws(HostError) -> DomainHandle? {
        guard let pointer = virDomainLookupByUUIDString(connect, instanceID) else {
            let error = LibvirtError.current()
            if error.isOne(of: VIR_ERR_NO_DOMAIN) { return nil }
            throw error.hostError("looking for the domain of instance \(instanceID)")
        }
        return DomainHandle(pointer)
    }

    var name: String { virDomainGetName(pointer).map { String(cString: $0) } ?? "" }

    var instanceID: String { Self.uuid(pointer) }

    static func uuid(_ pointer: OpaquePointer) -> String {
        var text = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
        guard virDomainGetUUIDString(pointer, &text) == 0 else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The state and libvirt's reason for it. A domain that is off and whose memory was saved is suspended.
    func state() throws(HostError) -> (power: PowerState, reason: Int32) {
        var state: Int32 = 0
        var reason: Int32 = 0
        guard virDomainGetState(pointer, &state, &reason, 0) == 0 else {
            throw LibvirtError.current().hostError("asking for the state of \(name)")
        }
        let power = DomainStates.power(state: state, reason: reason)
        if power == .shutdown, virDomainHasManagedSaveImage(pointer, 0) == 1 { return (.suspended, reason) }
        return (power, reason)
    }

    /// Whether an emulator runs for the domain, its processors going or not.
    var isActive: Bool { virDomainIsActive(pointer) == 1 }

    func xml(flags: UInt32 = 0) throws(HostError) -> String {
        guard let text = virDomainGetXMLDesc(pointer, flags) else {
            throw LibvirtError.current().hostError("reading the definition of \(name)")
        }
        defer { daybreak_libvirt_free(text) }
        return String(cString: text)
    }

    /// Runs a call that answers 0, and throws unless it does or fails with one of the codes in `tolerating`.
    func call(
        _ doing: String, tolerating codes: [virErrorNumber] = [], _ body: (OpaquePointer) -> Int32
    ) throws(HostError) {
        guard body(pointer) < 0 else { return }
        let error = LibvirtError.current()
        if codes.contains(where: { error.isOne(of: $0) }) { return }
        throw error.hostError("\(doing) \(name)")
    }
}
