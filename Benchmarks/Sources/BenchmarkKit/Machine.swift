import Foundation

/// What every table of figures says about where it was taken.
public enum Machine {
    /// Processors, kernel, compiler.
    public static var description: String {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return "\(ProcessInfo.processInfo.processorCount) processors (\(ProcessTimes.processor)), Linux \(release)"
    }

    /// Whether this program, and what it starts, is in the scheduler's real-time class: on a machine that others use it
    /// keeps them out of the figures.
    public static var isRealTime: Bool { sched_getscheduler(0) == SCHED_RR }

    /// Allows this program, and the servers it starts, as many open files as the system does.
    public static func raiseDescriptorLimit() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
