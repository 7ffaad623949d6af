import Foundation

/// xterm.js as one script for browsers, put together from the modules that Debian installs.
///
/// Debian 12's own file for browsers (libjs-xterm's `xterm.js`) has none of them in it: 288 bytes that call Node's
/// `require`. The modules themselves are in node-xterm, as CommonJS. They are joined as they are, each in a function of
/// its own; who requires whom is worked out here, so that the script needs no loader of its own and no `eval`.
enum TerminalScript {
    private struct Module {
        let source: String
        /// What it calls a module, and that module's name.
        let required: [String: String]
    }

    private static let entry = "public/Terminal"
    /// The version Debian 12 has is 46 modules.
    private static let moduleLimit = 200

    /// - Parameter folder: the package's, with `lib/` in it.
    /// - Returns: nil when there is no xterm.js, or one that is not made of such modules.
    static func join(_ folder: String) -> String? {
        var modules: [String: Module] = [:]
        var waiting = [entry]
        while let name = waiting.popLast() {
            guard modules[name] == nil else { continue }
            guard modules.count < moduleLimit, let module = read(name, in: folder + "/lib") else { return nil }
            modules[name] = module
            waiting += module.required.values
        }
        let bodies = modules.sorted { $0.key < $1.key }.map { name, module in
            let required = module.required.sorted { $0.key < $1.key }.map { "\"\($0)\":\"\($1)\"" }
            return "\"\(name)\":[{\(required.joined(separator: ","))},function(exports,require,module){\n"
                + module.source + "\n}]"
        }
        return """
            /* xterm.js, copyright (c) 2014-2018 The xterm.js authors, 2012-2013 Christopher Jeffrey; MIT license.
               Joined from the modules of Debian's package node-xterm, see its file "copyright". */
            (() => {
            const modules = {
            \(bodies.joined(separator: ",\n"))
            };
            const loaded = {};
            const load = (name) => {
                if (loaded[name]) return loaded[name].exports;
                const module = loaded[name] = { exports: {} };
                const [required, body] = modules[name];
                body.call(module.exports, module.exports, (path) => load(required[path]), module);
                return module.exports;
            };
            globalThis.Terminal = load("\(entry)").Terminal;
            })();

            """
    }

    private static func read(_ name: String, in folder: String) -> Module? {
        guard let source = try? String(contentsOfFile: "\(folder)/\(name).js", encoding: .utf8) else { return nil }
        var required: [String: String] = [:]
        for match in source.matches(of: /require\("([^"]*)"\)/) {
            let path = String(match.1)
            guard let other = resolve(path, from: name) else { return nil }
            required[path] = other
        }
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("//# sourceMappingURL") }
        return Module(source: lines.joined(separator: "\n"), required: required)
    }

    /// The name of `./Buffer` as `public/Terminal` means it; nil for what lies outside, such as Node's own modules.
    static func resolve(_ path: String, from name: String) -> String? {
        guard path.hasPrefix("./") || path.hasPrefix("../") else { return nil }
        var parts = name.split(separator: "/").dropLast().map(String.init)
        for part in path.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                guard !parts.isEmpty else { return nil }
                parts.removeLast()
            default:
                guard part.utf8.allSatisfy(isPlain) else { return nil }
                parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
