/// The end of a console log.
public enum ConsoleTail {
    /// The last `count` lines of `log`. A line break at the very end does not begin another line.
    public static func lastLines(_ count: Int, of log: [UInt8]) -> [UInt8] {
        guard count > 0 else { return [] }
        let newline = UInt8(ascii: "\n")
        var left = count
        var index = log.endIndex
        if log.last == newline { index -= 1 }
        while index > log.startIndex {
            if log[index - 1] == newline {
                left -= 1
                if left == 0 { return Array(log[index...]) }
            }
            index -= 1
        }
        return log
    }
}
