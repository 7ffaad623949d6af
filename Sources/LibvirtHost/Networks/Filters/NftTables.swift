import ComputeHost
import Synchronization

/// Loads tables of nft's and compares them with what they should be.
final class NftTables: Sendable {
    /// A table's family and name.
    struct Name: Hashable, Sendable {
        var family: String
        var name: String
    }

    private let runner = CommandRunner()
    /// What nft makes of a text, by the names of its tables.
    private let listings = Mutex<[[Name]: (text: String, listing: String)]>([:])

    /// Makes the kernel's tables equal to the text that makes them, in one step. Tables that are right keep their counters.
    ///
    /// - Returns: whether anything had to be done.
    func make(_ tables: [Name], from text: String, in namespace: NetworkNamespace) throws(HostError) -> Bool {
        let known = listings.withLock { $0[tables] }
        // What was loaded last is not worth comparing with something else.
        if known == nil || known?.text == text, try loaded(tables, in: namespace) == wanted(tables, from: text) {
            return false
        }
        try load(text, in: namespace)
        if known?.text != text, let listing = try loaded(tables, in: namespace) {
            listings.withLock { $0[tables] = (text, listing) }
        }
        return true
    }

    /// Removes tables. Absent is a success.
    func remove(_ tables: [Name], in namespace: NetworkNamespace) throws(HostError) {
        // To make sure of each is what lets it be deleted.
        let text = tables.map { "table \($0.family) \($0.name)\ndelete table \($0.family) \($0.name)\n" }.joined()
        try load(text, in: namespace)
        for index in tables.indices { listings.withLock { $0[Array(tables[...index])] = nil } }
    }

    /// The tables that are there, as nft lists them without their counters; nil when one is missing.
    func loaded(_ tables: [Name], in namespace: NetworkNamespace) throws(HostError) -> String? {
        var listing = ""
        // One call a table: nft 1.0.6 forgets the families that it was not asked about last.
        for table in tables {
            let result = try runner.run(
                limited(namespace.command("nft", ["--stateless", "list", "table", table.family, table.name])))
            guard result.succeeded else { return nil }
            listing += String(decoding: result.output, as: UTF8.self)
        }
        return listing
    }

    /// What nft would list if the kernel had the very tables that the text makes: it is asked in an empty namespace, which
    /// goes with the question.
    func wanted(_ tables: [Name], from text: String) throws(HostError) -> String {
        if let known = listings.withLock({ $0[tables] }), known.text == text { return known.listing }
        let script = """
            nft --file - || exit 1
            while [ $# -gt 1 ]; do nft --stateless list table "$1" "$2" || exit 1; shift 2; done
            """
        let names = tables.flatMap { [$0.family, $0.name] }
        let listing = try succeed(
            limited(Command("unshare", ["--net", "sh", "-c", script, "sh"] + names, input: text)))
        listings.withLock { $0[tables] = (text, listing) }
        return listing
    }

    private func load(_ text: String, in namespace: NetworkNamespace) throws(HostError) {
        _ = try succeed(namespace.command("nft", ["--file", "-"], input: text))
    }

    /// A network with a thousand ports has a long list.
    private func limited(_ command: Command) -> Command {
        var command = command
        command.outputLimit = 64 << 20
        return command
    }

    /// nft says what is wrong, then shows where.
    private func succeed(_ command: Command) throws(HostError) -> String {
        let result = try runner.run(command)
        if result.succeeded { return String(decoding: result.output, as: UTF8.self) }
        let lines = String(decoding: result.errorOutput, as: UTF8.self).split(separator: "\n")
        let reason = lines.first { $0.contains("Error:") }.map(String.init) ?? result.complaint
        throw .failed("nft failed: \(reason)", remedy: nil)
    }
}
