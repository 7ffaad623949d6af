import ServiceCore

extension LaunchPhase {
    /// What a failure in this phase means to the owner.
    var failureMessage: Message {
        switch self {
        case .authenticate, .api: Message("The request could not be accepted.")
        case .schedule: Message("No valid host was found.")
        case .image: Message("The host could not prepare the image.")
        case .network: Message("The network could not be set up.")
        case .blockDevice: Message("The disks could not be prepared.")
        case .spawn: Message("The guest could not be started.")
        }
    }

    /// What usually helps.
    var remedy: Message? {
        switch self {
        case .authenticate, .api: nil
        case .schedule:
            Message("The timeline says what speaks against the hosts. A smaller flavor or another zone may help.")
        case .image: Message("Check that the image is not damaged and has the right format, or upload it again.")
        case .network: Message("Check that the subnet has free addresses, or choose another network.")
        case .blockDevice:
            Message("Check the free space on the host's disk, or choose a flavor with another disk size.")
        case .spawn:
            Message(
                "Delete the instance and launch it again; if it fails again, administrators see why in the details.")
        }
    }
}
