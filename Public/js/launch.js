// Launch Instance: marks the flavors that are too small for the chosen image, and shows the launch in the quota. Resize
// Instance: shows the difference to the old flavor in the quota.
// Without it the server marks both when the form is sent.
"use strict";
(() => {
    const form = document.querySelector("form.launch");
    if (!form) return;

    const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`);

    function markFlavors() {
        const image = chosen("image_id")?.value;
        if (!image) return;
        for (const row of form.querySelectorAll("#flavor tbody tr")) {
            let unfit = false;
            for (const misfit of row.querySelectorAll(".misfit")) {
                misfit.hidden = misfit.dataset.image !== image;
                unfit ||= !misfit.hidden;
            }
            row.classList.toggle("unfit", unfit);
        }
    }

    function showQuota() {
        const flavor = chosen("flavor_id")?.dataset;
        const field = form.elements.count;
        const count = field ? Math.max(0, Number.parseInt(field.value, 10) || 0) : 1;
        const old = flavor ? form.dataset : {};
        const adds = {
            instances: field ? count : 0,
            cores: count * (Number(flavor?.vcpus ?? 0) - Number(old.vcpus ?? 0)),
            ram: count * (Number(flavor?.memory ?? 0) - Number(old.memory ?? 0)),
        };
        for (const bar of form.querySelectorAll("[data-quota]")) {
            const used = Number(bar.dataset.used);
            const limit = Number(bar.dataset.limit);
            if (limit < 0) continue;
            const more = adds[bar.dataset.quota];
            const over = used + more > limit;
            const share = (amount) => Math.min(1000, Math.floor(amount * 1000 / Math.max(limit, 1)));
            const rect = bar.querySelector(".adds");
            const [start, end] = [share(Math.min(used, used + more)), share(Math.max(used, used + more))];
            bar.querySelector(".used").setAttribute("width", start);
            rect.setAttribute("class", over ? "adds over" : more < 0 ? "adds frees" : "adds");
            rect.setAttribute("x", over ? 0 : start);
            rect.setAttribute("width", over ? 1000 : end - start);
            bar.classList.toggle("over", over);
            const text = bar.querySelector("[data-text]");
            text.textContent = text.textContent.replace(
                /\d+ [+−] \d+/, `${used} ${more < 0 ? "−" : "+"} ${Math.abs(more)}`);
        }
    }

    form.addEventListener("input", () => { markFlavors(); showQuota(); });
    markFlavors();
    showQuota();
})();
