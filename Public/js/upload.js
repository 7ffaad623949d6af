// An upload with its progress. Without it the browser sends the form by itself and shows its own.
"use strict";
(() => {
    const form = document.querySelector("form[data-upload]");
    if (!form) return;
    const background = { credentials: "same-origin", headers: { "X-Requested-With": "XMLHttpRequest" } };
    const find = (selector) => form.querySelector(selector);
    const show = (phase, percent) => {
        find("[data-upload-progress]").hidden = false;
        for (const text of form.querySelectorAll("[data-phase]")) text.hidden = text.dataset.phase !== phase;
        find("progress").value = percent;
        find("[data-percent]").textContent = phase === "sending" ? `${Math.floor(percent)} %` : "";
    };
    const failed = () => {
        show("failed", 0);
        find(".form-foot .primary").disabled = false;
    };
    const logIn = (location) => {
        window.location.href = `${location}?next=${encodeURIComponent(window.location.pathname)}`;
    };

    // Shows a refusal in place, so that the chosen file stays chosen: a page cannot give it back to the browser.
    const refuse = (text) => {
        const page = new DOMParser().parseFromString(text, "text/html");
        const body = page.querySelector("form[data-upload] .form-body");
        if (!body) {
            document.open();
            document.write(text);
            document.close();
            return;
        }
        const [kept, fresh] = [find("input[type=file]"), body.querySelector("input[type=file]")];
        const help = body.querySelector(`#${fresh.id}_help`);
        help.textContent = find(`#${fresh.id}_help`).textContent;
        for (const name of ["aria-describedby", "aria-invalid"]) {
            if (fresh.hasAttribute(name)) kept.setAttribute(name, fresh.getAttribute(name));
            else kept.removeAttribute(name);
        }
        fresh.replaceWith(kept);
        find(".form-body").replaceWith(body);
        (find("[aria-invalid]") ?? find("[role=alert]"))?.scrollIntoView({ block: "center" });
        find("[aria-invalid]")?.focus();
    };

    const send = () => {
        const request = new XMLHttpRequest();
        request.open("POST", form.action);
        request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
        // A long upload shows that somebody is there: the session must not end before it does.
        const alive = setInterval(() => fetch(form.action, { credentials: "same-origin" }).catch(() => {}), 300_000);
        request.upload.addEventListener("progress", (progress) => {
            if (progress.lengthComputable) show("sending", progress.loaded * 100 / progress.total);
        });
        request.upload.addEventListener("load", () => show("checking", 100));
        request.addEventListener("loadend", () => clearInterval(alive));
        request.addEventListener("load", () => {
            if (request.status === 201) window.location.href = request.getResponseHeader("Location");
            else if (request.status === 401) logIn(request.getResponseHeader("X-Horizon-Location"));
            else refuse(request.responseText);
        });
        request.addEventListener("error", failed);
        request.send(new FormData(form));
    };

    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        find(".form-foot .primary").disabled = true;
        show("sending", 0);
        // Whether somebody is still logged in is asked before gigabytes are sent, not after.
        try {
            const answer = await fetch(form.action, background);
            if (answer.status === 401) return logIn(answer.headers.get("X-Horizon-Location"));
        } catch {
            return failed();
        }
        send();
    });
})();
