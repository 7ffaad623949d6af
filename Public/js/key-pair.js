// A private key that is shown once: download it, copy it, and do not leave without having done either.
"use strict";
(() => {
    const panel = document.querySelector("[data-secret]");
    if (!panel) return;
    const key = panel.querySelector("textarea");
    let isKept = false;

    const download = panel.querySelector("[data-download]");
    download.hidden = false;
    download.addEventListener("click", () => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([key.value], { type: "application/x-pem-file" }));
        link.download = download.dataset.download;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
        isKept = true;
    });

    const copy = panel.querySelector("[data-copy]");
    copy.hidden = !navigator.clipboard;
    copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(key.value);
        copy.querySelector("span").textContent = copy.dataset.copied;
        isKept = true;
    });

    panel.querySelector("[data-done]").addEventListener("click", () => { isKept = true; });
    addEventListener("beforeunload", (event) => { if (!isKept) event.preventDefault(); });
})();
