import Foundation

/// What became of one request to launch instances, by the program's own record. All times are milliseconds.
struct Launch {
    /// A phase of the launch of one instance; moments are milliseconds since 1970.
    struct Step {
        let instanceID: String
        let phase: String
        let start: Double
        let end: Double
    }

    /// The phases after the acceptance, by the names they have in the database.
    static let phases = ["schedule", "image", "network", "block_device_mapping", "spawn"]

    let sent: Date
    let answered: Date
    let steps: [Step]

    var instanceIDs: [String] { Set(steps.map(\.instanceID)).sorted() }

    /// From the acceptance of the first instance to the moment the last one runs.
    var untilRunning: Double { (ends("spawn").max() ?? .nan) - (ends("api").min() ?? .nan) }
    /// From the moment the form was sent to the moment the last one runs.
    var whole: Double { (ends("spawn").max() ?? .nan) - sent.timeIntervalSince1970 * 1000 }
    /// How long the answer to the form took.
    var answer: Double { answered.timeIntervalSince(sent) * 1000 }
    /// From the acceptance to the start of the work.
    var waiting: Double { (starts("schedule").min() ?? .nan) - (ends("api").min() ?? .nan) }
    /// How long a phase took, in the mean of the instances.
    func mean(_ phase: String) -> Double {
        let lengths = steps.filter { $0.phase == phase }.map { $0.end - $0.start }
        return lengths.reduce(0, +) / Double(lengths.count)
    }

    private func starts(_ phase: String) -> [Double] { steps.filter { $0.phase == phase }.map(\.start) }
    private func ends(_ phase: String) -> [Double] { steps.filter { $0.phase == phase }.map(\.end) }
}
