import Compute
import HTTP
import Markup
import ServiceCore

/// The key pairs of a user: making one, importing one, deleting.
struct KeyPairPages: Sendable {
    private let site: Site
    private let tables: TableActions
    private let list: View<TableContent>
    private let formView: View<FormContent>
    private let detailView: View<KeyPairContent>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ tables: TableActions) throws {
        self.site = site
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        formView = try site.view("form", of: FormContent.self)
        detailView = try site.view("project/key_pairs/detail", of: KeyPairContent.self)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let keypairs = try compute.keypairs(as: visitor.context)
        let content = TableContent(
            heading: visitor.text(Message("Key Pairs")), table: table(visitor).model(keypairs, request, visitor))
        return list.page(content, .keyPairs(visitor), visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        try tables.perform(table(visitor), request, visitor) { try compute.keypair(named: $0, as: visitor.context) }
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let keypair = try compute.keypair(named: request.parameters["keypair_name"], as: visitor.context)
        var content = KeyPairContent(keypair, privateKey: nil, visitor.wording)
        content.actions = table(visitor).row(keypair, visitor.wording).actions
        return page(content, visitor)
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        createPage(FormData([("key_type", KeypairAlgorithm.ed25519.rawValue)]), .none(visitor.wording), visitor)
    }

    /// The private key is shown in the answer itself and nowhere else: it is not kept.
    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        do {
            let algorithm = request.form["key_type"].flatMap(KeypairAlgorithm.init) ?? .ed25519
            let created = try compute.createKeypair(
                named: request.form["name"] ?? "", algorithm: algorithm, as: visitor.context)
            return page(
                KeyPairContent(created.keypair, privateKey: created.privateKey, visitor.wording), visitor,
                scripts: ["js/key-pair.js"])
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return createPage(request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    func showImport(_ request: Request, _ visitor: Visitor) throws -> Response {
        importPage(FormData(), .none(visitor.wording), visitor)
    }

    func importKey(_ request: Request, _ visitor: Visitor) throws -> Response {
        do {
            let keypair = try compute.importKeypair(
                named: request.form["name"] ?? "", publicKey: request.form["public_key"] ?? "", as: visitor.context)
            let text = Message("Successfully imported key pair \"{name}\".", ["name": keypair.name])
            return site.seeOther(.keyPairs, Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return importPage(request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    private func table(_ visitor: Visitor) -> TableDefinition<Keypair> {
        let (context, compute, wording) = (visitor.context, compute, visitor.wording)
        var table = TableDefinition<Keypair>(
            id: "keypairs", url: .keyPairs,
            columns: [
                Column(name: "name", title: Message("Key Pair Name")) { .name($0.name, .keyPair($0.name)) },
                Column(name: "type", title: Message("Key Pair Type")) { .text($0.type) },
                Column(name: "fingerprint", title: Message("Fingerprint"), isSortable: false) { .code($0.fingerprint) },
                Column(
                    name: "created", title: Message("Created"), isMinor: true, order: { $0.createdAt < $1.createdAt }
                ) {
                    .text(wording.time($0.createdAt))
                },
            ], objectID: { $0.name }, name: { $0.name })
        table.filters = [.contains("name", Message("Key Pair Name"), \.name)]
        table.rowActions = { _ in [.perform("delete")] }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Key Pair"), batchTitle: Message("Delete Key Pairs"),
                isDestructive: true, help: Message("Instances that were launched with the key keep it."),
                done: Message("Deleted key pair: {names}"), failed: Message("Unable to delete key pair: {names}")
            ) { try compute.deleteKeypair(named: $0, as: context) }
        ]
        table.links = [
            TableLink(title: Message("Import Public Key"), url: .importKeyPair, isPrimary: false),
            TableLink(title: Message("Create Key Pair"), url: .createKeyPair),
        ]
        table.emptyTitle = Message("No key pairs yet")
        table.emptyText = Message("A key pair lets you log in to your instances by SSH.")
        return table
    }

    private func createPage(
        _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let types = [
            Choice(value: KeypairAlgorithm.ed25519.rawValue, title: "SSH (Ed25519)"),
            Choice(value: KeypairAlgorithm.rsa.rawValue, title: "SSH (RSA 2048)"),
        ]
        let heading = visitor.text(Message("Create Key Pair"))
        let content = FormContent(
            heading: heading, action: SiteURL.createKeyPair.path, verb: heading, cancel: SiteURL.keyPairs.path,
            problem: faults.problem,
            fields: [
                fields.text("name", Message("Key Pair Name"), required: true),
                fields.select("key_type", Message("Key Type"), types),
            ],
            notes: [
                visitor.text(
                    Message("The private key is shown once, right after it has been made. It is not kept here."))
            ])
        return formView.page(content, .keyPairs(visitor, Crumb(heading)), visitor, status: status)
    }

    private func importPage(
        _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Import Public Key"))
        var key = fields.lines(
            "public_key", Message("Public Key"),
            help: Message("One line that begins with ssh-ed25519, ssh-rsa or ecdsa-sha2."), rows: 5)
        key.isRequired = true
        let content = FormContent(
            heading: heading, action: SiteURL.importKeyPair.path, verb: heading, cancel: SiteURL.keyPairs.path,
            problem: faults.problem,
            fields: [
                fields.text("name", Message("Key Pair Name"), required: true),
                key,
            ],
            notes: [
                visitor.text(
                    Message("Make a key pair with ssh-keygen -t ed25519 and paste the content of the .pub file here."))
            ])
        return formView.page(content, .keyPairs(visitor, Crumb(heading)), visitor, status: status)
    }

    private func page(_ content: KeyPairContent, _ visitor: Visitor, scripts: [String] = []) -> Response {
        var head = PageHead.keyPairs(visitor, Crumb(content.name))
        head.scripts = scripts
        return detailView.page(content, head, visitor)
    }
}

/// A key pair as its template sees it; with the private key in the one moment there is one.
struct KeyPairContent: TemplateModel {
    let name: String
    let privateKey: String?
    let publicKey: String
    let facts: [Cell]
    /// What can be done to it; nothing while its private key is shown.
    var actions: [ActionModel] = []

    static let shape = Shape<KeyPairContent>([
        .optional("firstAction", \.actions.first), .list("menuActions") { Array($0.actions.dropFirst()) },
        .flag("hasMenu") { $0.actions.count > 1 }, .flag("hasActions") { !$0.actions.isEmpty },
        .text("name", \.name), .optionalText("privateKey", \.privateKey), .text("publicKey", \.publicKey),
        .list("facts", \.facts), .text("back") { _ in SiteURL.keyPairs.path },
    ])

    init(_ keypair: Keypair, privateKey: String?, _ wording: Wording) {
        name = keypair.name
        self.privateKey = privateKey
        publicKey = keypair.publicKey
        facts = [
            Cell.text(keypair.name).labelled(wording(Message("Name"))),
            Cell.text(keypair.type).labelled(wording(Message("Type"))),
            Cell.code(keypair.fingerprint).labelled(wording(Message("Fingerprint"))),
            Cell.text(wording.time(keypair.createdAt)).labelled(wording(Message("Created"))),
        ]
    }
}
