// What JavaScript adds to pages that work without it: menus that close, select-all, questions before something is
// destroyed, a password that can be looked at.
"use strict";

(() => {
    const closeMenus = (except) => {
        for (const menu of document.querySelectorAll("details.menu[open]")) {
            if (menu !== except && !menu.contains(except)) menu.open = false;
        }
    };
    document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        const open = event.target.closest?.("details.menu[open]");
        closeMenus(null);
        open?.querySelector("summary").focus();
    });

    // Select all, and buttons that wait for a selection.
    const rows = (id) => [...document.querySelectorAll(`#${CSS.escape(id)} td.select input`)];
    const refreshSelection = () => {
        for (const all of document.querySelectorAll("[data-select-all]")) {
            all.hidden = false;
            const boxes = rows(all.dataset.selectAll);
            const chosen = boxes.filter((box) => box.checked).length;
            all.checked = boxes.length > 0 && chosen === boxes.length;
            all.indeterminate = chosen > 0 && chosen < boxes.length;
        }
        for (const button of document.querySelectorAll("[data-selection]")) {
            const form = document.getElementById(button.dataset.selection);
            button.disabled = !form?.querySelector("td.select input:checked");
        }
    };
    document.addEventListener("change", (event) => {
        const all = event.target.closest("[data-select-all]");
        if (all) for (const box of rows(all.dataset.selectAll)) box.checked = all.checked;
        refreshSelection();
    });
    document.addEventListener("daybreak:rows", refreshSelection);
    refreshSelection();

    // The page that confirms something destructive, as a dialog: the same page, fetched and shown in place.
    document.addEventListener("submit", async (event) => {
        const button = event.submitter;
        if (!button?.dataset.confirm || typeof HTMLDialogElement === "undefined") return;
        event.preventDefault();
        if (button.dataset.asking) return;
        button.dataset.asking = "yes";
        const form = event.target;
        const data = new URLSearchParams(new FormData(form, button));
        let page;
        try {
            const response = await fetch(form.getAttribute("action"), { method: "POST", body: data, credentials: "same-origin" });
            page = new DOMParser().parseFromString(await response.text(), "text/html");
        } catch {
            delete button.dataset.asking;
            // No answer: the browser tries by itself and says what it thinks of it.
            delete button.dataset.confirm;
            form.requestSubmit(button);
            return;
        }
        const question = page.querySelector("main form.form");
        if (!question) {
            // Nothing to confirm after all (no row chosen, logged out): show the page as it came.
            location.reload();
            return;
        }
        const dialog = document.createElement("dialog");
        dialog.className = "dialog";
        dialog.setAttribute("aria-label", page.title);
        const heading = page.querySelector("main h1");
        if (heading) dialog.append(heading);
        dialog.append(question);
        // The button may be in a menu that is closed by then: its summary is what can be seen.
        const opener = button.closest("details.menu")?.querySelector("summary")
            ?? button.closest(".split")?.querySelector("[data-menu]") ?? button;
        dialog.addEventListener("close", () => {
            dialog.remove();
            delete button.dataset.asking;
            opener.focus();
        });
        dialog.addEventListener("click", (click) => {
            const cancel = click.target.closest(".form-foot a");
            if (cancel || click.target === dialog) {
                click.preventDefault();
                dialog.close();
            }
        });
        document.body.append(dialog);
        closeMenus(null);
        dialog.showModal();
    });

    for (const field of document.querySelectorAll("input[type=password]")) {
        const toggle = field.parentElement.querySelector(".secret-toggle");
        if (!toggle) continue;
        toggle.hidden = false;
        toggle.addEventListener("click", () => {
            const shown = field.type === "text";
            field.type = shown ? "password" : "text";
            toggle.setAttribute("aria-pressed", String(!shown));
        });
    }

    // A form is sent once.
    document.addEventListener("submit", (event) => {
        if (event.defaultPrevented || event.target.getAttribute("method") !== "post") return;
        if (event.target.dataset.sent) {
            event.preventDefault();
            return;
        }
        event.target.dataset.sent = "yes";
        setTimeout(() => delete event.target.dataset.sent, 4000);
    });
})();
