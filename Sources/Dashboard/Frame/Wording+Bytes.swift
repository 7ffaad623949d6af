extension Wording {
    /// A size in Horizon's units, which are powers of 1024: `17.6 MB`.
    func bytes(_ count: Int64) -> String {
        let units = ["bytes", "KB", "MB", "GB", "TB"]
        var (value, unit) = (count, 0)
        var rest: Int64 = 0
        while value >= 1024, unit < units.count - 1 {
            (value, rest) = (value / 1024, value % 1024)
            unit += 1
        }
        return unit == 0 ? "\(value) \(units[0])" : "\(value).\(rest * 10 / 1024) \(units[unit])"
    }
}
