// The pool studio while somebody types: the form is sent to be looked at, and the server's drawing put in place of the
// old one. And the grid of addresses for the keyboard: arrows move, and what is pointed at is said below.
"use strict";

(() => {
    const form = document.querySelector("form[data-studio]");
    const status = document.querySelector("[data-studio-status]");
    const drawn = ["address_source", "subnetpool", "prefixlen", "cidr", "ip_version", "gateway_ip", "no_gateway", "enable_dhcp", "allocation_pools"];

    const placeFaults = (holder) => {
        const field = document.getElementById(holder.dataset.faults);
        if (!field) return;
        const box = field.closest(".field");
        box.querySelector(".faults")?.remove();
        box.append(...holder.children);
        const isFaulty = box.querySelector(".faults") !== null;
        box.classList.toggle("invalid", isFaulty);
        const described = (field.getAttribute("aria-describedby") ?? "").split(" ")
            .filter((id) => id && id !== `${field.id}_faults`);
        if (isFaulty) described.push(`${field.id}_faults`);
        field.setAttribute("aria-describedby", described.join(" "));
        field.toggleAttribute("aria-invalid", isFaulty);
        if (isFaulty) field.setAttribute("aria-invalid", "true");
    };

    let request = null;
    const refresh = async (stretch) => {
        const studio = document.getElementById("pool-studio");
        request?.abort();
        request = new AbortController();
        const data = new URLSearchParams(new FormData(form));
        if (stretch) data.set("stretch", stretch);
        const response = await fetch(studio.dataset.preview, {
            method: "POST", body: data, credentials: "same-origin", signal: request.signal,
            headers: { "X-Requested-With": "XMLHttpRequest" },
        });
        // Logged out, say: saving will tell.
        if (!response.ok) return;
        const holder = document.createElement("template");
        holder.innerHTML = await response.text();
        const fresh = holder.content.getElementById("pool-studio");
        if (!fresh) return;
        const isListed = studio.querySelector(".address-list")?.open;
        const list = fresh.querySelector(".address-list");
        if (list && isListed) list.open = true;
        document.getElementById("pool-studio").replaceWith(fresh);
        holder.content.querySelectorAll("[data-faults]").forEach(placeFaults);
        if (status.textContent !== fresh.dataset.summary) status.textContent = fresh.dataset.summary;
        prepare();
        if (stretch) document.querySelector("[data-grid] [tabindex='0']")?.focus();
    };

    const cells = (grid) => [...grid.querySelectorAll("td")];
    const target = (cell) => cell.querySelector("a, button") ?? cell;
    // One stop for the tab key; the arrows do the rest.
    const prepare = () => {
        for (const grid of document.querySelectorAll("[data-grid]")) {
            cells(grid).forEach((cell, index) => { target(cell).tabIndex = index === 0 ? 0 : -1; });
            const readout = grid.parentElement.querySelector("[data-readout]");
            readout.hidden = false;
            readout.textContent = "";
        }
    };

    const say = (cell) => {
        const readout = cell.closest("[data-grid]").parentElement.querySelector("[data-readout]");
        readout.textContent = cell.title || cell.dataset.title;
    };
    document.addEventListener("pointerover", (event) => {
        const cell = event.target.closest?.("[data-grid] td");
        if (cell) say(cell);
    });
    document.addEventListener("focusin", (event) => {
        const cell = event.target.closest?.("[data-grid] td");
        if (cell) say(cell);
    });
    document.addEventListener("keydown", (event) => {
        const cell = event.target.closest?.("[data-grid] td");
        const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -16, ArrowDown: 16 }[event.key];
        if (!cell || !step) return;
        event.preventDefault();
        const all = cells(cell.closest("[data-grid]"));
        const next = all[all.indexOf(cell) + step];
        if (!next) return;
        target(cell).tabIndex = -1;
        target(next).tabIndex = 0;
        target(next).focus();
    });

    prepare();
    if (!form || !status) return;
    let timer = null;
    const later = (event) => {
        if (!drawn.includes(event.target.name)) return;
        clearTimeout(timer);
        timer = setTimeout(() => refresh().catch(() => {}), 300);
    };
    form.addEventListener("input", later);
    form.addEventListener("click", (event) => {
        const button = event.target.closest("button[name=stretch], button[name=preview]");
        if (!button) return;
        event.preventDefault();
        clearTimeout(timer);
        refresh(button.name === "stretch" ? button.value : "").catch(() => {
            // No answer: the browser tries by itself and says what it thinks of it.
            form.requestSubmit(button);
        });
        if (button.name === "preview") document.getElementById("pool-studio").scrollIntoView({ block: "nearest" });
    });
})();
