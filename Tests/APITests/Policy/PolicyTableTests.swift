import HTTP
import Testing

/// Who may do what, by every service's own answer. One table: a row is a route, a column somebody who asks.
@Suite struct `Who may do what` {
    /// Who asks, in the order of the columns.
    private enum Asker: Int, CaseIterable { case nobody, reader, member, outsider, admin }

    /// What each of them is answered: nobody (no token), a reader and a member of the project that owns the things, a
    /// member of another project, and the administrator. What `{…}` stands for is made anew for each question.
    static let rows: [PolicyRow] =
        [
            PolicyRow("GET /identity/v3/auth/projects", "401 200 200 200 200"),
            PolicyRow("GET /identity/v3/users", "401 403 403 403 200"),
            PolicyRow("GET /identity/v3/users/{user}", "401 403 403 403 200"),
            PolicyRow("POST /identity/v3/users", #"{"user": {"name": "x"}}"#, "401 403 403 403 201"),
            PolicyRow("DELETE /identity/v3/users/{user}", "401 403 403 403 204"),
            PolicyRow("GET /identity/v3/projects", "401 403 403 403 200"),
            PolicyRow("GET /identity/v3/projects/{project}", "401 200 200 403 200"),
            PolicyRow("POST /identity/v3/projects", #"{"project": {"name": "x"}}"#, "401 403 403 403 201"),
            PolicyRow("GET /identity/v3/roles", "401 403 403 403 200"),
            PolicyRow("GET /identity/v3/domains", "401 403 403 403 200"),
            PolicyRow("GET /identity/v3/regions", "401 200 200 200 200"),
            PolicyRow("GET /identity/v3/services", "401 403 403 403 200"),
            PolicyRow("GET /identity/v3/role_assignments", "401 403 403 403 200"),

            PolicyRow("GET /compute/v2.1/servers", "401 200 200 200 200"),
            PolicyRow("GET /compute/v2.1/servers/{server}", "401 200 200 404 200"),
            PolicyRow("GET /compute/v2.1/servers/nosuch", "401 404 404 404 404"),
            PolicyRow("PUT /compute/v2.1/servers/{server}", #"{"server": {"name": "x"}}"#, "401 403 200 404 200"),
            PolicyRow("DELETE /compute/v2.1/servers/{server}", "401 403 204 404 204"),
            PolicyRow("POST /compute/v2.1/servers/{server}/action", #"{"lock": null}"#, "401 403 202 404 202"),
            PolicyRow(
                "POST /compute/v2.1/servers/{server}/action", #"{"os-resetState": {"state": "active"}}"#,
                "401 403 403 403 202"),
            PolicyRow("GET /compute/v2.1/flavors", "401 200 200 200 200"),
            PolicyRow(
                "POST /compute/v2.1/flavors", #"{"flavor": {"name": "x", "ram": 64, "disk": 1, "vcpus": 1}}"#,
                "401 403 403 403 200"),
            PolicyRow("GET /compute/v2.1/os-hypervisors", "401 403 403 403 200"),
            PolicyRow("GET /compute/v2.1/os-services", "401 403 403 403 200"),
            PolicyRow("GET /compute/v2.1/os-aggregates", "401 403 403 403 200"),
            PolicyRow("GET /compute/v2.1/os-availability-zone", "401 200 200 200 200"),
            PolicyRow("GET /compute/v2.1/os-availability-zone/detail", "401 403 403 403 200"),
            PolicyRow("GET /compute/v2.1/limits", "401 200 200 200 200"),
            PolicyRow("GET /compute/v2.1/os-quota-sets/{project}", "401 200 200 403 200"),
            PolicyRow(
                "PUT /compute/v2.1/os-quota-sets/{project}", #"{"quota_set": {"cores": 5}}"#, "401 403 403 403 200"),

            PolicyRow("GET /networking/v2.0/networks/{network}", "401 200 200 404 200"),
            PolicyRow("PUT /networking/v2.0/networks/{network}", #"{"network": {"name": "x"}}"#, "401 403 200 404 200"),
            PolicyRow("DELETE /networking/v2.0/networks/{network}", "401 403 204 404 204"),
            PolicyRow("POST /networking/v2.0/networks", #"{"network": {"name": "x"}}"#, "401 403 201 201 201"),
            PolicyRow(
                "POST /networking/v2.0/networks", #"{"network": {"name": "x", "shared": true}}"#, "401 403 403 403 201"),
            PolicyRow("GET /networking/v2.0/subnets/{subnet}", "401 200 200 404 200"),
            PolicyRow("PUT /networking/v2.0/subnets/{subnet}", #"{"subnet": {"name": "x"}}"#, "401 403 200 404 200"),
            PolicyRow("DELETE /networking/v2.0/subnets/{subnet}", "401 403 204 404 204"),
            PolicyRow("GET /networking/v2.0/ports/{port}", "401 200 200 404 200"),
            PolicyRow("DELETE /networking/v2.0/ports/{port}", "401 403 204 404 204"),
            PolicyRow("GET /networking/v2.0/security-groups/{group}", "401 200 200 404 200"),
            PolicyRow("DELETE /networking/v2.0/security-groups/{group}", "401 403 204 404 204"),
            PolicyRow("POST /networking/v2.0/routers", #"{"router": {"name": "x"}}"#, "401 403 201 201 201"),
            PolicyRow("GET /networking/v2.0/agents", "401 200 200 200 200"),
            PolicyRow(
                "POST /networking/v2.0/agents/x1/dhcp-networks", #"{"network_id": "x2"}"#, "401 403 403 403 404"),
            PolicyRow(
                "PUT /networking/v2.0/quotas/{project}", #"{"quota": {"port": 5}}"#, "401 403 403 403 200"),

            PolicyRow("GET /image/v2/images", "401 200 200 200 200"),
            PolicyRow("GET /image/v2/images/{image}", "401 200 200 404 200"),
            PolicyRow(
                "POST /image/v2/images", #"{"name": "x", "disk_format": "raw", "container_format": "bare"}"#,
                "401 403 201 201 201"),
            PolicyRow(
                "POST /image/v2/images",
                #"{"name": "x", "disk_format": "raw", "container_format": "bare", "visibility": "public"}"#,
                "401 403 403 403 201"),
            PolicyRow("DELETE /image/v2/images/{image}", "401 403 204 404 204"),
            PolicyRow("DELETE /image/v2/stores/local/{image}", "401 403 403 403 404"),
            PolicyRow("GET /image/v2/info/stores/detail", "401 403 403 403 200"),
            PolicyRow("GET /image/v2/info/usage", "401 200 200 200 200"),

            PolicyRow("GET /placement/resource_providers", "401 403 403 403 200"),
        ]

    @Test(arguments: rows)
    func `is answered as the real services answer`(row: PolicyRow) throws {
        let people = try PolicyPeople()
        let statuses = try Asker.allCases.map { asker in
            let target = try people.target(row.path)
            return people.cloud.ask(row.method, target, token: people.tokens[asker.rawValue], json: row.json).status
        }
        #expect(statuses.map(String.init).joined(separator: " ") == row.statuses)
    }
}

/// A route and what everybody is answered.
struct PolicyRow: CustomTestStringConvertible, Sendable {
    let method: HTTP.Method
    let path: String
    let json: String?
    let statuses: String

    init(_ route: String, _ statuses: String) {
        self.init(route, nil, statuses)
    }

    init(_ route: String, _ json: String?, _ statuses: String) {
        let words = route.split(separator: " ")
        method = HTTP.Method(rawValue: String(words[0])) ?? .get
        path = String(words[1])
        self.json = json
        self.statuses = statuses
    }

    var testDescription: String { "\(method.rawValue) \(path) \(json ?? "")" }
}
