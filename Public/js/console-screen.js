// The guest's screen, shown by noVNC.
import { ConsoleSession } from "./console-session.js";

class Screen {
    constructor(session, RFB) {
        this.session = session;
        this.RFB = RFB;
        session.root.querySelector("[data-keys]").addEventListener("click", () => {
            this.rfb?.sendCtrlAltDel();
            this.focus();
        });
    }

    show(address) {
        this.end();
        // noVNC does not say how its socket closed: we look at the socket ourselves.
        const socket = new WebSocket(address);
        socket.binaryType = "arraybuffer";
        let code;
        socket.addEventListener("close", (event) => { code = event.code; });
        const rfb = new this.RFB(this.session.screen, socket, { shared: true });
        rfb.scaleViewport = true;
        rfb.background = "transparent";
        rfb.addEventListener("connect", () => {
            this.session.connected();
            this.focus();
        });
        rfb.addEventListener("disconnect", () => {
            if (this.rfb === rfb) this.session.closed(code);
        });
        this.rfb = rfb;
    }

    end() {
        const rfb = this.rfb;
        this.rfb = null;
        rfb?.disconnect();
    }

    // What is held down when the keyboard leaves would stay so for the guest: noVNC lets go when the window loses it.
    release() { dispatchEvent(new Event("blur")); }

    focus() { this.rfb?.focus(); }
}

const root = document.querySelector("[data-console]");
const { default: RFB } = await import(root.dataset.program);
const session = new ConsoleSession((session) => new Screen(session, RFB));
session.connect();
