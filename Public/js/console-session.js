// What every console has around it: asking for a token, saying how the connection is, connecting anew, the whole screen,
// and a way for the keyboard back to the page. A viewer shows the guest: `show(address)` connects it, `end()` ends it,
// `focus()` takes the keyboard and `release()` lets go of it. It calls `session.connected()` and `session.closed(code)`.
const root = document.querySelector("[data-console]");

export class ConsoleSession {
    constructor(makeViewer) {
        this.root = root;
        this.screen = root.querySelector("[data-screen]");
        this.status = root.querySelector("[data-status]");
        this.reconnect = root.querySelector("[data-reconnect]");
        // On nova's page the token comes in the address, mostly in the query of the path that noVNC is to open. It is of use
        // once, and has no business in the history.
        const given = new URLSearchParams(location.search);
        const path = new URLSearchParams(given.get("path")?.replace(/^[^?]*/, ""));
        this.given = root.dataset.open ? null : path.get("token") ?? given.get("token");
        if (this.given) {
            document.title = given.get("title") ?? document.title;
            history.replaceState(null, "", location.pathname);
        }
        this.retries = 0;
        root.querySelector("[data-actions]").hidden = false;
        this.reconnect.addEventListener("click", () => this.connect());
        this.addFullScreen();
        addEventListener("keydown", (event) => {
            if (event.key !== "Escape" || !event.shiftKey || !root.contains(document.activeElement)) return;
            event.preventDefault();
            event.stopImmediatePropagation();
            this.viewer.release();
            document.activeElement.blur();
            root.querySelector("[data-fullscreen]").focus();
        }, true);
        addEventListener("pagehide", () => { this.isLeaving = true; });
        this.viewer = makeViewer(this);
    }

    addFullScreen() {
        const button = root.querySelector("[data-fullscreen]");
        button.hidden = !root.requestFullscreen;
        button.addEventListener("click", async () => {
            if (document.fullscreenElement) await document.exitFullscreen(); else await root.requestFullscreen();
            this.viewer.focus();
        });
    }

    say(name, isFault) {
        this.status.textContent = this.status.dataset[name] ?? name;
        root.dataset.state = isFault ? "closed" : name;
    }

    async connect() {
        this.reconnect.hidden = true;
        this.say("connecting");
        let socket;
        try {
            socket = await this.address();
        } catch (reason) {
            return this.fail(reason instanceof TypeError ? "lost" : reason.message);
        }
        const url = new URL(socket, location.href);
        url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
        this.viewer.show(url.href);
    }

    // The address of the socket, with a fresh token in it.
    async address() {
        if (!root.dataset.open) {
            if (!this.given) throw new Error("used");
            const token = encodeURIComponent(this.given);
            this.given = null;
            return `/websockify?token=${token}`;
        }
        const response = await fetch(root.dataset.open, {
            method: "POST", credentials: "same-origin",
            headers: { "X-CSRFToken": root.dataset.csrf, "X-Requested-With": "XMLHttpRequest" },
            body: new URLSearchParams({ type: root.dataset.console }),
        });
        if (response.status === 401) {
            location.href = `${response.headers.get("X-Horizon-Location")}?next=${
                encodeURIComponent(location.pathname + location.search)}`;
        }
        if (!response.ok) {
            const isText = response.headers.get("Content-Type")?.startsWith("text/plain");
            throw new Error(isText ? (await response.text()).trim() : "lost");
        }
        return (await response.json()).socket;
    }

    connected() {
        this.retries = 0;
        this.say("connected");
    }

    // 1000: the guest's end closed. 1008: not allowed any more. Without a code the connection broke, and comes back.
    closed(code) {
        if (this.isLeaving) return;
        if (code === 1000) return this.fail("closed");
        if (code === 1008) return this.fail("forbidden");
        if (!root.dataset.open) return this.fail("used");
        if (this.retries >= 3) return this.fail("lost");
        this.retries += 1;
        this.say("connecting");
        setTimeout(() => this.connect(), 1000 * this.retries);
    }

    fail(name) {
        this.viewer.end();
        this.say(name, true);
        this.reconnect.hidden = !root.dataset.open;
    }
}
