import ServiceCore

/// A trust that is passed on: what comes of it never exceeds it (OS-TRUST, "Redelegating a trust").
struct Redelegation {
    let source: Trust

    init(of source: Trust) {
        self.source = source
    }

    /// The new trust, which ends at the latest when this one does.
    /// - Throws: `ServiceError` forbidden `redelegation` for one that goes further.
    func limiting(_ new: Trust) throws -> Trust {
        guard (1...Trust.mostRedelegations).contains(source.redelegationCount),
            new.redelegationCount < source.redelegationCount
        else { throw refusal(Message("The trust cannot be passed on so often.")) }
        guard new.remainingUses == nil else { throw refusal(Message("A trust that is passed on has no number of uses.")) }
        guard source.isImpersonation || !new.isImpersonation else {
            throw refusal(Message("The trust does not let act under another name."))
        }
        guard new.projectID == source.projectID, Set(new.roles).isSubset(of: source.roles) else {
            throw refusal(Message("Only roles of the trust that is passed on can be passed on."))
        }
        if let end = new.expiresAt, let last = source.expiresAt, last < end {
            throw refusal(Message("The trust that is passed on ends earlier."))
        }
        return new.expiresAt == nil ? new.ending(at: source.expiresAt) : new
    }

    private func refusal(_ message: Message) -> ServiceError {
        ServiceError(.forbidden, code: "redelegation", message)
    }
}

extension NewTrust {
    var isRedelegatable: Bool { allowsRedelegation && redelegationCount != 0 }

    /// How often it can be passed on when it is passed on from another trust, or is one of its trustor's own.
    /// - Throws: `ServiceError` forbidden `redelegation` when it says otherwise.
    func depth(below source: Trust?) throws -> Int {
        guard isRedelegatable else { return 0 }
        guard let source else { return redelegationCount ?? Trust.mostRedelegations }
        let left = source.redelegationCount - 1
        guard redelegationCount ?? left == left else {
            throw ServiceError(.forbidden, code: "redelegation", "How often a trust can be passed on cannot be changed.")
        }
        return left
    }
}

extension Trust {
    fileprivate func ending(at end: MicroTime?) -> Trust {
        Trust(
            id: id, trustorID: trustorID, trusteeID: trusteeID, projectID: projectID,
            isImpersonation: isImpersonation, expiresAt: end, remainingUses: remainingUses,
            redelegationCount: redelegationCount, redelegatedTrustID: redelegatedTrustID, roles: roles)
    }
}
