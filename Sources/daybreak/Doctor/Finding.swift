/// What one check of `daybreak doctor` found out.
struct Finding: Sendable, Equatable {
    enum Grade: String, Sendable {
        case good = "ok"
        /// It works, but not as well or as safely as it could.
        case warning = "warn"
        /// The program cannot do its work like this.
        case bad = "fail"
    }

    let grade: Grade
    let subject: String
    /// What is the case.
    let found: String
    /// What to do about it; none when all is well.
    var remedy: String?

    static func good(_ subject: String, _ found: String) -> Finding {
        Finding(grade: .good, subject: subject, found: found)
    }

    static func warning(_ subject: String, _ found: String, remedy: String) -> Finding {
        Finding(grade: .warning, subject: subject, found: found, remedy: remedy)
    }

    static func bad(_ subject: String, _ found: String, remedy: String) -> Finding {
        Finding(grade: .bad, subject: subject, found: found, remedy: remedy)
    }

    var text: String {
        let first = "\(grade.rawValue.padded(to: 4))  \(subject.padded(to: 12))  \(found)"
        return remedy.map { first + "\n" + String(repeating: " ", count: 20) + "→ " + $0 } ?? first
    }
}
