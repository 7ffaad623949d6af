import Foundation

/// `local_settings.json`, read and checked against the table of settings.
struct SettingsFile: Sendable {
    let path: String
    let settings: Settings
    /// The line each key that the file holds stands on; every other key has its default.
    let lines: [String: Int]

    /// Reads the file. A file that is not there gives the defaults.
    ///
    /// - Throws: `SettingsFault` naming every fault at once.
    init(path: String) throws(SettingsFault) {
        let bytes: [UInt8]
        do {
            bytes =
                FileManager.default.fileExists(atPath: path) ? [UInt8](try Data(contentsOf: URL(filePath: path))) : []
        } catch {
            throw SettingsFault(lines: ["\(path): cannot be read: \(error.localizedDescription)"])
        }
        try self.init(path: path, bytes: bytes.isEmpty ? Array("{}".utf8) : bytes)
    }

    init(path: String, bytes: [UInt8]) throws(SettingsFault) {
        let document: LocatedJSON
        do {
            document = try LocatedJSON(parsing: bytes)
        } catch {
            throw SettingsFault(lines: ["\(path):\(error.line):\(error.column): not JSON: \(error.reason)"])
        }
        var reader = SettingsReader(path: path)
        reader.read(document)
        guard reader.faults.isEmpty else { throw SettingsFault(lines: reader.faults) }
        self.path = path
        self.settings = reader.settings
        self.lines = reader.lines
    }

    /// The folder that relative paths start from.
    var folder: String { URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false) }

    /// `STATE_PATH` as an absolute path.
    var statePath: String { resolve(settings.statePath) }

    /// Where a path of the file leads: a relative one starts at the file's folder.
    func resolve(_ path: String) -> String {
        URL(filePath: path, relativeTo: URL(filePath: folder)).standardizedFileURL.path(percentEncoded: false)
    }
}

/// The settings file cannot be used. Each line says where, what was found, what was expected and, when something
/// known is spelled much the same, what was probably meant.
struct SettingsFault: Error, CustomStringConvertible {
    let lines: [String]
    var description: String { lines.joined(separator: "\n") }
}

/// Walks the document along the table of settings and gathers all faults.
private struct SettingsReader {
    let path: String
    var settings = Settings()
    var lines: [String: Int] = [:]
    var faults: [String] = []

    init(path: String) { self.path = path }

    mutating func read(_ document: LocatedJSON) {
        descend(into: document, prefix: "")
    }

    private mutating func descend(into json: LocatedJSON, prefix: String) {
        guard case .object(let members) = json.value else {
            let name = prefix.isEmpty ? "the file" : String(prefix.dropLast())
            faults.append("\(path):\(json.line): \(name) is \(json.text); expected an object in { }")
            return
        }
        for member in members {
            let name = prefix + member.name
            if let key = SettingKey.all.first(where: { $0.name == name }) {
                read(member, as: key)
            } else if SettingKey.all.contains(where: { $0.name.hasPrefix(name + ".") }) {
                descend(into: member.value, prefix: name + ".")
            } else {
                faults.append(unknown(member, name: name, prefix: prefix))
            }
        }
    }

    private mutating func read(_ member: LocatedJSON.Member, as key: SettingKey) {
        lines[key.name] = member.line
        do {
            try key.read(member.value, &settings)
        } catch {
            let shown = key.isSecret ? "refused" : error.found.text
            let hint = error.suggestion.map { ". Did you mean \($0)?" } ?? ""
            faults.append(
                "\(path):\(error.found.line): \(key.name)\(error.path) is \(shown); expected \(error.expected)\(hint)")
        }
    }

    /// The names that could stand in the place of an unknown one: those of the same object, or, when none is near,
    /// any key of the table, for one that was put into the wrong object.
    private func unknown(_ member: LocatedJSON.Member, name: String, prefix: String) -> String {
        let siblings = SettingKey.all.map(\.name).filter { $0.hasPrefix(prefix) }
            .map { String($0.dropFirst(prefix.count).prefix { $0 != "." }) }
        let leaves = SettingKey.all.map(\.name)
        var hint = ""
        var shown = member.value.text
        if let near = Spelling.nearest(to: member.name, in: siblings) {
            hint = ". Did you mean \(prefix)\(near)?"
            // A misspelt secret is a secret all the same.
            if SettingKey.all.contains(where: { $0.name == prefix + near && $0.isSecret }) { shown = "not shown" }
        } else if let elsewhere = leaves.first(where: { $0.hasSuffix("." + member.name) }) {
            hint = ". Did you mean \(elsewhere)?"
        }
        return "\(path):\(member.line): \(name) is not a setting (its value is \(shown))\(hint)"
    }
}
