import CLibvirt
import ComputeHost
import Glibc

extension LibvirtHypervisor {
    /// One call for all domains that run. A domain that somebody else works on at that moment is left out rather than
    /// waited for.
    func statistics() throws(HostError) -> [DomainStatistics] {
        try use { connect throws(HostError) in
            var records: UnsafeMutablePointer<virDomainStatsRecordPtr?>?
            let count = Self.ask(connect, &records)
            guard count >= 0, let records else { throw LibvirtError.current().hostError("reading the statistics") }
            defer { virDomainStatsRecordListFree(records) }
            let now = Self.time()
            var found: [DomainStatistics] = []
            found.reserveCapacity(Int(count))
            for index in 0..<Int(count) {
                guard let record = records[index]?.pointee, let domain = record.dom else { continue }
                let instanceID = DomainHandle.uuid(domain)
                guard isOurs(instanceID) else { continue }
                let values = TypedParameters(start: record.params, count: record.nparams)
                found.append(DomainStatistics(instanceID: instanceID, takenAt: now, values))
            }
            return found
        }
    }

    private static func ask(
        _ connect: OpaquePointer, _ records: inout UnsafeMutablePointer<virDomainStatsRecordPtr?>?
    ) -> Int32 {
        let kinds = [
            VIR_DOMAIN_STATS_CPU_TOTAL, VIR_DOMAIN_STATS_BALLOON, VIR_DOMAIN_STATS_VCPU, VIR_DOMAIN_STATS_INTERFACE,
            VIR_DOMAIN_STATS_BLOCK,
        ].reduce(UInt32(0)) { $0 | UInt32($1.rawValue) }
        let running = UInt32(VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE.rawValue)
        let noWait = UInt32(VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT.rawValue)
        let count = virConnectGetAllDomainStats(connect, kinds, &records, running | noWait)
        // Not every driver knows every kind and flag; then it gives what it has.
        guard count < 0, !LibvirtError.current().isConnectionLost else { return count }
        return virConnectGetAllDomainStats(connect, 0, &records, 0)
    }

    private static func time() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// The values libvirt gives by name (libvirt.org/html/libvirt-libvirt-domain.html#virConnectGetAllDomainStats).
struct TypedParameters {
    let start: UnsafeMutablePointer<virTypedParameter>?
    let count: Int32

    /// A number of any of libvirt's types for numbers that are not negative.
    subscript(_ name: String) -> UInt64? {
        var wide: UInt64 = 0
        if virTypedParamsGetULLong(start, count, name, &wide) == 1 { return wide }
        var narrow: UInt32 = 0
        if virTypedParamsGetUInt(start, count, name, &narrow) == 1 { return UInt64(narrow) }
        return nil
    }

    func text(_ name: String) -> String? {
        var text: UnsafePointer<CChar>?
        guard virTypedParamsGetString(start, count, name, &text) == 1, let text else { return nil }
        return String(cString: text)
    }
}

extension DomainStatistics {
    init(instanceID: String, takenAt: Int64, _ values: TypedParameters) {
        let vcpus = values["vcpu.current"]
        self.init(
            instanceID: instanceID, takenAt: takenAt, cpuTime: Self.guestTime(values) ?? values["cpu.time"],
            vcpus: vcpus.map { Int($0) })
        memory = MemoryStatistics(current: values["balloon.current"], resident: values["balloon.rss"])
        // Zero means that the guest's driver has not reported yet; what else is there then is left over.
        if values["balloon.last-update"] ?? 0 > 0 {
            memory.available = values["balloon.available"]
            memory.usable = values["balloon.usable"]
            memory.unused = values["balloon.unused"]
        }
        disks = (0..<(values["block.count"] ?? 0)).compactMap { Self.disk("block.\($0).", values) }
        interfaces = (0..<(values["net.count"] ?? 0)).compactMap { Self.interface("net.\($0).", values) }
    }

    /// The time of the virtual processors; nil unless each is told.
    private static func guestTime(_ values: TypedParameters) -> UInt64? {
        guard let count = values["vcpu.maximum"] ?? values["vcpu.current"], count > 0 else { return nil }
        let times = (0..<count).compactMap { values["vcpu.\($0).time"] }
        guard UInt64(times.count) >= values["vcpu.current"] ?? count else { return nil }
        return times.reduce(0, &+)
    }

    private static func disk(_ prefix: String, _ values: TypedParameters) -> DiskStatistics? {
        guard let name = values.text(prefix + "name"), let readBytes = values[prefix + "rd.bytes"],
            let writtenBytes = values[prefix + "wr.bytes"]
        else { return nil }
        return DiskStatistics(
            name: name, readBytes: readBytes, readRequests: values[prefix + "rd.reqs"] ?? 0,
            writtenBytes: writtenBytes, writeRequests: values[prefix + "wr.reqs"] ?? 0)
    }

    private static func interface(_ prefix: String, _ values: TypedParameters) -> InterfaceStatistics? {
        guard let name = values.text(prefix + "name"), let receivedBytes = values[prefix + "rx.bytes"],
            let sentBytes = values[prefix + "tx.bytes"]
        else { return nil }
        func sum(_ names: String...) -> UInt64 { names.reduce(0) { $0 + (values[prefix + $1] ?? 0) } }
        return InterfaceStatistics(
            name: name, receivedBytes: receivedBytes, receivedPackets: sum("rx.pkts"),
            receiveErrors: sum("rx.errs", "rx.drop"), sentBytes: sentBytes, sentPackets: sum("tx.pkts"),
            sendErrors: sum("tx.errs", "tx.drop"))
    }
}
