import Database
import Identity
import ServiceCore
import Testing

@Suite struct `The configuration of a domain` {
    private let fixture: IdentityFixture
    private let identity: IdentityService
    private let admin: RequestContext
    private let domain: Domain
    private let ldap = DomainConfiguration([
        "identity": ExtraAttributes(["driver": #""ldap""#]),
        "ldap": ExtraAttributes(["url": #""ldap://example.org""#, "password": #""a very secret text""#]),
    ])

    init() throws {
        fixture = try IdentityFixture()
        identity = fixture.identity
        admin = fixture.admin
        domain = try identity.createDomain("physics", as: admin)
    }

    private func set(_ configuration: DomainConfiguration) throws -> Bool {
        try identity.replaceConfiguration(ofDomain: domain.id, by: configuration, as: admin).isNew
    }

    @Test func `is kept, changed and forgotten as a whole, by group and by option`() throws {
        #expect(try set(ldap))
        #expect(try !set(ldap))
        let driver = DomainConfiguration.Part.option("driver", group: "identity")
        let changed = try identity.updateConfiguration(
            ofDomain: domain.id, driver, by: .init(["identity": ExtraAttributes(["driver": #""sql""#])]), as: admin)
        #expect(changed.groups["identity"]?.values == ["driver": #""sql""#])
        try identity.deleteConfiguration(ofDomain: domain.id, driver, as: admin)
        #expect(
            refusal { _ = try identity.configuration(ofDomain: domain.id, .group("identity"), as: admin) }?.kind
                == .notFound)
        #expect(
            refusal { try identity.deleteConfiguration(ofDomain: domain.id, driver, as: admin) }?.kind == .notFound)
        #expect(try identity.configuration(ofDomain: domain.id, as: admin).groups.keys.sorted() == ["ldap"])
        try identity.deleteConfiguration(ofDomain: domain.id, .everything, as: admin)
        #expect(refusal { _ = try identity.configuration(ofDomain: domain.id, as: admin) }?.kind == .notFound)
    }

    @Test func `keeps its secret sealed and never tells it`() throws {
        _ = try set(ldap)
        let shown = try identity.configuration(ofDomain: domain.id, as: admin)
        #expect(shown.groups["ldap"]?.values.keys.sorted() == ["url"])
        let password = DomainConfiguration.Part.option("password", group: "ldap")
        #expect(
            refusal { _ = try identity.configuration(ofDomain: domain.id, password, as: admin) }?.kind == .notFound)
        let rows = try fixture.database.read {
            try $0.map("SELECT value FROM domain_options") { row in try row[0] as String }
        }
        #expect(rows.count == 3 && rows.allSatisfy { !$0.contains("secret") })
        let other = DomainConfiguration(["ldap": ExtraAttributes(["password": #""another""#])])
        _ = try identity.updateConfiguration(ofDomain: domain.id, password, by: other, as: admin)
        try identity.deleteConfiguration(ofDomain: domain.id, password, as: admin)
    }

    @Test func `takes what keystone takes, and nothing else`() throws {
        let bad = [
            DomainConfiguration([:]), DomainConfiguration(["ldap": .none]),
            DomainConfiguration(["token": ExtraAttributes(["provider": #""fernet""#])]),
            DomainConfiguration(["ldap": ExtraAttributes(["nonsense": "1"])]),
        ]
        for configuration in bad { #expect(refusal { _ = try set(configuration) }?.kind == .forbidden) }
        _ = try set(ldap)
        let other = refusal {
            _ = try identity.updateConfiguration(ofDomain: domain.id, .group("identity"), by: ldap, as: admin)
        }
        #expect(other?.code == "other_option")
        let huge = ExtraAttributes(["url": "\"" + String(repeating: "x", count: 20_000) + "\""])
        #expect(refusal { _ = try set(DomainConfiguration(["ldap": huge])) }?.kind == .invalid)
        #expect(try identity.defaultConfiguration(.everything, as: admin).groups["ldap"]?.values.count == 49)
        let token = refusal { _ = try identity.defaultConfiguration(.group("token"), as: admin) }
        #expect(token?.code == "unsupported_option")
    }

    @Test func `goes with its domain, and is an administrator's matter`() throws {
        _ = try set(ldap)
        _ = try fixture.makeMember("alice")
        let alice = try identity.context(token: fixture.login("alice", "secret").text, remoteAddress: "")
        #expect(refusal { _ = try identity.configuration(ofDomain: domain.id, as: alice) }?.kind == .forbidden)
        let theft = refusal { _ = try identity.replaceConfiguration(ofDomain: domain.id, by: ldap, as: alice) }
        #expect(theft?.kind == .forbidden)
        try identity.setDomain(domain.id, enabled: false, as: admin)
        try identity.deleteDomain(domain.id, as: admin)
        #expect(try fixture.database.read { try $0.value("SELECT count(*) FROM domain_options", as: Int.self) } == 0)
    }
}
