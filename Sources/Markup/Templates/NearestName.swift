/// Finds the name somebody probably meant.
enum NearestName {
    /// The candidate with the fewest edits (Levenshtein), when they are at most a third of the longer name.
    static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        var best: (name: String, edits: Int)?
        for candidate in candidates where candidate != name {
            let edits = distance(Array(name.utf8), Array(candidate.utf8))
            let allowed = max(1, max(name.utf8.count, candidate.utf8.count) / 3)
            if edits <= allowed, edits < best?.edits ?? .max { best = (candidate, edits) }
        }
        return best?.name
    }

    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var previous = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (byte == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
