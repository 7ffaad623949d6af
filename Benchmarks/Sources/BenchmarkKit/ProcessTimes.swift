import Foundation

/// What the kernel knows of processes (proc(5)).
public enum ProcessTimes {
    private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

    /// The process, and the processes it started.
    public static func family(of process: Int32) -> [Int32] {
        let children = text("/proc/\(process)/task/\(process)/children").split(separator: " ").compactMap { Int32($0) }
        return [process] + children.flatMap(family)
    }

    /// Seconds of processor time the processes have used.
    public static func processorSeconds(of processes: [Int32]) -> Double {
        processes.reduce(0) { sum, process in
            // The second field, the name, may hold blanks; it ends with the last parenthesis.
            let fields = text("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return sum }
            return sum + (user + system) / ticksPerSecond
        }
    }

    /// Bytes resident in memory, of all the processes together.
    public static func residentBytes(of processes: [Int32]) -> Int {
        processes.reduce(0) { sum, process in
            let fields = text("/proc/\(process)/statm").split(separator: " ")
            return sum + (fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0)
        }
    }

    /// Seconds of processor time everything on the machine has used, on all processors together.
    public static func machineSeconds() -> Double {
        let first = text("/proc/stat").prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard first.count >= 7 else { return 0 }
        return (first[0] + first[1] + first[2] + first[5] + first[6]) / ticksPerSecond
    }

    /// Seconds of processor time used by children that have ended.
    public static func endedChildrenSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    /// Descriptors the process has open.
    public static func descriptors(of process: Int32) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count) ?? 0
    }

    /// The load averages of the last 1, 5 and 15 minutes.
    public static var load: String {
        text("/proc/loadavg").split(separator: " ").prefix(3).joined(separator: " ")
    }

    /// The processor's name.
    public static var processor: String {
        let line = text("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown processor"
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
