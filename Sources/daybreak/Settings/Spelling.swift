/// Finds what a person most likely meant to type.
enum Spelling {
    /// The candidate that differs least from `word`, upper and lower case being the same, or `nil` when even that one
    /// differs in more than a third of its letters.
    static func nearest(to word: String, in candidates: [String]) -> String? {
        let typed = Array(word.lowercased().utf8)
        let ranked = candidates.map { (candidate: $0, distance: distance(typed, Array($0.lowercased().utf8))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, typed.count / 3) ? best.candidate : nil
    }

    /// How many letters must be put in, left out, exchanged or swapped with their neighbour to make one word into the
    /// other (the restricted Damerau-Levenshtein distance).
    static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var rows = [Array(0...second.count)]
        for i in 1..<(first.count + 1) {
            var row = [i] + Array(repeating: 0, count: second.count)
            for j in 1..<(second.count + 1) {
                let exchange = rows[i - 1][j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1)
                row[j] = min(rows[i - 1][j] + 1, row[j - 1] + 1, exchange)
                if i > 1, j > 1, first[i - 1] == second[j - 2], first[i - 2] == second[j - 1] {
                    row[j] = min(row[j], rows[i - 2][j - 2] + 1)
                }
            }
            rows.append(row)
        }
        return rows[first.count][second.count]
    }
}
