import Compute
import Markup
import ServiceCore

/// The phases of a launch on one scale of time, each with its outcome.
struct TimelineModel: TemplateModel {
    let steps: [Step]
    /// From the request to the running guest, or until now.
    let total: String

    static let shape = Shape<TimelineModel>([.list("steps", \.steps), .text("total", \.total)])

    struct Step: TemplateModel {
        let title: String
        let status: Cell.StatusModel
        let time: String
        let duration: String
        let detail: String?
        let attempts: String?
        let drawing: SafeHTML
        /// What the scheduler found out about each host.
        var verdicts: [Verdict] = []

        static let shape = Shape<Step>([
            .text("title", \.title), .object("status", \.status), .text("time", \.time),
            .text("duration", \.duration), .optionalText("detail", \.detail), .optionalText("attempts", \.attempts),
            .safe("drawing", \.drawing), .list("verdicts", \.verdicts),
            .flag("hasVerdicts") { !$0.verdicts.isEmpty }, .flag("failed") { $0.status.level == .bad },
        ])
    }

    /// Why a host was chosen or not, or for owners why so many were.
    struct Verdict: TemplateModel {
        let host: String
        let status: Cell.StatusModel
        let reasons: [String]

        static let shape = Shape<Verdict>([
            .text("host", \.host), .object("status", \.status), .texts("reasons", \.reasons),
        ])

        init(_ verdict: HostVerdict, isChosen: Bool, _ wording: Wording) {
            host = verdict.host
            status = Self.status(isChosen: isChosen, isAccepted: verdict.isAccepted, wording)
            let weight = verdict.weight.map { weight in
                let hundredths = Int((weight * 100).rounded())
                let sign = hundredths < 0 ? "-" : ""
                let rest = abs(hundredths) % 100
                let decimal = "\(sign)\(abs(hundredths) / 100).\(rest < 10 ? "0" : "")\(rest)"
                return wording(Message("Weight {weight}", ["weight": decimal]))
            }
            reasons = verdict.reasons.map(wording.callAsFunction) + (weight.map { [$0] } ?? [])
        }

        init(_ group: SchedulingSummary.Group, _ wording: Wording) {
            host =
                group.count == 1
                ? wording(Message("1 host")) : wording(Message("{count} hosts", ["count": String(group.count)]))
            status = Self.status(isChosen: group.isChosen, isAccepted: group.reasons.isEmpty, wording)
            reasons = group.reasons.map(wording.callAsFunction)
        }

        private static func status(isChosen: Bool, isAccepted: Bool, _ wording: Wording) -> Cell.StatusModel {
            let text = isChosen ? Message("Chosen") : isAccepted ? Message("Accepted") : Message("Refused")
            return Cell.StatusModel(level: isChosen ? .good : isAccepted ? .off : .bad, text: wording(text))
        }
    }

    init(_ steps: [InstanceStep], scheduling: SchedulingReport?, now: Timestamp, _ wording: Wording) {
        let start = steps.map(\.startedAt).min() ?? now
        let end = steps.map { $0.endedAt ?? now }.max() ?? now
        let span = Span(start: start.milliseconds, length: max(1, end.milliseconds - start.milliseconds))
        let recorded = steps.map { step in
            var model = Self.step(step, span, now, wording)
            if step.phase == .schedule, let scheduling { model.verdicts = Self.verdicts(scheduling, wording) }
            return model
        }
        let phases = Set(steps.map(\.phase))
        let failed = steps.contains { $0.outcome == .error }
        let missing = failed ? [] : LaunchPhase.allCases.filter { !phases.contains($0) }
        self.steps = recorded + missing.map { Self.waiting($0, wording) }
        total = wording.duration(milliseconds: end.milliseconds - start.milliseconds)
    }

    /// The time the whole drawing covers, in milliseconds.
    private struct Span {
        let start: Int64
        let length: Int64

        /// In thousandths of the drawing's width.
        func place(_ moment: Timestamp) -> Int64 { (moment.milliseconds - start) * 1000 / length }
    }

    private static func step(_ step: InstanceStep, _ span: Span, _ now: Timestamp, _ wording: Wording) -> Step {
        let end = step.endedAt ?? now
        let from = min(span.place(step.startedAt), 994)
        let width = max(6, span.place(end) - from)
        return Step(
            title: wording(step.phase.name), status: status(step.outcome, wording),
            time: String(wording.time(step.startedAt).suffix(8)),
            duration: wording.duration(milliseconds: end.milliseconds - step.startedAt.milliseconds),
            detail: step.detail.map(wording.callAsFunction),
            attempts: step.attempts > 1
                ? wording(Message("resumed, attempt {count}", ["count": String(step.attempts)])) : nil,
            drawing: strip(
                .element(
                    .rect,
                    ["class": "\(step.outcome)", "x": "\(from)", "width": "\(width)", "height": "10", "rx": "3"])))
    }

    /// Of the only host there is, nothing has to be said but why it was not taken.
    private static func verdicts(_ scheduling: SchedulingReport, _ wording: Wording) -> [Verdict] {
        switch scheduling {
        case .decision(let decision):
            guard decision.verdicts.count > 1 || decision.chosen == nil else { return [] }
            return decision.verdicts.map { Verdict($0, isChosen: $0.host == decision.chosen, wording) }
        case .summary(let summary):
            guard summary.groups.count > 1 || summary.groups.first?.isChosen == false else { return [] }
            return summary.groups.map { Verdict($0, wording) }
        }
    }

    private static func waiting(_ phase: LaunchPhase, _ wording: Wording) -> Step {
        Step(
            title: wording(phase.name), status: Cell.StatusModel(level: .off, text: wording(Message("Waiting"))),
            time: "", duration: "", detail: nil, attempts: nil, drawing: strip(.empty))
    }

    private static func strip(_ bar: SafeHTML) -> SafeHTML {
        .element(
            .svg,
            [
                "class": "timeline-strip", "viewBox": "0 0 1000 10", "preserveAspectRatio": "none",
                "aria-hidden": "true",
            ], [bar])
    }

    private static func status(_ outcome: InstanceStep.Outcome, _ wording: Wording) -> Cell.StatusModel {
        switch outcome {
        case .running: Cell.StatusModel(level: .busy, text: wording(Message("In progress")))
        case .success: Cell.StatusModel(level: .good, text: wording(Message("Done")))
        case .error: Cell.StatusModel(level: .bad, text: wording(Message("Failed")))
        }
    }
}
