import HTTP
import ServiceCore

/// Makes the fields of one form from what was typed (or is stored) and what is wrong with it.
struct FormFields: Sendable {
    let input: FormData
    let faults: Faults
    let wording: Wording
    /// Before the field names of violations: a subnet made with its network has its faults under `subnet.`.
    var prefix = ""

    func text(
        _ name: String, _ label: Message, help: Message? = nil, violation: String? = nil, required: Bool = false
    ) -> FormField {
        field(name, label, .input("text"), help, violation, required)
    }

    func lines(
        _ name: String, _ label: Message, help: Message, rows: Int = 3
    ) -> FormField {
        field(name, label, .textarea(rows: rows), help, nil, false)
    }

    func checkbox(_ name: String, _ label: Message, help: Message? = nil, violation: String? = nil) -> FormField {
        field(name, label, .checkbox, help, violation, false)
    }

    func select(
        _ name: String, _ label: Message, _ choices: [Choice], help: Message? = nil, violation: String? = nil
    ) -> FormField {
        field(name, label, .select(choices), help, violation, true)
    }

    private func field(
        _ name: String, _ label: Message, _ kind: FormField.Kind, _ help: Message?, _ violation: String?,
        _ required: Bool
    ) -> FormField {
        FormField(
            name: name, label: wording(label), kind: kind, value: input[name] ?? "",
            help: help.map(wording.callAsFunction), isRequired: required, isStarred: kind.isTyped,
            maxLength: kind == .input("text") ? 255 : nil,
            faults: faults.of(prefix + (violation ?? name)))
    }
}

extension FormField.Kind {
    /// Whether it can be left empty at all: a choice always has a value.
    fileprivate var isTyped: Bool {
        if case .select = self { false } else { true }
    }
}

extension FormData {
    /// Whether a checkbox is ticked.
    func isTicked(_ name: String) -> Bool {
        self[name].map { !$0.isEmpty } ?? false
    }
}
