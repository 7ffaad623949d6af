import ComputeHost
import LibvirtHost

extension Doctor {
    /// What guests are plugged into, and what is missing for more.
    func networks() -> [Finding] {
        let settings = file.settings.hostNetworks
        let directory = StateDirectory(path: file.statePath)
        let choices = ComputeHosts.configurations(file.settings, directory).map { host in
            NetworkChoice.decide(
                setting: settings.setting, namespace: host.namespace, hypervisor: host.choice)
        }
        var findings: [Finding] = []
        for choice in choices {
            let finding = finding(choice, isRequired: settings.setting == .bridge)
            if !findings.contains(finding) { findings.append(finding) }
        }
        return findings
    }

    private func finding(_ choice: NetworkChoice, isRequired: Bool) -> Finding {
        if choice.abilities.bridges || file.settings.hostNetworks.setting == .user {
            return .good("networks", choice.reason)
        }
        let remedy = choice.abilities.missing.joined(separator: " ")
        return isRequired
            ? .bad("networks", "HOST_NETWORK is \"bridge\", and there can be no bridges", remedy: remedy)
            : .warning("networks", "each guest is alone on the emulator's own network", remedy: remedy)
    }
}
