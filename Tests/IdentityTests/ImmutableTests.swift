import Identity
import ServiceCore
import Testing

@Suite struct `What is immutable` {
    private let fixture: IdentityFixture
    private let identity: IdentityService
    private let admin: RequestContext

    init() throws {
        fixture = try IdentityFixture()
        identity = fixture.identity
        admin = fixture.admin
    }

    @Test func `is not changed, tagged or deleted, until it is unlocked by itself: a project`() throws {
        var new = NewProject(name: "p")
        new.isImmutable = true
        let id = try identity.createProject(new, as: admin).id
        var both = ProjectUpdate(name: "q")
        both.isImmutable = false
        var same = ProjectUpdate()
        same.isImmutable = true
        let refused = [
            refusal { _ = try identity.updateProject(id, description: "x", as: admin) },
            refusal { _ = try identity.updateProject(id, both, as: admin) },
            refusal { _ = try identity.updateProject(id, same, as: admin) },
            refusal { _ = try identity.setTags(["x"], of: id, as: admin) },
            refusal { try identity.addTag("x", to: id, as: admin) },
            refusal { try identity.deleteProject(id, as: admin) },
        ]
        #expect(refused.map { $0?.code } == Array(repeating: "immutable", count: 6))
        var unlock = ProjectUpdate()
        unlock.isImmutable = false
        #expect(try !identity.updateProject(id, unlock, as: admin).isImmutable)
        _ = try identity.setTags(["x"], of: id, as: admin)
        #expect(try identity.project(id, as: admin) == identity.updateProject(id, description: "", as: admin))
        try identity.deleteProject(id, as: admin)
    }

    @Test func `is not changed or deleted, until it is unlocked by itself: a domain`() throws {
        var new = NewDomain(name: "d", isEnabled: false)
        new.isImmutable = true
        let id = try identity.createDomain(new, as: admin).id
        #expect(try identity.project(id, as: admin).isImmutable)
        let refused = [
            refusal { try identity.setDomain(id, enabled: true, as: admin) },
            refusal { _ = try identity.updateProject(id, description: "x", as: admin) },
            refusal { try identity.deleteDomain(id, as: admin) },
        ]
        #expect(refused.map { $0?.code } == Array(repeating: "immutable", count: 3))
        var unlock = DomainUpdate()
        unlock.isImmutable = false
        _ = try identity.updateDomain(id, unlock, as: admin)
        try identity.deleteDomain(id, as: admin)
    }
}
